"""How somebody does each kind of task: the table by which simulated persons act."""

from collections.abc import Callable, Mapping
from datetime import timedelta

from flows import events as e
from flows.confidential.vault import DeclineExplained
from flows.customer.coverage import coverage, key_missing
from flows.customer.introductions import Step
from flows.customer.moods import Feeling, Signal
from flows.end.endings import Gap
from flows.handover import Choice, Warn
from flows.schedule.appointments import CallTime
from flows.schedule.plan_warnings import choices, plan_warnings
from flows.schedule.timeline import make_plan
from flows.side_by_side.lead import LADDER
from flows.side_by_side.leading import SessionKind, Went
from flows.taking_over.items import undecided
from flows.taking_over.reading import can_be_asked, fixer, pages, unopened
from flows.taking_over.receiving_events import ItemOutcome
from flows.taking_over.teach_back import asked_back, unmarked
from flows.tasks import Todo
from flows.terms import Role
from flows.texts.letters import PLAN, REASON
from flows.texts.pieces import has_own, pending, text_of, wanted
from tests.simulation import changes
from tests.simulation.answers import answers_some
from tests.simulation.checks import leaders_checks
from tests.simulation.hand import GivenUpError, Hand
from tests.simulation.sendings import decide_contact, note_answer, send_text, talk

Do = Callable[[Hand, str], None]
"""Does a task about a subject. Raises FlowError where it is refused, GivenUpError."""


def finish_draft(hand: Hand, _subject: str) -> None:
    hand.does(e.Opened if hand.often(0.8) else e.Discarded)


def accept(hand: Hand, _subject: str) -> None:
    draw = hand.chance.random()
    if draw < 0.06:
        why = DeclineExplained(at=hand.now, by=hand.me.user, text="Too much on my plate.")
        hand.does(e.Declined, why)
    elif draw < 0.12:
        hand.does(e.Asked, id=hand.new_id(), text="How many hours a week is it?")
    else:
        hand.does(e.Accepted)


def name_incoming(hand: Hand, _subject: str) -> None:
    why = "They have never met." if hand.often(0.5) else ""
    hand.does(e.IncomingNamed, incoming=hand.somebody(), no_text_because=why)


def answer_questions(hand: Hand, _subject: str) -> None:
    answers_some(hand)


def answer_ask(hand: Hand, subject: str) -> None:
    hand.does(e.AskAnswered, ask=subject, said=hand.said("About three a week."))


def record_answer(hand: Hand, subject: str) -> None:
    heard = {"who": "Sam Lee", "on": hand.today, "how": "call"}
    hand.does(e.AnswerRecorded, ask=subject, text="They say yes.", **heard)


def read_pack(hand: Hand, _subject: str) -> None:
    """Read on, try the documents, decide about the items, and take it over or ask once more."""
    handover = hand.handover
    last = len(pages(handover, hand.playbook, hand.me.user, hand.now))
    for page in range(handover.reading.page + 1, last + 1):
        hand.does(e.PageTurned, page=page)
    if links := unopened(hand.handover):
        keys = tuple(document.key for document in links)
        hand.does(e.LinksTicked, keys=keys, opens=hand.often(0.8))
    decide_items(hand, "")
    askable = can_be_asked(hand.handover, hand.playbook)
    if askable and hand.often(0.06):
        question = hand.chance.choice(askable)
        hand.does(e.PackReturned, questions=(question,), text="Which of them decides?")
        return
    if not unopened(hand.handover):
        hand.does(e.PackAccepted)


def decide_items(hand: Hand, _subject: str) -> None:
    for item in undecided(hand.handover):
        draw = hand.chance.random()
        if draw < 0.06:
            hand.does(e.ItemDeclined, id=item.id, why="I cannot promise that.")
        elif draw < 0.12:
            due = hand.days(10, 60).isoformat()
            hand.does(e.ItemProposed, id=item.id, proposal={"due": due}, why="Later suits us.")
        else:
            hand.does(e.ItemsAccepted, ids=(item.id,))


def settle_proposal(hand: Hand, subject: str) -> None:
    hand.does(e.ProposalSettled, id=subject, agreed=hand.often(0.8), why="They count on it.")


def settle_declined(hand: Hand, subject: str) -> None:
    outcome = hand.chance.choice((ItemOutcome.KEEP, ItemOutcome.HAND_ON, ItemOutcome.WITHDRAW))
    fields: dict[str, object] = {}
    if outcome is ItemOutcome.KEEP:
        fields["until"] = hand.days(5, 20)
    if outcome is ItemOutcome.HAND_ON:
        fields["keeper"] = hand.chance.choice(hand.colleagues()).party
    hand.does(e.ItemSettled, id=subject, outcome=outcome, **fields)


def do_item(hand: Hand, subject: str) -> None:
    hand.does(e.ItemDone, id=subject)


def fix_link(hand: Hand, subject: str) -> None:
    handover = hand.handover
    if handover.leader == hand.me.user:
        hand.does(e.LinkWaived, key=subject)
        return
    document = next((d for d in unopened(handover) if d.key == subject), None)
    if document is None or fixer(handover, document) != hand.me.user:
        raise GivenUpError
    record = next((r for r in handover.records if r.id == subject), None)
    if record is None:
        raise GivenUpError
    link = {"link": f"https://docs.example.com/{hand.new_id()}"}
    hand.does(e.RecordChanged, id=record.id, details=record.details | link)


def teach_back(hand: Hand, _subject: str) -> None:
    asked = asked_back(hand.handover, hand.playbook)
    answers = {one.topic: "They want calm and a report in June." for one in asked}
    hand.does(e.TaughtBack, answers=answers)


def mark_taught(hand: Hand, _subject: str) -> None:
    for item in unmarked(hand.handover):
        added = "And Ana decides." if hand.often(0.15) else ""
        hand.does(e.TaughtMarked, topic=item.topic, added=added)


def read_additions(hand: Hand, _subject: str) -> None:
    hand.does(e.TaughtSeen)


def agree_reason(hand: Hand, subject: str) -> None:
    if hand.often(0.06):
        text = f"I take on new tasks from {hand.days(30, 60).isoformat()} on."
        hand.does(e.ReasonWorded, text=text)
    else:
        hand.does(e.ReasonAgreed, version=int(subject))


def name_backup(hand: Hand, _subject: str) -> None:
    if hand.often(0.8):
        hand.does(e.BackupNamed, user=hand.somebody(leader=True).user)
    else:
        hand.does(e.BackupNamed, user=None, why="We are a team of one.")


def send_letters(hand: Hand, _subject: str) -> None:
    hand.does(e.SentForApproval)


def approve(hand: Hand, _subject: str) -> None:
    handover, waiting = hand.handover, pending(hand.handover)
    if not waiting:
        raise GivenUpError
    # Days that are to change may leave no room before the last one: no such wish.
    texts = sorted(set(waiting) - {PLAN})
    if texts and hand.often(0.07):
        piece = hand.chance.choice(texts)
        fields = {"piece": piece, "version": waiting[piece], "comment": "Kinder, please."}
        hand.does(e.ChangesRequested, **fields)
        return
    own = has_own(handover, hand.me.user, waiting)
    hand.does(e.PiecesApproved, pieces=waiting, why="Nobody else is here." if own else "")


def change_piece(hand: Hand, subject: str) -> None:
    key = subject.rpartition(":")[0]
    if key not in wanted(hand.handover):
        raise GivenUpError
    if key == REASON:
        hand.does(e.ReasonWorded, text="My tasks change, so a colleague looks after you.")
    elif key == PLAN:
        _move_something(hand)
    else:
        piece = text_of(hand.handover, hand.playbook, key)
        text = f"{piece.text}\nThank you once more."
        hand.does(e.LetterWorded, key=key, version=piece.version, text=text)


def _move_something(hand: Hand) -> None:
    plan = make_plan(hand.handover, hand.playbook)
    days = [m for m in plan.milestones if m.key in {"heads_up", "introduction"} and not m.done]
    if not days:
        raise GivenUpError
    day = max(days[-1].day, hand.today) + timedelta(days=1)
    day += timedelta(days=max(0, 7 - day.weekday()) if day.weekday() > 4 else 0)
    hand.does(e.MilestoneMoved, key=days[-1].key, day=day)


def log_session(hand: Hand, subject: str) -> None:
    kind = next(kind for kind, name in LADDER.items() if subject.startswith(name))
    assert isinstance(kind, SessionKind)
    hand.does(e.SessionLogged, id=hand.new_id(), kind=kind, on=hand.today)


def debrief(hand: Hand, subject: str) -> None:
    hand.does(e.SessionDebriefed, session=subject, went=hand.chance.choice(list(Went)))


def say_ready(hand: Hand, _subject: str) -> None:
    score = hand.chance.choice((2, 3, 4, 4, 5, 5))
    hand.does(e.ReadinessGiven, score=score, missing="The API." if score < 3 else "")


def decide_ready(hand: Hand, _subject: str) -> None:
    if hand.often(0.7):
        hand.does(e.ReadinessAsked)
    else:
        hand.does(e.LeadSwitched, why="I help for some weeks.")


def switch_lead(hand: Hand, _subject: str) -> None:
    hand.does(e.LeadSwitched)


def say_mood(hand: Hand, subject: str) -> None:
    feelings = (Feeling.SAME,) * 6 + (Feeling.BETTER, Feeling.WORSE, Feeling.CANNOT_TELL)
    signals = (hand.chance.choice(list(Signal)),) if hand.often(0.1) else ()
    fields = {"feeling": hand.chance.choice(feelings), "signals": signals, "note": "So it seems."}
    hand.does(e.MoodGiven, round=subject, **fields)


def act_on_red(hand: Hand, subject: str) -> None:
    hand.does(e.ActionTaken, round=subject, what="I call them.", due=hand.days(1, 5))


def do_action(hand: Hand, subject: str) -> None:
    hand.does(e.ActionDone, round=subject)


def break_silence(hand: Hand, _subject: str) -> None:
    hand.does(e.Touched, on=hand.today)


def sign(hand: Hand, subject: str) -> None:
    """For oneself, or as the leader for whoever is gone; the subject is the signer's part."""
    handover = hand.handover
    party = handover.outgoing if subject == Role.OUTGOING else handover.incoming
    assert party
    mine = party.reachable == hand.me.user
    rating = hand.chance.randint(1, 5) if mine else None
    hand.does(e.Signed, absent="" if mine else party.key, rating=rating)


def confirm_end(hand: Hand, _subject: str) -> None:
    hand.does(e.Completed)


def take_up(hand: Hand, _subject: str) -> None:
    hand.does(e.HandoverTakenUp)


def follow_up(hand: Hand, subject: str) -> None:
    again = hand.often(0.3)
    gaps = (Gap(question=next(iter(hand.handover.answers), "S1")),) if again else ()
    well = hand.often(0.8)
    fields = {"explained_again": again and bool(gaps), "gaps": gaps, "well": well}
    hand.does(e.FollowedUp, key=subject, notes="They are fine.", **fields)


def aftercare(hand: Hand, subject: str) -> None:
    hand.does(e.AftercareDone, number=int(subject))


def milestone(hand: Hand, subject: str) -> None:
    hand.does(e.MilestoneDone, key=subject)


def answer_warning(hand: Hand, subject: str) -> None:
    handover, warning = hand.handover, Warn(subject)
    if all(known.kind is not warning for known in plan_warnings(handover, hand.playbook)):
        raise GivenUpError
    choice = hand.chance.choice(choices(handover, warning))
    person = None
    if choice in {Choice.NAMED, Choice.HELP}:
        person = hand.chance.choice(hand.colleagues()).party
    hand.does(e.WarningAnswered, warning=warning, choice=choice, why="So be it.", person=person)


def cover(hand: Hand, subject: str) -> None:
    """Tick what has been done with the customer's people."""
    handover, book = hand.handover, hand.playbook
    found = coverage(handover, book)
    if subject == "reassured":
        found = key_missing(handover, book, Step.REASSURED)
    for one in found:
        last = Step.REASSURED if subject == "reassured" else Step.INTRODUCED
        for step in (Step.HEADS_UP, Step.INTRODUCED, Step.REASSURED):
            if step not in one.ticks:
                hand.does(e.StakeholderTicked, id=one.record.id, step=step, on=hand.today)
            if step is last:
                break


def set_time(hand: Hand, subject: str) -> None:
    start = hand.now.time().replace(hour=13, minute=0, second=0, microsecond=0)
    timed = CallTime(start=start, zone=hand.me.tz, minutes=45)
    hand.does(e.CallTimed, key=subject, **dict(timed))


WAYS: Mapping[Todo, Do] = {
    Todo.FINISH_DRAFT: finish_draft,
    Todo.ACCEPT: accept,
    Todo.NAME_INCOMING: name_incoming,
    Todo.ANSWER_QUESTIONS: answer_questions,
    Todo.INTRODUCE_YOURSELF: answer_questions,
    Todo.ANSWER_ASK: answer_ask,
    Todo.RECORD_ANSWER: record_answer,
    Todo.LEADERS_CHECKS: leaders_checks,
    Todo.READ_PACK: read_pack,
    Todo.DECIDE_ITEMS: decide_items,
    Todo.SETTLE_PROPOSAL: settle_proposal,
    Todo.SETTLE_DECLINED: settle_declined,
    Todo.DO_ITEM: do_item,
    Todo.TELL_WITHDRAWN: do_item,
    Todo.FIX_LINK: fix_link,
    Todo.TEACH_BACK: teach_back,
    Todo.MARK_TAUGHT: mark_taught,
    Todo.READ_ADDITIONS: read_additions,
    Todo.AGREE_REASON: agree_reason,
    Todo.NAME_BACKUP: name_backup,
    Todo.SEND_LETTERS: send_letters,
    Todo.APPROVE: approve,
    Todo.CHANGE_PIECE: change_piece,
    Todo.LOG_SESSION: log_session,
    Todo.DEBRIEF: debrief,
    Todo.SAY_READY: say_ready,
    Todo.DECIDE_READY: decide_ready,
    Todo.SWITCH_LEAD: switch_lead,
    Todo.SAY_MOOD: say_mood,
    Todo.ACT_ON_RED: act_on_red,
    Todo.DO_ACTION: do_action,
    Todo.BREAK_SILENCE: break_silence,
    Todo.SIGN: sign,
    Todo.CONFIRM_END: confirm_end,
    Todo.TAKE_UP: take_up,
    Todo.FOLLOW_UP: follow_up,
    Todo.AFTERCARE: aftercare,
    Todo.MILESTONE: milestone,
    Todo.ANSWER_WARNING: answer_warning,
    Todo.COVER: cover,
    Todo.SET_TIME: set_time,
    Todo.SEND_TEXT: send_text,
    Todo.NOTE_ANSWER: note_answer,
    Todo.CALL_CUSTOMER: note_answer,
    Todo.TRY_ANOTHER: note_answer,
    Todo.DECIDE_CONTACT: decide_contact,
    Todo.TALK: talk,
    Todo.CHECK_IN: changes.check_in,
    Todo.KIT: changes.kit,
    Todo.LEAD_MEETING: changes.lead_meeting,
    Todo.NAME_INTERIM: changes.name_interim,
    Todo.MOVE_DATES: changes.move_dates,
    Todo.TELL_INCOMING: changes.tell_incoming,
    Todo.TELL_OUTGOING: changes.tell_outgoing,
}
"""All but NAME_LEADER, which is an admin's and has a door of its own."""
