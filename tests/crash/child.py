"""The bot as a process of its own, to be killed: HTTP on PORT until somebody ends it."""

import sys

from bot.app import Bot
from bot.settings import read_settings
from bot.web import serve_http


def main() -> None:
    settings = read_settings()
    bot = Bot(settings)
    server = serve_http(bot.door, settings.port, "127.0.0.1")
    bot.start()
    sys.stdout.write("ready\n")
    sys.stdout.flush()
    server.run()


if __name__ == "__main__":
    main()
