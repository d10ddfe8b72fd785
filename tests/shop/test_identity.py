"""Identity tokens: who a visitor is, vouched for by the host page."""

from __future__ import annotations

import base64
from datetime import timedelta
from typing import Any

import jwt
import pytest
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey
from cryptography.hazmat.primitives.serialization import Encoding, PublicFormat
from sqlalchemy.orm import Session

from bot.core.errors import Conflict, NotSignedIn, SettingsError
from bot.core.ids import now
from bot.db import Database
from bot.shop.identity import Identity, IdentityTokens, issue
from tests import transactions

SECRET = b"s" * 32
TOKENS = IdentityTokens(SECRET)


def token(secret: bytes = SECRET, algorithm: str = "HS256", **changes: Any) -> str:
    claims = {"aud": "candor", "sub": "cust_ada", "name": "Ada", "jti": "1", "exp": now() + timedelta(minutes=5)}
    claims |= changes
    return jwt.encode({key: value for key, value in claims.items() if value is not None}, secret, algorithm=algorithm)


def verify(database: Database, shown: str, conversation: str = "con_1", tokens: IdentityTokens = TOKENS) -> Identity:
    return transactions.write(database, lambda s: tokens.verify(s, shown, conversation))


def test_a_token_of_the_demo_page_says_who_it_is(database: Database) -> None:
    identity = verify(database, issue(SECRET, "cust_ada", "Ada Lindqvist"))
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
        *(token(**{claim: f"Ada{odd}"}) for claim in ("sub", "name", "jti") for odd in ("\ud800", "\udc00", "\0")),
        f"{base64.urlsafe_b64encode(b'[' * 3000).decode()}.e30.x",
        token(b"s" * 64, algorithm="HS512"),
        jwt.encode({"aud": "candor", "sub": "cust_ada"}, "", algorithm="none"),
        "",
        "a.b.c",
        "🎉",
        "\x00" * 10_000,
    ],
)
def test_any_other_token_is_refused_with_a_sentence(database: Database, bad: str) -> None:
    with pytest.raises(NotSignedIn) as refused:
        verify(database, bad)
    assert refused.value.code == "identity_token_invalid"
    assert refused.value.message.endswith(".")


def test_a_token_serves_one_conversation_only_whichever_gateway_sees_it(any_database: Database) -> None:
    shown = issue(SECRET, "cust_ada", "Ada")
    verify(any_database, shown)
    verify(any_database, shown, tokens=IdentityTokens(SECRET))
    with pytest.raises(NotSignedIn, match="another conversation"):
        verify(any_database, shown, "con_2", IdentityTokens(SECRET))


def test_a_token_of_a_sign_in_that_failed_is_not_used_up(database: Database) -> None:
    shown = issue(SECRET, "cust_ada", "Ada")

    def refused(session: Session) -> None:
        TOKENS.verify(session, shown, "con_1")
        raise Conflict("This conversation belongs to another customer.")

    with pytest.raises(Conflict):
        transactions.write(database, refused)
    assert verify(database, shown, "con_2").customer_id == "cust_ada"


def test_a_site_may_sign_with_a_key_that_it_alone_holds(database: Database) -> None:
    key = Ed25519PrivateKey.generate()
    tokens = IdentityTokens(
        SECRET, key.public_key().public_bytes(Encoding.PEM, PublicFormat.SubjectPublicKeyInfo).decode()
    )
    assert verify(database, signed(key), tokens=tokens).customer_id == "cust_ada"
    others = [signed(Ed25519PrivateKey.generate()), token(), signed(key, aud="other"), signed(key, exp=now())]
    for other in others:
        with pytest.raises(NotSignedIn):
            verify(database, other, tokens=tokens)


@pytest.mark.parametrize("wrong", ["no key", "-----BEGIN PUBLIC KEY-----\nAAAA\n-----END PUBLIC KEY-----\n"])
def test_a_public_key_that_is_none_is_refused_by_its_setting(wrong: str) -> None:
    with pytest.raises(SettingsError, match="CANDOR_IDENTITY_PUBLIC_KEY") as refused:
        IdentityTokens(SECRET, wrong)
    assert wrong not in str(refused.value)


def signed(key: Ed25519PrivateKey, **changes: Any) -> str:
    claims = {"aud": "candor", "sub": "cust_ada", "name": "Ada", "jti": "e1", "exp": now() + timedelta(minutes=5)}
    return jwt.encode(claims | changes, key, algorithm="EdDSA")
