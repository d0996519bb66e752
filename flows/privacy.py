"""Who may know of a handover, and who may do what with it.

Whoever may not know is answered as if the handover were not there.
"""

from collections.abc import Iterable, Mapping

from flows.customer.introductions import UNCOVERED, Coverage
from flows.customer.moods import Moods
from flows.customer.sent import UNSENT
from flows.end.endings import Ending
from flows.frozen import Moment
from flows.handover import Answer, Ask, Handover, Record, Said, Schedule, Verdict, When
from flows.often import ANSWERING, ASKING
from flows.parts import Part, parts, told
from flows.playbook import Playbook, Question
from flows.remembering import entry_by_entry, unmoved_by
from flows.schedule.appointments import NO_CALLS
from flows.side_by_side.leading import Leading
from flows.staffing.changes import Changes
from flows.staffing.guests import Guests
from flows.terms import Role
from flows.texts.letters import Letters
from flows.who_may import Do, granted

_CSMS = (Role.OUTGOING, Role.INCOMING)


def is_told(handover: Handover, role: Role) -> bool:
    """Whether whoever has this role has been told that the handover exists."""
    return role in told(handover)


@unmoved_by(ANSWERING)
def may_know(handover: Handover, viewer: str) -> bool:
    """Whether the viewer may learn that this handover exists."""
    return granted(Do.SEE, parts(handover, viewer))


def is_source(handover: Handover, viewer: str) -> bool:
    """Whether the viewer only answers what the outgoing CSM can't: they write, and read nothing
    but the account's name and what they wrote themselves.
    """
    return Part.SOURCE in parts(handover, viewer)


def is_asked(handover: Handover, viewer: str) -> bool:
    """Whether the viewer is only asked for single answers, as a member or an admitted guest: they
    read those questions, the account's name and who asks, and what they wrote themselves.
    """
    if parts(handover, viewer).isdisjoint({Part.ASKED, Part.GUEST}):
        return False
    return any(ask.fills and ask.to == viewer for ask in handover.asks)


def may_take_part(handover: Handover, viewer: str) -> bool:
    """Whether the viewer may do anything here at all."""
    return granted(Do.REPLY, parts(handover, viewer))


@unmoved_by(ANSWERING)
def everybody(handover: Handover) -> frozenset[str]:
    """The Slack ids of all who may learn that this handover exists."""
    users = {handover.user(role) for role in Role}
    return frozenset(user for user in users if user and may_know(handover, user))


@unmoved_by(ANSWERING)
def told_user(handover: Handover, role: Role) -> str | None:
    """The Slack id of whoever has this role, if they can be written to and know of it."""
    user = handover.user(role)
    return user if user and may_know(handover, user) else None


def outgoing_or_leader(handover: Handover) -> str:
    """Who vouches for what the outgoing CSM knows: they, or the leader when they cannot."""
    return told_user(handover, Role.OUTGOING) or handover.leader


@unmoved_by(ANSWERING)
def untold(handover: Handover) -> tuple[Role, ...]:
    """Which of the two CSMs, as far as they can be told anything, do not know yet."""
    people = ((role, handover.user(role)) for role in _CSMS)
    return tuple([role for role, user in people if user and not may_know(handover, user)])


def is_never_told(handover: Handover, role: Role) -> bool:
    """Whether one of the two CSMs is not told through the bot, until a leader does it."""
    telling = handover.tellings.get(role)
    return role in untold(handover) and telling is not None and telling.when is When.NEVER


def is_announced(handover: Handover) -> bool:
    """Whether it was started and everybody on it knows, so that others may hear of it too."""
    return handover.started_at is not None and not untold(handover)


def is_csm(handover: Handover, viewer: str) -> bool:
    """Whether the viewer is one of the two CSMs, and has been told."""
    return granted(Do.SAY, parts(handover, viewer))


def leads(handover: Handover, viewer: str) -> bool:
    """Whether the viewer decides as a leader here; one of its own CSMs never does."""
    return granted(Do.DECIDE, parts(handover, viewer))


@unmoved_by(ANSWERING)
def is_led(handover: Handover) -> bool:
    """Whether a handover under way has a leader who is there and decides; others never need one."""
    if handover.started_at is None or handover.example:
        return True
    return not handover.leader_gone and leads(handover, handover.leader)


def may_open_vault(handover: Handover, viewer: str) -> bool:
    """Whether the viewer may read what only leaders may: never one of the row's own CSMs.

    The creator counts, for a leader may prepare a row for another one; a CSM who started their
    own row is its outgoing CSM and stays out.
    """
    apart = handover.example or handover.roles(viewer).isdisjoint(_CSMS)
    return granted(Do.VAULT, parts(handover, viewer), theirs=apart)


@unmoved_by(ANSWERING)
def vault_openers(handover: Handover) -> tuple[str, ...]:
    """Everybody who may open the vault, the leader first; nobody where all of them are CSMs."""
    users = (handover.leader, handover.backup, handover.created_by)
    return tuple(dict.fromkeys(u for u in users if u and may_open_vault(handover, u)))


def may_read_sensitive(handover: Handover, viewer: str) -> bool:
    """Whether the viewer reads answers marked sensitive: the two CSMs, the leader and the backup,
    and whoever leads in between.

    Whoever only started the handover for others may know of it, but was promised nothing more.
    """
    return granted(Do.CLOSE, parts(handover, viewer))


def close_ones(handover: Handover) -> tuple[str, ...]:
    """Everybody on the handover who reads all of it, and so can be given something to do."""
    users = (handover.user(role) for role in (*_CSMS, Role.LEADER, Role.BACKUP, Role.INTERIM))
    return tuple(dict.fromkeys(u for u in users if u and may_read_sensitive(handover, u)))


def is_sensitive(question: Question, answer: Answer) -> bool:
    """Whether an answer is kept close: by the playbook, or because its author said so."""
    return question.sensitive or answer.sensitive


def told_part(handover: Handover, playbook: Playbook, part: str) -> str:
    """The newest value given to a part, of whichever question; nothing where it is kept close."""
    return told_parts(handover, playbook).get(part, "")


@unmoved_by(ASKING)
def told_parts(handover: Handover, playbook: Playbook) -> Mapping[str, str]:
    """The newest value of each part that was given, but for what is kept close."""
    found = [told for each in _each_told(handover, playbook).values() for told in each]
    return {part: value for _, part, value in sorted(found)}


@entry_by_entry("answers")
def _each_told(
    handover: Handover, key: str, playbook: Playbook
) -> tuple[tuple[Moment, str, str], ...]:
    """The same of one answer: when, which part, and what."""
    answer, question = handover.answers[key], playbook.by_id.get(key)
    if question is None or is_sensitive(question, answer):
        return ()
    given = answer.given.items()
    return tuple([(answer.at, part, one.values[0]) for part, one in given if one.values])


def shared(handover: Handover, playbook: Playbook, record: Record) -> bool:
    """Whether everybody on the handover may read a record."""
    answer, question = handover.answers.get(record.question), playbook.by_id.get(record.question)
    return answer is None or question is None or not is_sensitive(question, answer)


def as_read_by(handover: Handover, playbook: Playbook, viewer: str) -> Handover:
    """The handover as if what this viewer may not read had never been said.

    What counts, lists and quotes reads it from here, so that no number tells of what is hidden.
    """
    handover = _without_notes(handover, viewer)
    if may_read_sensitive(handover, viewer):
        return handover
    if not may_know(handover, viewer):
        return _own_words(handover, viewer)
    return without_sensitive(handover, playbook, viewer)


def _without_notes(handover: Handover, viewer: str) -> Handover:
    """Without what others wrote about the customer's mood, and after a follow-up: leaders read it
    all, everybody else their own lines (decisions: "Quiet and kind").
    """
    moods, ending = handover.moods, handover.ending
    if leads(handover, viewer) or not (moods.checks or ending.visits):
        return handover
    checks = tuple(
        check if check.by == viewer else check.model_copy(update={"note": ""})
        for check in moods.checks
    )
    visits = tuple(visit.model_copy(update={"notes": ""}) for visit in ending.visits)
    return handover.model_copy(
        update={
            "moods": moods.model_copy(update={"checks": checks}),
            "ending": ending.model_copy(update={"visits": visits}),
        }
    )


@unmoved_by(ASKING)
def sensitive_ones(handover: Handover, playbook: Playbook) -> frozenset[str]:
    """The ids of the questions whose answers are kept close, whatever they were answered with."""
    hidden = {key for key, close in _each_close(handover, playbook).items() if close}
    hidden |= {
        piece.question
        for piece in handover.unsorted
        if piece.question and playbook.by_id[piece.question].sensitive
    }
    hidden |= {key for key in handover.prefilled if playbook.by_id[key].sensitive}
    return frozenset(hidden)


@entry_by_entry("answers")
def _each_close(handover: Handover, key: str, playbook: Playbook) -> bool:
    """The same of one answer."""
    return is_sensitive(playbook.by_id[key], handover.answers[key])


def without_sensitive(handover: Handover, playbook: Playbook, viewer: str = "") -> Handover:
    """The handover as everybody on it may read it; of what was asked about the rest, a viewer
    keeps their own.
    """
    hidden = sensitive_ones(handover, playbook)
    if not hidden:
        return handover
    kept = tuple(record for record in handover.records if record.question not in hidden)
    return handover.model_copy(
        update={
            "answers": {k: a for k, a in handover.answers.items() if k not in hidden},
            "prefilled": {k: p for k, p in handover.prefilled.items() if k not in hidden},
            "records": kept,
            "coverage": _coverage_of(handover, kept),
            "unsorted": tuple(p for p in handover.unsorted if p.question not in hidden),
            "asks": tuple(
                a for a in handover.asks if a.about not in hidden or viewer in (a.by, a.to)
            ),
            "found": tuple(f for f in handover.found if f.about not in hidden or viewer == f.by),
        }
    )


def _own_words(handover: Handover, viewer: str) -> Handover:
    """The account's name, who asks what, and what the viewer wrote; nothing of anybody else."""
    answers = {
        key: answer.model_copy(
            update={
                "said": tuple(said for said in answer.said if said.by == viewer),
                **({} if answer.by == viewer else {"given": {}, "verdict": Verdict.GIVEN}),
            }
        )
        for key, answer in handover.answers.items()
        if viewer in answer.authors
    }
    return handover.model_copy(
        update={
            "answers": answers,
            "records": tuple(r for r in handover.records if r.by == viewer),
            "unsorted": tuple(piece for piece in handover.unsorted if piece.by == viewer),
            "prefilled": {k: p for k, p in handover.prefilled.items() if p.by == viewer},
            "interviews": {u: i for u, i in handover.interviews.items() if u == viewer},
            "follow_ups": {},
            "found": (),
            "asks": tuple(_own_part(ask, viewer) for ask in handover.asks if ask.to == viewer),
            "incoming": None,
            "backup": None,
            "created_by": handover.leader,
            "arr": None,
            "renewal": None,
            "crm_link": "",
            # Days are kept: how much is asked hangs on them.
            "schedule": Schedule(days_off=handover.schedule.days_off, away=handover.schedule.away),
            "leading": _who_leads(handover.leading),
            "coverage": UNCOVERED,
            "calls": NO_CALLS,
            "moods": Moods(),
            "ending": Ending(),
            "wording": None,
            "letters": Letters(),
            "sending": UNSENT,
            "rulings": {},
            "changes": _who_is_there(handover.changes),
            "guests": Guests(
                admitted=tuple(g for g in handover.guests.admitted if g.user == viewer)
            ),
            "check_ins": (),
        }
    )


def _who_leads(leading: Leading) -> Leading:
    """What tells who leads now, and nothing of how it came to it."""
    return Leading(switched_at=leading.switched_at, passed_at=leading.passed_at)


def _who_is_there(changes: Changes) -> Changes:
    """What tells who leads now and who is gone, and nothing of what changed."""
    return Changes(interim=changes.interim, gone=changes.gone)


def _coverage_of(handover: Handover, kept: Iterable[Record]) -> Coverage:
    """What was decided and done for those stakeholders whose records are kept."""
    ids = {record.id for record in kept}
    return Coverage(
        people={key: one for key, one in handover.coverage.people.items() if key in ids}
    )


def _own_part(ask: Ask, viewer: str) -> Ask:
    """An ask as whoever was asked reads it: that somebody else answered, not what."""
    replies = (
        said if said.by == viewer else Said(source=said.source, text="", by=said.by)
        for said in ask.replies
    )
    return ask.model_copy(update={"replies": tuple(replies)})
