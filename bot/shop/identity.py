"""Identity tokens: short-lived, signed by the site that embeds the widget (docs/how-to/embed-the-widget.md).

Claims: `aud` "candor", `sub` the customer id, `name`, `jti`, `exp`. Signed with HS256 and the secret that the site
shares, or, where CANDOR_IDENTITY_PUBLIC_KEY is set, with EdDSA (Ed25519) and a key that the site alone holds.
"""

from __future__ import annotations

import hashlib
import secrets
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta

import jwt
from cryptography.exceptions import UnsupportedAlgorithm
from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey
from cryptography.hazmat.primitives.serialization import load_pem_public_key
from sqlalchemy.exc import IntegrityError
from sqlalchemy.orm import Session

from bot.core.errors import NotSignedIn, SettingsError
from bot.core.ids import Json, now
from bot.core.text import storable
from bot.db.models import IdentityUseRow
from bot.db.rows import add, find

AUDIENCE = "candor"
MAX_LIFETIME = timedelta(minutes=10)
"""How far ahead a token may expire."""
MAX_CLAIM = 120
"""Characters in `sub`, `jti` and `name`."""
CLOCKS_DIFFER = timedelta(seconds=5)
"""How far ahead of ours the site's clock may be."""
ELSEWHERE = "The identity token was used in another conversation; ask the site for a new one."


@dataclass(frozen=True)
class Identity:
    """A customer, as the host page vouched."""

    customer_id: str = field(repr=False)
    name: str = field(repr=False)


class IdentityTokens:
    """Verifies tokens.

    Args:
        secret: at least 32 bytes, shared with the site (HS256); ignored when there is a public key.
        public_key: the site's Ed25519 public key in PEM, or "".

    Raises:
        SettingsError: the public key is none.
    """

    def __init__(self, secret: bytes, public_key: str = "") -> None:
        self._algorithm = "EdDSA" if public_key else "HS256"
        self._key: bytes | Ed25519PublicKey = _ed25519(public_key) if public_key else secret

    def verify(self, session: Session, token: str, conversation_id: str) -> Identity:
        """Who the token speaks of. The same conversation may show it again; another one may not, ever.

        The token counts as used once the caller's transaction commits: one that is refused afterwards is not used up.

        Raises:
            NotSignedIn: `identity_token_invalid`: wrong signature, not for us, over, too long-lived, used before.
        """
        claims = self._claims(token)
        seconds, latest = int(claims["exp"]), now() + MAX_LIFETIME + CLOCKS_DIFFER
        if seconds > latest.timestamp():
            raise _invalid("The identity token is valid for more than ten minutes; make one that ends sooner.")
        _use_once(session, claims["jti"], datetime.fromtimestamp(seconds, UTC), conversation_id)
        return Identity(claims["sub"], claims["name"])

    def _claims(self, token: str) -> dict[str, Json]:
        required = ["exp", "aud", "sub", "jti", "name"]
        try:
            claims: dict[str, Json] = jwt.decode(
                token, self._key, algorithms=[self._algorithm], audience=AUDIENCE, options={"require": required}
            )
        except (jwt.InvalidTokenError, ValueError, OverflowError, RecursionError):
            raise _invalid("The identity token is not valid; ask the site for a new one.") from None
        if not all(storable(claims[key], MAX_CLAIM) for key in ("sub", "jti", "name")):
            raise _invalid("The identity token's sub, jti and name have to be texts of 1 to 120 characters.")
        return claims


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


def _use_once(session: Session, jti: str, expires: datetime, conversation_id: str) -> None:
    digest = hashlib.sha256(jti.encode()).hexdigest()
    seen = find(session, IdentityUseRow, digest)
    try:
        if seen is None:
            add(session, IdentityUseRow(jti_hash=digest, conversation_id=conversation_id, expires_at=expires))
    except IntegrityError:
        raise _invalid(ELSEWHERE) from None
    if seen is not None and seen.conversation_id != conversation_id:
        raise _invalid(ELSEWHERE)


def _ed25519(pem: str) -> Ed25519PublicKey:
    try:
        key = load_pem_public_key(pem.encode())
    except (ValueError, UnsupportedAlgorithm):
        key = None
    if not isinstance(key, Ed25519PublicKey):
        raise SettingsError("CANDOR_IDENTITY_PUBLIC_KEY: give an Ed25519 public key in PEM.")
    return key


def _invalid(message: str) -> NotSignedIn:
    return NotSignedIn(message, code="identity_token_invalid")
