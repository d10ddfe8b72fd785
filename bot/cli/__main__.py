"""`python -m bot.cli`: the same as the command `candor`."""

from bot.cli.main import main

main()
