"""Identity tokens: who a visitor is, vouched for by the host page."""

from __future__ import annotations

from datetime import timedelta
from typing import Any

import jwt
import pytest

from bot.errors import NotSignedIn, Unavailable
from bot.messages import now
from bot.shop import IdentityTokens, issue

SECRET = b"s" * 32


def token(secret: bytes = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {"aud": "candor", "sub": "cust_ada", "name": "Ada", "jti": "1", "exp": now() + timedelta(minutes=5)}
    claims |= changes
    return jwt.encode({key: value for key, value in claims.items() if value is not None}, secret, algorithm=algorithm)


def test_a_token_of_the_demo_page_says_who_it_is() -> None:
    identity = IdentityTokens(SECRET).verify(issue(SECRET, "cust_ada", "Ada Lindqvist"), "con_1")
    assert (identity.customer_id, identity.name) == ("cust_ada", "Ada Lindqvist")
    assert "Ada" not in repr(identity)


@pytest.mark.parametrize(
    "bad",
    [
        token(b"x" * 32),
        token(aud="other"),
        token(aud=None),
        token(exp=now() - timedelta(seconds=1)),
        token(exp=None),
        token(exp=now() + timedelta(hours=1)),
        token(exp=10**30),
        token(jti=None),
        token(sub=None),
        token(sub=""),
        token(name=None),
        token(name="x" * 121),
        token(b"s" * 64, algorithm="HS512"),
        jwt.encode({"aud": "candor", "sub": "cust_ada"}, "", algorithm="none"),
        "",
        "a.b.c",
        "🎉",
        "\x00" * 10_000,
    ],
)
def test_any_other_token_is_refused_with_a_sentence(bad: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        IdentityTokens(SECRET).verify(bad, "con_1")
    assert refused.value.code == "identity_token_invalid"
    assert refused.value.message.endswith(".")


def test_a_token_serves_one_conversation_only() -> None:
    tokens, shown = IdentityTokens(SECRET), issue(SECRET, "cust_ada", "Ada")
    tokens.verify(shown, "con_1")
    tokens.verify(shown, "con_1")
    with pytest.raises(NotSignedIn):
        tokens.verify(shown, "con_2")


def test_a_full_memory_refuses_rather_than_forgets() -> None:
    tokens, first = IdentityTokens(SECRET, remembered=2), issue(SECRET, "cust_ada", "Ada")
    tokens.verify(first, "con_1")
    tokens.verify(issue(SECRET, "cust_bruno", "Bruno"), "con_2")
    with pytest.raises(Unavailable):
        tokens.verify(issue(SECRET, "cust_mei", "Mei"), "con_3")
    tokens.verify(first, "con_1")


def test_expired_tokens_make_room(monkeypatch: pytest.MonkeyPatch) -> None:
    from bot.shop import identity

    tokens = IdentityTokens(SECRET, remembered=1)
    tokens.verify(token(jti="1"), "con_1")
    later = now() + timedelta(minutes=6)
    monkeypatch.setattr(identity, "now", lambda: later)
    tokens.verify(token(jti="2"), "con_2")
