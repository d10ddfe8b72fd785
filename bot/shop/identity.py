"""Who a visitor is, said by the site that embeds the widget: a short-lived signed token (docs/embedding.md).

HS256 with the secret that the site shares; claims `aud` "candor", `sub` the customer id, `name`, `jti`, `exp`.
"""

from __future__ import annotations

import secrets
import threading
from collections import OrderedDict
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import jwt

from bot.errors import NotSignedIn, Unavailable
from bot.messages import Json, now

AUDIENCE = "candor"
LONGEST = timedelta(minutes=10)
"""How far ahead a token may expire."""
CLOCKS_DIFFER = timedelta(seconds=5)
"""How far ahead of ours the site's clock may be."""
REMEMBERED = 100_000
"""Tokens remembered until they expire, so that none is used in two conversations."""


@dataclass(frozen=True)
class Identity:
    """A customer, as the host page vouched."""

    customer_id: str = field(repr=False)
    name: str = field(repr=False)


class IdentityTokens:
    """Verifies tokens of one secret (at least 32 bytes)."""

    def __init__(self, secret: bytes, remembered: int = REMEMBERED) -> None:
        self._secret = secret
        self._limit = remembered
        self._used: OrderedDict[str, tuple[datetime, str]] = OrderedDict()
        self._lock = threading.Lock()

    def verify(self, token: str, conversation_id: str) -> Identity:
        """Who the token speaks of. The same conversation may show it again; another one may not.

        Raises:
            NotSignedIn: `identity_token_invalid`: wrong signature, not for us, over, too long-lived, used before.
            Unavailable: more tokens are in use than can be remembered.
        """
        claims = self._claims(token)
        seconds, latest = int(claims["exp"]), now() + LONGEST + CLOCKS_DIFFER
        if seconds > latest.timestamp():
            raise _invalid("The identity token is valid for more than ten minutes; make one that ends sooner.")
        expires = datetime.fromtimestamp(seconds, UTC)
        self._use_once(claims["jti"], expires, conversation_id)
        return Identity(claims["sub"], claims["name"])

    def _claims(self, token: str) -> dict[str, Json]:
        required = ["exp", "aud", "sub", "jti", "name"]
        try:
            claims: dict[str, Json] = jwt.decode(
                token, self._secret, algorithms=["HS256"], audience=AUDIENCE, options={"require": required}
            )
        except (jwt.InvalidTokenError, ValueError, OverflowError):
            raise _invalid("The identity token is not valid; ask the site for a new one.") from None
        if not all(_short(claims[key]) for key in ("sub", "jti", "name")):
            raise _invalid("The identity token's sub, jti and name have to be texts of 1 to 120 characters.")
        return claims

    def _use_once(self, jti: str, expires: datetime, conversation_id: str) -> None:
        with self._lock:
            self._drop_expired()
            seen = self._used.get(jti)
            if seen is not None and seen[1] != conversation_id:
                raise _invalid("The identity token was used in another conversation; ask the site for a new one.")
            if seen is None and len(self._used) >= self._limit:
                raise Unavailable("Too many people are signing in at once; try again in a minute.")
            self._used[jti] = (expires, conversation_id)

    def _drop_expired(self) -> None:
        moment = now()
        while self._used and next(iter(self._used.values()))[0] <= moment:
            self._used.popitem(last=False)
        if len(self._used) >= self._limit:
            self._used = OrderedDict((jti, use) for jti, use in self._used.items() if use[0] > moment)


def issue(secret: bytes, customer_id: str, name: str, lifetime: timedelta = timedelta(minutes=5)) -> str:
    """A token as a host page makes it; the demo shop uses this one."""
    moment = now()
    claims = {
        "aud": AUDIENCE,
        "sub": customer_id,
        "name": name,
        "jti": secrets.token_hex(16),
        "iat": moment,
        "exp": moment + lifetime,
    }
    return jwt.encode(claims, secret, algorithm="HS256")


def _short(value: object) -> bool:
    return isinstance(value, str) and 1 <= len(value) <= 120


def _invalid(message: str) -> NotSignedIn:
    return NotSignedIn(message, code="identity_token_invalid")
