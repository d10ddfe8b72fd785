"""The `candor` command."""

from __future__ import annotations

import asyncio
import logging
import os
import subprocess
import sys
from importlib import import_module
from pathlib import Path
from typing import Annotated, Any

import structlog
import typer
from typer.core import TyperGroup
from typer.main import get_group

from bot.core.errors import CandorError, SettingsError
from bot.core.settings import ROOT, Settings, load_settings

OTHERS = {
    "erase": ("bot.cli.keys", "erase"),
    "keys": ("bot.cli.keys", "keys"),
    "log": ("bot.cli.log", "log"),
    "backup": ("bot.cli.backup", "backup"),
    "restore": ("bot.cli.backup", "restore"),
    "retention": ("bot.cli.retention", "retention"),
    "hold": ("bot.cli.retention", "hold"),
    "policy": ("bot.cli.policies", "policy"),
    "corrections": ("bot.cli.corrections", "corrections"),
    "mask": ("bot.cli.mask", "mask"),
}
"""The commands that stand in modules of their own: module and name."""


class Commands(TyperGroup):
    """The commands. Those of `OTHERS` are imported when they are asked for: the rest need not wait for them."""

    def list_commands(self, ctx: Any) -> list[str]:
        """Their names, in the order in which help shows them."""
        return [*super().list_commands(ctx), *OTHERS]

    def get_command(self, ctx: Any, cmd_name: str) -> Any:
        """The command of that name, or None."""
        if cmd_name in OTHERS:
            return _imported(cmd_name)
        return super().get_command(ctx, cmd_name)


def _imported(name: str) -> Any:
    module, attribute = OTHERS[name]
    found, holder = getattr(import_module(module), attribute), typer.Typer()
    if isinstance(found, typer.Typer):
        holder.add_typer(found, name=name)
    else:
        holder.command(name)(found)
    return get_group(holder).commands[name]


app = typer.Typer(
    cls=Commands,
    help="Candor: a support assistant that says it is an AI, asks first, and records what it decides.",
    no_args_is_help=True,
    pretty_exceptions_enable=False,
    add_completion=False,
)


def main() -> None:
    """The console script: a wrong setting or a refusal is one sentence on standard error and exit code 2."""
    try:
        app()
    except (SettingsError, CandorError) as error:
        print(error, file=sys.stderr)
        sys.exit(2)


@app.command()
def serve() -> None:
    """Serve the gateway and the engine until Ctrl-C."""
    settings = _settings()
    from bot.cli.serve import serve as run  # after the settings: a wrong one is told at once

    asyncio.run(run(settings))


@app.command()
def actions(
    port: Annotated[int, typer.Option(help="Port on 127.0.0.1; endpoints.yml names 5055.")] = 5055,
) -> None:
    """Serve actions/ alone, for Rasa's own `rasa shell` and `rasa test`: no visitor is signed in there."""
    from bot.cli.serve import serve_actions

    asyncio.run(serve_actions(_settings(), port))


@app.command()
def understand(
    file: Annotated[str, typer.Option(help="A file with one text a line, or - for standard input.")] = "-",
    model: Annotated[Path | None, typer.Option(help="The trained model; the newest in models/ when left out.")] = None,
) -> None:
    """Print one JSON line for each text: intent, confidence, ranking and the threshold in force."""
    from bot.cli.context import find_model

    settings = _settings()
    chosen = find_model(settings.model_copy(update={"model": model} if model else {}))
    command = [str(settings.engine_python), "-m", "engine.understand", "--model", str(chosen.resolve()), "--file"]
    source = file if file == "-" else str(Path(file).resolve())
    sys.exit(subprocess.run([*command, source], cwd=ROOT, check=False).returncode)


@app.command("identity-token")
def identity_token(
    customer_id: Annotated[str, typer.Argument(help="The customer, as the shop knows them.")],
    name: Annotated[str, typer.Option(help="How to greet them.")] = "",
) -> None:
    """Print an identity token such as a site makes for its signed-in customer (docs/embedding.md)."""
    from bot.db.keyring import load_secret
    from bot.shop.identity import issue

    settings = _settings()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    print(issue(load_secret(settings.data_dir, "identity.key"), customer_id, name or customer_id))


@app.command("staff-add")
def staff_add(
    login: Annotated[str, typer.Argument(help="What they sign in with.")],
    name: Annotated[str, typer.Option(help="What visitors and colleagues see.")],
    role: Annotated[
        list[str], typer.Option(help="agent, reviewer, maintainer or operator; may be given several times.")
    ],
) -> None:
    """Add somebody to the desk or the review console; the password is asked for."""
    from bot.cli.context import prepare
    from bot.staff.accounts import create

    settings = _settings()
    password = typer.prompt("Password", hide_input=True, confirmation_prompt=True)
    database, _ = prepare(settings)
    database.write_now(lambda s: create(s, login, name, tuple(role), password))
    database.close()
    print(f"{name} can sign in now.")


def _settings() -> Settings:
    settings = load_settings()
    level = getattr(logging, settings.log_level)
    logging.basicConfig(level=max(level, logging.WARNING), format="%(levelname)s %(name)s %(message)s")
    structlog.configure(
        wrapper_class=structlog.make_filtering_bound_logger(level),
        processors=[
            structlog.processors.add_log_level,
            structlog.processors.TimeStamper(fmt="iso"),
            structlog.dev.ConsoleRenderer(colors=sys.stderr.isatty() and "NO_COLOR" not in os.environ),
        ],
        logger_factory=structlog.PrintLoggerFactory(sys.stderr),
    )
    return settings
