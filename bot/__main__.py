"""`python -m bot` is `handover`."""

from bot.cli import main

main()
