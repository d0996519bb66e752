"""Slack does not say who somebody is: what they wrote is not thrown away."""

from tests.wire.stage import list_leaders, staged


def test_a_reply_of_somebody_never_seen_waits_until_slack_says_who_it_is(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        mia = stage.slack.person("Mia New")
        stage.slack.fault("users.info", "http_500")
        mia.says("Hello, is this where I hand over Northwind?")
        stage.hears(mia, "Nothing is open for you here")


def test_whom_slack_does_not_show_is_no_member(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        list_leaders(stage)
        mia = stage.slack.person("Mia New")
        stage.slack.fault("users.info", "user_not_found")
        assert "members of this workspace" in mia.types("/handover list").text
