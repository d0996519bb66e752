"""What Slack accepts, as data; `bot.sandbox.rulebook` reads it."""
