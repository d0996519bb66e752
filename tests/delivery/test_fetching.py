"""Files are fetched from Slack alone, with bounds; the token goes nowhere else."""

import http.server
import ssl
import threading
from collections.abc import Iterator
from dataclasses import dataclass, field

import pytest

from bot.delivery.fetching import fetch, is_slacks
from bot.delivery.port import Refused, Told, Trouble

CONTEXT = ssl.create_default_context()


@pytest.mark.parametrize(
    ("url", "slacks"),
    [
        ("https://files.slack.com/files-pri/T1-F1/a.md", True),
        ("https://acme.slack.com/files-pri/T1-F1/a.md", True),
        ("https://files.slack.com:443/a", True),
        ("http://files.slack.com/a", False),
        ("https://files.slack.com:8443/a", False),
        ("https://slack.com.evil.example/a", False),
        ("https://evilslack.com/a", False),
        ("https://files.slack.com@evil.example/a", False),
        ("https://user@files.slack.com/a", False),
        ("https://docs.google.com/a", False),
        ("http://127.0.0.1:9/a", False),
        ("http://127.0.0.1:8/a", True),
        ("http://169.254.169.254/latest", False),
        ("file:///etc/passwd", False),
        ("https://files.slack.com:99999/a", False),
        ("", False),
    ],
)
def test_only_slacks_own_hosts_are_asked(url: str, slacks: bool) -> None:
    assert is_slacks(url, "http://127.0.0.1:8/api/") is slacks


@dataclass
class Host:
    """A host of files; `seen` are the paths and tokens it was asked with."""

    port: int = 0
    seen: list[tuple[str, str | None]] = field(default_factory=list)

    def get(self, path: str, most: int = 1000) -> Told | Trouble:
        url, api = f"http://127.0.0.1:{self.port}{path}", f"http://127.0.0.1:{self.port}/api/"
        return fetch(url, "xoxb-1", api, CONTEXT, 2, most)


@pytest.fixture
def host() -> Iterator[Host]:
    found = Host()

    class Handler(http.server.BaseHTTPRequestHandler):
        def do_GET(self) -> None:
            found.seen.append((self.path, self.headers.get("Authorization")))
            if self.path == "/away":
                self.send_response(302)
                self.send_header("Location", f"http://localhost:{found.port}/stolen")
                self.end_headers()
                return
            body = b"x" * (2000 if self.path == "/long" else 5)
            self.send_response(200)
            kind = "text/html" if self.path == "/page" else "application/octet-stream"
            self.send_header("Content-Type", kind)
            self.end_headers()
            self.wfile.write(body)

        def log_message(self, format: str, *args: object) -> None: ...  # noqa: A002

    server = http.server.ThreadingHTTPServer(("127.0.0.1", 0), Handler)
    found.port = server.server_port
    thread = threading.Thread(target=server.serve_forever, args=(0.01,))
    thread.start()
    yield found
    server.shutdown()
    thread.join()
    server.server_close()


def test_the_bytes_come_with_the_token(host: Host) -> None:
    assert host.get("/file") == Told({"content": b"xxxxx"})
    assert host.seen == [("/file", "Bearer xoxb-1")]


def test_what_is_too_long_or_a_page_is_refused(host: Host) -> None:
    assert host.get("/long") == Refused("file_too_large")
    assert host.get("/page") == Refused("not_the_file")


def test_nobody_is_sent_elsewhere(host: Host) -> None:
    assert not isinstance(host.get("/away"), Told)
    assert host.seen == [("/away", "Bearer xoxb-1")]
    other = fetch("https://evil.example/a", "xoxb-1", "https://slack.com/api/", CONTEXT, 1, 10)
    assert other == Refused("file_elsewhere")
