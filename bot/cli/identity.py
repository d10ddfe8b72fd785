"""`candor identity issue-token`: a sample of the token that a site makes for its signed-in customer."""

from __future__ import annotations

from typing import Annotated

import typer

from bot.core.settings import load_settings

identity = typer.Typer(help="Identity tokens, by which a site names its signed-in customer.", no_args_is_help=True)


@identity.command()
def issue_token(
    customer_id: Annotated[str, typer.Argument(help="The customer's id in the shop.")],
    name: Annotated[str, typer.Option(help="The name to greet them by; defaults to the id.")] = "",
) -> None:
    """Print an identity token as a site would issue it (docs/how-to/embed-the-widget.md)."""
    from bot.db.keyring import load_secret
    from bot.shop.identity import issue

    settings = load_settings()
    settings.data_dir.mkdir(mode=0o700, parents=True, exist_ok=True)
    typer.echo(issue(load_secret(settings.data_dir, "identity.key"), customer_id, name or customer_id))
