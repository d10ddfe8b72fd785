"""Every setting, typed. Read from environment variables with the prefix CANDOR_, except DATABASE_URL, which keeps its
conventional name."""

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
"""The policy texts shipped with Candor."""


class Settings(BaseSettings):
    """The settings of an operator. docs/reference/settings.md lists the same; a test compares the two."""

    model_config = SettingsConfigDict(env_prefix="CANDOR_", extra="ignore", frozen=True, hide_input_in_errors=True)

    host: str = Field("127.0.0.1", description="Address that the gateway listens on.")
    port: int = Field(8000, ge=0, le=65535, description="Port that the gateway listens on; 0 picks a free one.")
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
        10.0,
        gt=0,
        le=60,
        description="Time limit, in seconds, for one turn in the engine; then the visitor is told of the failure.",
    )
    engine_turns: int = Field(6, ge=1, le=32, description="Maximum number of concurrent turns in the engine.")
    company: str = Field(
        "Fern & Hale", min_length=1, max_length=80, description="Name of the company, as visitors see it."
    )
    assistant_name: str = Field(
        "AI assistant", max_length=40, description="Name of the assistant; it has to say that it is an AI."
    )
    policy_dir: Path = Field(
        POLICY_DRAFTS, description="Folder with your drafts of the policies (docs/how-to/publish-policies.md)."
    )
    public_url: str = Field(
        "",
        pattern=r"^(https?://[^\s/?#]+(/[^\s?#]*)?)?$",
        max_length=200,
        description="Public address of this gateway, for links in messages; links are paths when unset.",
    )
    demo: bool = Field(True, description="Serve the demo shop, its sample customers and demo staff.")
    allowed_origins: str = Field(
        "",
        description="Comma-separated origins of sites that may embed the widget; only this gateway's own when unset.",
    )
    allowed_hosts: str = Field(
        "",
        description="Comma-separated host names that this gateway answers for, without ports; any host when unset.",
    )
    secure_cookies: bool = Field(
        False, description="Mark cookies Secure and send Strict-Transport-Security (HSTS); set it behind HTTPS."
    )
    handoff_wait: float = Field(
        120.0,
        gt=0,
        le=86400,
        description="Seconds that a visitor waits for a human before being told that nobody came.",
    )
    consent_days: int = Field(
        30, ge=1, le=365, description="Maximum validity, in days, of a consent given until withdrawn."
    )
    identity_public_key: str = Field(
        "", description="Ed25519 public key (PEM) for EdDSA identity tokens; HS256 with identity.key when unset."
    )
    order_pattern: str = Field(
        r"FH[- ]?\d{6}",
        max_length=200,
        description="Regular expression that matches the company's order numbers, so that they are masked.",
    )
    message_rate: int = Field(
        30,
        ge=1,
        le=10000,
        description="Maximum number of messages per conversation and minute; further ones are answered with 429.",
    )
    log_origin: str = Field(
        "localhost/candor",
        pattern=r"^[^\s+]+$",
        max_length=120,
        description="Name of the log in its checkpoints: a URL without scheme, such as support.example.com/log.",
    )
    log_anchor: str = Field(
        "", description="URL or command that receives every signed checkpoint (by POST, or on standard input)."
    )
    second_reviews: float = Field(
        0.2, ge=0, le=1, description="Share of reviewed decisions that a second reviewer judges as well."
    )
    log_level: str = Field("INFO", pattern="^(DEBUG|INFO|WARNING|ERROR)$", description="Minimum severity of log lines.")

    @field_validator("assistant_name")
    @classmethod
    def _says_it_is_an_ai(cls, value: str) -> str:
        # Rule D2: nothing can make the assistant look human.
        if not re.search(r"\b(ai|bot|robot|chatbot)\b|ai\s*助手|机器人|人工智能", value, re.IGNORECASE):
            raise ValueError("the name has to say that it is an AI, as in 'Fern, AI assistant'")
        return value

    @field_validator("database_url")
    @classmethod
    def _is_served(cls, value: str | None) -> str | None:
        if value is None or value.startswith(("sqlite:", "postgres:", "postgresql:", "postgresql+psycopg:")):
            return value
        raise ValueError("write the address of a PostgreSQL database, postgresql://…, or leave it out for SQLite")

    @field_validator("allowed_origins")
    @classmethod
    def _are_origins(cls, value: str) -> str:
        if all(re.fullmatch(r"https?://[^\s/?#@]+/?", origin) for origin in _listed(value)):
            return value
        raise ValueError("write each with its scheme and without a path, as in https://shop.example")

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
        return tuple(origin.rstrip("/") for origin in _listed(self.allowed_origins))

    @cached_property
    def hosts(self) -> tuple[str, ...]:
        """The names in `allowed_hosts`, in lower case."""
        return tuple(host.lower() for host in _listed(self.allowed_hosts))


def load_settings() -> Settings:
    """The settings in force.

    Raises:
        SettingsError: naming each wrong key and what is wanted, never the value.
    """
    try:
        return Settings()
    except ValidationError as error:
        raise SettingsError("\n".join(_sentence(e["loc"], e["type"], e["msg"]) for e in error.errors())) from None


def _listed(text: str) -> list[str]:
    return [one.strip() for one in text.split(",") if one.strip()]


def _sentence(location: tuple[int | str, ...], kind: str, message: str) -> str:
    key = str(location[0]) if location else "?"
    key = key if key.isupper() else f"CANDOR_{key.upper()}"
    if kind == "string_pattern_mismatch":
        message = "this is not of the form that it needs; docs/reference/settings.md describes it"
    message = message.removeprefix("Value error, ")
    return f"{key}: {message[:1].lower()}{message[1:]}."
