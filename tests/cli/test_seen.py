"""What an operator sees of a process that serves: its pages and its log, over HTTP and stderr."""

import json
import re
import signal
import subprocess
import sys
import threading
from pathlib import Path
from typing import Any

import pytest

from migrations.upgrade import upgrade
from tests.cli.collector import Span, collecting
from tests.cli.process import make_slack, serving, settings_for
from tests.cli.test_serve import get, wait_until_ready

WRITTEN = "Their CFO dislikes us"
ACCOUNT = "Bluebird"


ITS_OWN = ("by a bot", "message_changed")


class Seen:
    """A short story, and what was to be seen of it."""

    def __init__(self, metrics: str, ready: str, log: str, spans: list[Span]) -> None:
        self.spans = spans
        self.metrics = metrics
        self.ready = ready
        self.text = log
        self.log: list[dict[str, Any]] = [json.loads(line) for line in log.splitlines()]
        lines = (line for line in self.log if line["logger"] == "bot.requests")
        self.requests = [line for line in lines if line["action"] not in ITS_OWN]


def figures_with(port: int, line: str) -> str:
    """What `/metrics` says once a line is in it: what stands in Slack is noted a moment later."""
    found = ""
    for _ in range(1000):
        found = get(port, "/metrics")[1]
        if line in found:
            break
        threading.Event().wait(0.05)
    return found


@pytest.fixture(scope="module")
def seen(tmp_path_factory: pytest.TempPathFactory) -> Seen:
    """Kim tries the example, and answers its first question."""
    folder = tmp_path_factory.mktemp("seen")
    with make_slack() as slack, collecting() as collector:
        known = settings_for(slack, folder) | {
            "HANDOVER_LOG_FORMAT": "json",
            "OTEL_EXPORTER_OTLP_ENDPOINT": collector.address,
        }
        upgrade(known["DATABASE_URL"])
        with serving(folder=folder, **known) as running:
            wait_until_ready(running.port)
            slack.connect_http(f"http://127.0.0.1:{running.port}/slack/events")
            kim = slack.person("Kim Lee", tz="UTC")
            kim.types(f"/handover show {WRITTEN}")
            kim.types("/handover")
            slack.ephemerals(kim)[-1].click("Try with an example")
            first = kim.dm().wait("top 3 things")
            first.reply(WRITTEN)
            kim.dm().wait("One more detail")
            first.click("Confirm this answer")
            kim.dm().wait("Who are they")
            get(running.port, "/slack/events")
            metrics = figures_with(running.port, 'kind="question",outcome="posted"} 2.0')
            ready = get(running.port, "/readyz")[1]
            running.process.send_signal(signal.SIGTERM)
            log = running.rest()
            assert running.process.wait(60) == 0
    return Seen(metrics, ready, log, collector.spans)


def test_figures_tell_what_happened(seen: Seen) -> None:
    def figure(line: str) -> float:
        found = re.search(rf"^handover_{re.escape(line)} (\S+)$", seen.metrics, re.MULTILINE)
        assert found, line
        return float(found[1])

    assert figure('request_duration_seconds_count{kind="command",status="200"}') == 2
    assert figure('request_duration_seconds_count{kind="click",status="200"}') == 2
    assert figure('request_duration_seconds_count{kind="message",status="200"}') >= 1
    assert figure('deliveries_total{kind="question",outcome="posted"}') == 2
    assert figure('slack_call_duration_seconds_count{method="chat.postMessage",outcome="ok"}') >= 3
    assert figure('tick_duration_seconds_count{tick="due"}') >= 1
    assert figure('tick_age_seconds{tick="due"}') < 60
    assert figure("open_workspaces") == 1
    assert figure("outbox_dead") == 0


def test_pages_and_log_tell_nothing_that_anybody_wrote(seen: Seen) -> None:
    for text in (seen.metrics, seen.ready, seen.text):
        assert WRITTEN not in text
        assert ACCOUNT not in text
        assert "Kim" not in text
    for text in (seen.metrics, seen.ready):
        assert not re.search(r"\b[TUWCDE]0\w{6,}", text)


def test_each_request_is_one_line_in_words_of_ours(seen: Seen) -> None:
    assert [(line["kind"], line["action"], line["outcome"]) for line in seen.requests] == [
        ("command", "show", "refused: not_found"),
        ("command", "", "done"),
        ("click", "example-try", "done"),
        ("message", "", "done"),
        ("click", "prefill-confirm", "done"),
    ]
    assert all(line["ms"] > 0 and line["status"] == 200 for line in seen.requests)


def test_a_message_is_posted_under_the_id_of_what_led_to_it(seen: Seen) -> None:
    ids = [line["request"] for line in seen.requests]
    assert len(set(ids)) == len(ids)
    tried, confirmed = ids[2], ids[4]
    posted = [line for line in seen.log if line["text"].endswith("posted")]
    assert {line["request"] for line in posted} == {tried, confirmed}
    (question,) = (line for line in posted if line["request"] == confirmed)
    assert "(question)" in question["text"]


def test_a_click_and_the_post_that_it_led_to_are_one_trace(seen: Seen) -> None:
    assert {span.name for span in seen.spans} == {
        *("request", "transaction", "delivery", "slack", "tick")
    }
    (click,) = (s for s in seen.spans if s.says.get("handover.action") == "prefill-confirm")
    (line,) = (one for one in seen.requests if one["action"] == "prefill-confirm")
    assert click.says["handover.request"] == line["request"]
    trace = [span for span in seen.spans if span.trace == click.trace]
    inside = {span.name for span in trace if span.parent == click.id}
    assert "transaction" in inside
    (post,) = (span for span in trace if span.says.get("handover.step") == "post")
    methods = {span.says.get("handover.method") for span in trace if span.parent == post.id}
    assert "chat.postMessage" in methods


def test_spans_tell_only_kinds_of_things(seen: Seen) -> None:
    known = ("request", "kind", "action", "step", "method", "outcome", "tick")
    for span in seen.spans:
        assert set(span.says) <= {f"handover.{name}" for name in known}
        for value in span.says.values():
            assert WRITTEN not in value
            assert not re.search(r"Kim|Bluebird|\b[TUWCDEH]0\w{6,}", value)


def test_without_the_extra_all_but_the_traces_is_there() -> None:
    code = """
import sys
sys.modules["opentelemetry"] = None
import bot.serving
from bot.watch.traces import NO_TRACES, TracesError, open_traces
assert open_traces(None) is NO_TRACES
try:
    open_traces("http://127.0.0.1:1")
except TracesError as error:
    sys.exit("[telemetry]" not in str(error))
"""
    assert subprocess.run([sys.executable, "-c", code], check=False).returncode == 0


def test_the_readme_lists_every_figure(seen: Seen) -> None:
    readme = (Path(__file__).parents[2] / "README.md").read_text(encoding="utf-8")
    listed = re.findall(r"^\| `(handover_\w+)(?:\{([\w, ]+)\})?` \|", readme, re.MULTILINE)
    assert listed
    told = dict(re.findall(r"^# TYPE (handover_\w+) (\w+)$", seen.metrics, re.MULTILINE))
    created = {name for name in told if name.endswith("_created")}
    assert {name for name, _ in listed} == set(told) - created
    for name, labels in listed:
        shown = re.findall(rf"^{name}\w*{{([^}}]*)}}", seen.metrics, re.MULTILINE)
        used = {label for one in shown for label in re.findall(r"(\w+)=", one)} - {"le"}
        assert not used or used == set(labels.split(", ")), name
