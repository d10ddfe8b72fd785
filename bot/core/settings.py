"""Every setting, typed. From the environment: prefix CANDOR_, but DATABASE_URL as everybody writes it."""

from __future__ import annotations

import re
from functools import cached_property
from pathlib import Path

from pydantic import AliasChoices, Field, ValidationError, field_validator
from pydantic_settings import BaseSettings, SettingsConfigDict

from bot.core.errors import SettingsError

ROOT = Path(__file__).resolve().parents[2]
"""The Rasa project's root: config.yml, domain/, data/, models/."""
POLICY_DRAFTS = ROOT / "bot" / "policies" / "drafts"
"""The texts of the policies that Candor comes with."""


class Settings(BaseSettings):
    """What an operator may set. docs/operations.md lists the same; a test compares the two."""

    model_config = SettingsConfigDict(env_prefix="CANDOR_", extra="ignore", frozen=True, hide_input_in_errors=True)

    host: str = Field("127.0.0.1", description="Address the gateway listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port the gateway listens on; 0 picks a free one.")
    data_dir: Path = Field(ROOT / ".candor", description="Folder for the database, keys and logs (mode 700).")
    database_url: str | None = Field(
        None,
        validation_alias=AliasChoices("DATABASE_URL", "CANDOR_DATABASE_URL"),
        description="SQLAlchemy address of a PostgreSQL database; SQLite in the data folder when unset.",
    )
    model: Path | None = Field(None, description="The trained Rasa model; the newest in models/ when unset.")
    engine_python: Path = Field(
        ROOT / ".venv-engine" / "bin" / "python", description="The Python 3.10 that has Rasa installed."
    )
    engine_timeout: float = Field(
        10.0, gt=0, le=60, description="Seconds one turn may take in the engine before the visitor is told."
    )
    engine_turns: int = Field(6, ge=1, le=32, description="Turns in flight in the engine at once.")
    company: str = Field("Fern & Hale", min_length=1, max_length=80, description="Name of the company that answers.")
    assistant_name: str = Field(
        "AI assistant",
        max_length=40,
        description="The assistant's name; it has to say that it is an AI.",
    )
    policy_dir: Path = Field(
        POLICY_DRAFTS,
        description="Folder with your drafts of disclosure, privacy notice and purposes (docs/policies.md).",
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        max_length=200,
        description="Address visitors reach this gateway at, for links in messages; paths alone when unset.",
    )
    demo: bool = Field(True, description="Serve the demo shop, its sample customers and demo staff.")
    allowed_origins: str = Field(
        "", description="Comma-separated origins of sites that may embed the widget; empty: this gateway's own only."
    )
    secure_cookies: bool = Field(
        False, description="Mark cookies Secure and tell browsers to use HTTPS only (HSTS); set it behind HTTPS."
    )
    handoff_wait: float = Field(
        120.0, gt=0, le=86400, description="Seconds a visitor waits for a human before being told that nobody came."
    )
    consent_days: int = Field(
        30, ge=1, le=365, description="Days at most that a consent holds which was given until it is taken back."
    )
    identity_public_key: str = Field(
        "",
        description="Ed25519 public key (PEM) of the site, for EdDSA identity tokens; empty: HS256 with identity.key.",
    )
    order_pattern: str = Field(
        r"FH[- ]?\d{6}", max_length=200, description="Regular expression of the company's order numbers, to mask them."
    )
    message_rate: int = Field(
        30, ge=1, le=10000, description="Messages a conversation may send in a minute before 429 is answered."
    )
    log_origin: str = Field(
        "localhost/candor",
        pattern=r"^[^\s+]+$",
        max_length=120,
        description="The log's name in its checkpoints: a URL without scheme, such as support.example.com/log.",
    )
    log_anchor: str = Field(
        "", description="A URL or a command that every signed checkpoint is sent to (POST, or standard input)."
    )
    second_reviews: float = Field(
        0.2, ge=0, le=1, description="Share of reviewed decisions that a second reviewer is asked about."
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="How much is logged.")

    @field_validator("assistant_name")
    @classmethod
    def _says_it_is_an_ai(cls, value: str) -> str:
        # Rule D2: nothing can make the assistant look human.
        if not re.search(r"\b(ai|bot|robot|chatbot)\b|ai\s*助手|机器人|人工智能", value, re.IGNORECASE):
            raise ValueError("the name has to say that it is an AI, as in 'Fern, AI assistant'")
        return value

    @field_validator("order_pattern")
    @classmethod
    def _is_pattern(cls, value: str) -> str:
        try:
            if re.compile(value).fullmatch("") is None:
                return value
        except re.error:
            pass
        raise ValueError("write a regular expression that matches an order number and not an empty text")

    @cached_property
    def database_address(self) -> str:
        """DATABASE_URL with the driver we ship, or SQLite in the data folder."""
        url = self.database_url
        if url is None:
            return f"sqlite:///{self.data_dir.resolve() / 'candor.db'}"
        for short in ("postgres://", "postgresql://"):
            if url.startswith(short):
                return "postgresql+psycopg://" + url.removeprefix(short)
        return url

    @cached_property
    def origins(self) -> tuple[str, ...]:
        """The origins in `allowed_origins`."""
        return tuple(origin.strip().rstrip("/") for origin in self.allowed_origins.split(",") if origin.strip())


def load_settings() -> Settings:
    """The settings in force.

    Raises:
        SettingsError: naming each wrong key and what is wanted, never the value.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(e["loc"], e["msg"]) for e in error.errors())) from None


def _sentence(location: tuple[int | str, ...], message: str) -> str:
    key = str(location[0]) if location else "?"
    key = key if key.isupper() else f"CANDOR_{key.upper()}"
    return f"{key}: {message[:1].lower()}{message[1:]}."
