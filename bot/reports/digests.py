"""Digests: one post a week and channel that is kept up to date, and one's own at any time (C5).

Off the ack's path a sweep makes the lines of what changed, orders the posts that are due, and marks
those that say something else by now; it comes once a minute, so a post is edited no more often.
What a digest says is made when it is sent, from lines that are brought up to date first.
"""

import json
import logging
import zlib
from collections.abc import Iterable, Sequence
from datetime import date, datetime, timedelta

from sqlalchemy import Connection

from bot.delivery.port import Refused, Rendered, Row, Trouble
from bot.delivery.port import Told as Answer
from bot.desk import Committed, Desk, Receipt
from bot.reports.channels import Channels
from bot.roster import Roster
from bot.times import in_zone
from bot.views.blocks import Message
from bot.views.reports.digest import (
    channel_digest,
    ended_digest,
    more_of_channel,
    own_digest,
    withdrawn_digest,
)
from bot.views.reports.digest_forms import no_digest
from bot.views.slack_text import Names
from flows.effects import Kind, Post, Refresh
from flows.errors import FlowError
from flows.reports.digest import Told, is_listed, make_alarm, make_line, readers
from flows.reports.weekly import ChannelDigest, first_day, last_day, next_moment, week_due, week_of
from storage import digests, handovers, outbox, posts, receipts, reminders, workspaces
from storage.digests import Made
from storage.engine import StorageBusyError
from storage.moments import to_stored
from storage.posts import Standing
from storage.reading import NewerReleaseError

log = logging.getLogger(__name__)

PERIOD_SECONDS = 60.0
_SEQ = "digest"
_AT_ONCE = 50
_PATIENCE_SECONDS = 0.5
"""Somebody who asks gets an answer within three seconds."""
_FOREVER = float("inf")
_WEEK = timedelta(days=7)


class Digests:
    """The digests of one workspace; `committed` hears of every commit and must not wait."""

    def __init__(
        self, desk: Desk, roster: Roster, channels: Channels, team: str, committed: Committed
    ) -> None:
        self._desk = desk
        self._roster = roster
        self._channels = channels
        self._team = team
        self._committed = committed

    def sweep(self) -> None:
        """Make the lines of what changed, order what is due, mark what is out of date.

        One channel that fails is told in the log and holds up no other. Raises StorageBusyError.
        """
        self.take_up()
        with self._desk.database.read() as connection:
            chosen = workspaces.find(connection, self._team).digests
        for digest in chosen:
            try:
                self._order(digest)
                self._compare(digest)
            except StorageBusyError:
                raise
            except NewerReleaseError:
                log.info("the digest of %s is left to a newer release", digest.channel)
            except Exception:
                log.exception("nothing came of the digest of %s", digest.channel)

    def take_up(self, patience: float = _FOREVER) -> None:
        """Make the lines anew of all that has changed since they were made; where somebody waits,
        of as many as there are in about so many seconds.
        """
        until, last = self._desk.clock.monotonic() + patience, ""
        while found := self._changed(last):
            if self._desk.clock.monotonic() > until:
                return
            last, _ = found[-1]
            made = [made for one in found if (made := self._made(*one))]
            with self._desk.database.write() as connection:
                for one in made:
                    digests.keep(connection, self._team, one)

    def choose(self, receipt: Receipt, digest: ChannelDigest, instead_of: str) -> datetime:
        """Have a channel get its digest, in the place of another one's; when it does first."""
        local = in_zone(self._desk.clock.now(), digest.zone)
        first = next_moment(digest, local)
        with self._desk.database.write() as connection:
            if receipts.take(connection, self._team, receipt.key, to_stored(local)):
                before = workspaces.hold(connection, self._team)
                left = _without(before.digests, digest.channel, instead_of)
                chosen = tuple(sorted((*left, digest), key=lambda one: one.name))
                after = before.model_copy(update={"digests": chosen})
                workspaces.keep(connection, after, digest.by, digest.since)
                self._outdate(connection, instead_of, local)
            week = week_of(first.date())
            key = outbox.key_of(self._team, "", _SEQ, _post(digest.channel, week))
            has_it = bool(outbox.known(connection, self._team, [key]))
        self._committed((), marked=True)
        return first + _WEEK if has_it else first

    def remove(self, receipt: Receipt, channel: str, by: str) -> ChannelDigest | None:
        """Have a channel get no digest any more; what it had, if it had one."""
        with self._desk.database.write() as connection:
            now = self._desk.clock.now()
            if not receipts.take(connection, self._team, receipt.key, to_stored(now)):
                return None
            before = workspaces.hold(connection, self._team)
            left = _without(before.digests, channel)
            after = before.model_copy(update={"digests": left})
            workspaces.keep(connection, after, by, now)
            self._outdate(connection, channel, now)
        self._committed((), marked=True)
        return before.digest_of(channel)

    def leads(self, person: str, day: date) -> list[Told]:
        """What somebody leads, where the agenda of a day, theirs, is the first of its week."""
        earlier = [day - timedelta(days=back) for back in range(1, day.weekday() + 1)]
        self.take_up()
        with self._desk.database.read() as connection:
            if reminders.have_agenda(connection, self._team, {person: earlier}):
                return []
            return digests.led_by(connection, self._team, person)

    def may_stand(self, channel: str) -> Trouble | None:
        """Why the digest may not be said in a channel; whoever chose it is told, once."""
        found = self._channels.look(channel)
        if isinstance(found, Refused):
            self._tell(channel, found.code)
        return None if isinstance(found, Answer) else found

    def posted(self, row: Row, *, posting: bool) -> Rendered | None:
        """What stands in a channel for the week that is the row's subject; nothing to post once the
        week is over. Its version tells whether it says the same as another.
        """
        digest = self._chosen(row.person)
        if digest is None:
            return None if posting else Rendered(ended_digest(), 0, thread=False)
        today = self._today(digest)
        if posting and week_of(today) != row.subject:
            return None
        self.take_up()
        message = self._message(digest, row.subject, today)
        return Rendered(message, _told_by(message), thread=False, withdrawn=withdrawn_digest())

    def refused(self, row: Row) -> Rendered | None:
        """Why a channel got no digest, for whoever chose it."""
        channel, _, why = row.subject.partition(":")
        digest = self._chosen(channel)
        if digest is None or digest.by != row.person:
            return None
        return Rendered(no_digest(digest, why), 0, thread=False)

    def own(self, person: str, today: date, page: int = 0) -> Message:
        """A page of what somebody may know, for them alone."""
        self.take_up(_PATIENCE_SECONDS)
        with self._desk.database.read() as connection:
            told = digests.of_reader(connection, self._team, person)
        return own_digest(told, self._names(told), today, page)

    def more(self, channel: str, page: int) -> Message:
        """A page of a channel's digest, for somebody in it. Raises FlowError `not_found`."""
        digest = self._chosen(channel)
        if digest is None:
            raise FlowError("not_found")
        self.take_up(_PATIENCE_SECONDS)
        local = in_zone(self._desk.clock.now(), digest.zone)
        first = next_moment(digest, local).date() - _WEEK
        told = self._listed()
        return more_of_channel(told, self._names(told), first, local.date(), page)

    def _changed(self, after: str) -> list[tuple[str, int]]:
        with self._desk.database.read() as connection:
            return digests.changed(connection, self._team, after, _AT_ONCE)

    def _made(self, handover: str, version: int) -> Made | None:
        """What a handover has to tell, none where only a newer release knows. One that is broken
        tells nothing until it changes.
        """
        try:
            with self._desk.database.read() as connection:
                stored = handovers.load(connection, self._team, handover)
                if stored is None:
                    return Made(handover, version, ended=True)
                value = stored.value
                playbook = self._desk.playbooks.of(connection, value)
            line = make_line(value, playbook)
            listed, known = is_listed(value, playbook), readers(value)
        except StorageBusyError:
            raise
        except NewerReleaseError:
            return None
        except Exception:
            log.exception("a digest cannot tell of %s", handover)
            return Made(handover, version)
        if line is None:
            return Made(handover, stored.version, ended=True)
        return Made(handover, stored.version, line, make_alarm(value), listed, known)

    def _order(self, digest: ChannelDigest) -> None:
        """Have the week's digest posted, if its moment has come and there is something to tell."""
        now = self._desk.clock.now()
        week = week_due(digest, in_zone(now, digest.zone))
        post = _post(digest.channel, week)
        key = outbox.key_of(self._team, "", _SEQ, post)
        with self._desk.database.read() as connection:
            ordered = outbox.known(connection, self._team, [key])
            if not week or ordered or not digests.listed(connection, self._team):
                return
        with self._desk.database.write() as connection:
            jobs = outbox.add(connection, self._team, "", _SEQ, [post], to_stored(now))
        self._committed(jobs, marked=False)

    def _compare(self, digest: ChannelDigest) -> None:
        """Mark the post of these days if it does not say what is true any more."""
        today = self._today(digest)
        standing = self._standing(digest, today)
        if standing is None:
            return
        if _told_by(self._message(digest, standing.subject, today)) == standing.shown:
            return
        with self._desk.database.write() as connection:
            now = to_stored(self._desk.clock.now())
            posts.mark_at(connection, self._team, standing.channel, standing.ts, now)
        self._committed((), marked=True)

    def _standing(self, digest: ChannelDigest, today: date) -> Standing | None:
        """The newest post of a channel, while its days last."""
        about = (self._team, "", digest.channel, Kind.DIGEST)
        with self._desk.database.read() as connection:
            for week in (week_of(today), week_of(today - _WEEK)):
                if found := posts.standing(connection, *about, week):
                    return found if today <= last_day(first_day(digest, week)) else None
        return None

    def _message(self, digest: ChannelDigest, week: str, today: date) -> Message:
        told = self._listed()
        return channel_digest(told, self._names(told), first_day(digest, week), today)

    def _listed(self) -> list[Told]:
        with self._desk.database.read() as connection:
            return digests.listed(connection, self._team)

    def _names(self, told: Sequence[Told]) -> Names:
        return self._roster.names(named_in(told))

    def _outdate(self, connection: Connection, channel: str, at: datetime) -> None:
        """What stands in a channel that gets no digest any more says so."""
        weeks = (week_of(at.date()), week_of(at.date() - _WEEK))
        stale = [Refresh(to=channel, kind=Kind.DIGEST, subject=week) for week in weeks if channel]
        outbox.mark_stale(connection, self._team, "", stale, to_stored(at))

    def _tell(self, channel: str, why: str) -> None:
        digest = self._chosen(channel)
        if digest is None:
            return
        # Chosen anew it is told anew; the same reason is told once.
        seq = f"{_SEQ}-{to_stored(digest.since)}"
        word = Post(to=digest.by, kind=Kind.NO_DIGEST, subject=f"{channel}:{why}")
        with self._desk.database.write() as connection:
            now = to_stored(self._desk.clock.now())
            jobs = outbox.add(connection, self._team, "", seq, [word], now)
        self._committed(jobs, marked=False)

    def _chosen(self, channel: str) -> ChannelDigest | None:
        with self._desk.database.read() as connection:
            return workspaces.find(connection, self._team).digest_of(channel)

    def _today(self, digest: ChannelDigest) -> date:
        return in_zone(self._desk.clock.now(), digest.zone).date()


def _post(channel: str, week: str) -> Post:
    return Post(to=channel, kind=Kind.DIGEST, subject=week)


def _without(digests_: Iterable[ChannelDigest], *channels: str) -> tuple[ChannelDigest, ...]:
    return tuple(one for one in digests_ if one.channel not in channels)


def named_in(told: Iterable[Told]) -> set[str]:
    """The Slack ids of everybody whom digests name."""
    lines = [one.line for one in told]
    users = {line.lead.user for line in lines} | {line.of.user for line in lines if line.of}
    return {user for user in users | {x.renews.user for x in lines if x.renews} if user}


def _told_by(message: Message) -> int:
    """A number that differs where messages do."""
    return zlib.crc32(json.dumps(message.blocks).encode()) & 0x7FFFFFFF
