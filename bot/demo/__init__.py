"""The demo: a play with real actors. The script is data, the bot is the real one."""
