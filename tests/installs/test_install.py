"""Somebody installs the bot with a browser: all the ways in which that ends."""

from urllib.parse import parse_qs, urlencode, urlsplit

import pytest
from sqlalchemy import func, select

from bot.installs.reception import STATE_SECONDS
from storage import install_states, tables
from storage.engine import Database
from tests.installs.houses import Browser, Houses, Page, houses
from tests.privacy.cast import MovedClock
from tests.wire.stage import list_leaders


def assert_kind(page: Page, words: str) -> None:
    """A plain page that says what is so and how to go on, and shows nothing from inside."""
    assert words in page.text
    assert "<h1>" in page.text
    assert page.headers["cache-control"] == "no-store"
    assert page.headers["referrer-policy"] == "no-referrer"
    for inner in ("state", "code", "Traceback", "invalid", "Error", "xoxb"):
        assert inner not in page.text.split("</head>")[1]


def nothing_happened(here: Houses) -> None:
    assert here.installed() == []
    assert here.exchanges(here.acme) == 0


def test_an_admin_installs_it_and_it_can_be_used(database_url: str) -> None:
    with houses(database_url) as here:
        page = here.install(here.acme)
        assert page.status == 200
        assert_kind(page, "Handover is now in Acme &amp; Sons")
        assert here.installed() == [here.acme.slack.team_id]

        list_leaders(here.acme)
        here.acme.start()
        here.acme.ivan.dm().wait("take Northwind over")


def test_who_declines_on_slacks_page_has_changed_nothing(sqlite_url: str) -> None:
    with houses(sqlite_url) as here:
        browser = here.browser()
        back = here.acme.slack.consent(browser.begins(), here.acme.ada, allow=False)
        page = browser.opens(back)
        assert page.status == 200
        assert_kind(page, "Nothing was installed")
        assert "/slack/install" in page.text
        nothing_happened(here)


def test_a_state_is_good_once(database_url: str) -> None:
    with houses(database_url) as here:
        browser = here.browser()
        back = here.acme.slack.consent(browser.begins(), here.acme.ada)
        assert browser.opens(back).status == 200
        again = browser.opens(back)
        assert again.status == 400
        assert_kind(again, "Please begin once more")
        assert here.exchanges(here.acme) == 1


def test_a_state_is_good_for_ten_minutes(database_url: str) -> None:
    clock = MovedClock()
    with houses(database_url, clock) as here:
        browser = here.browser()
        back = here.acme.slack.consent(browser.begins(), here.acme.ada)
        clock.pass_by(seconds=STATE_SECONDS + 1)
        page = browser.opens(back)
        assert page.status == 400
        assert_kind(page, "Please begin once more")
        nothing_happened(here)
        here.house.bot.ticker.run("departures")


def another_state(back: str) -> str:
    asked = urlsplit(back)
    given = {name: values[0] for name, values in parse_qs(asked.query).items()}
    return f"{asked.path}?{urlencode(given | {'state': 'x' * 43})}"


def without(name: str, back: str) -> str:
    asked = urlsplit(back)
    given = {key: values[0] for key, values in parse_qs(asked.query).items() if key != name}
    return f"{asked.path}?{urlencode(given)}"


@pytest.mark.parametrize("harm", ["other state", "no state", "no code", "nothing"])
def test_who_comes_back_with_something_else_begins_once_more(sqlite_url: str, harm: str) -> None:
    with houses(sqlite_url) as here:
        browser = here.browser()
        back = here.acme.slack.consent(browser.begins(), here.acme.ada)
        harmed = {
            "other state": another_state(back),
            "no state": without("state", back),
            "no code": without("code", back),
            "nothing": "/slack/oauth_redirect",
        }
        page = browser.opens(harmed[harm])
        assert page.status == 400
        assert_kind(page, "Please begin once more")
        nothing_happened(here)


def test_a_state_is_no_good_in_another_browser(database_url: str) -> None:
    """Else somebody could have their own workspace installed by somebody else's browser."""
    with houses(database_url) as here:
        own, bare, other = here.browser(), here.browser(), here.browser()
        back = here.acme.slack.consent(own.begins(), here.acme.ada)
        other.begins()
        for browser in (bare, other):
            page = browser.opens(back)
            assert page.status == 400
            assert_kind(page, "Please begin once more")
        nothing_happened(here)
        assert own.opens(back).status == 200, "what others tried did no harm"


def test_two_tabs_of_one_browser_do_not_get_in_each_others_way(sqlite_url: str) -> None:
    with houses(sqlite_url) as here:
        browser = here.browser()
        first, second = browser.begins(), browser.begins()
        assert browser.opens(here.acme.slack.consent(first, here.acme.ada)).status == 200
        assert browser.opens(here.beta.slack.consent(second, here.beta.ada)).status == 200
        assert here.installed() == [here.acme.slack.team_id, here.beta.slack.team_id]


@pytest.mark.parametrize("fault", ["http_500", "lost_before", "invalid_code"])
def test_slack_does_not_finish_it(sqlite_url: str, fault: str) -> None:
    with houses(sqlite_url) as here:
        here.acme.slack.fault("oauth.v2.access", fault)
        page = here.install(here.acme)
        assert page.status == 502
        assert_kind(page, "That did not work")
        assert here.installed() == []
        assert here.install(here.acme).status == 200


def test_a_code_that_slack_never_gave_installs_nothing(sqlite_url: str) -> None:
    with houses(sqlite_url) as here:
        browser = Browser(here.house)
        state = parse_qs(urlsplit(browser.begins()).query)["state"][0]
        page = browser.opens(f"/slack/oauth_redirect?{urlencode({'state': state, 'code': 'x'})}")
        assert page.status == 502
        assert here.installed() == []


def test_no_flood_of_beginners_fills_the_table(database_url: str) -> None:
    database = Database(database_url)
    with database.write() as connection:
        for number in range(1, 6):
            install_states.begin(connection, f"s{number}", "b", expires_at=number, most=3)
        kept = connection.execute(select(func.count()).select_from(tables.install_states)).scalar()
        assert kept == 3
        assert install_states.use(connection, "s5", "b", now=0)
        assert not install_states.use(connection, "s1", "b", now=0)
    database.close()
