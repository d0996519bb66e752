"""Weeks later: the leader's follow-up with the customer, and what is done if it was not good."""

from collections.abc import Iterator

from bot.ids import Act, Field, Form, Ref
from bot.views import people
from bot.views.blocks import (
    Block,
    Choice,
    Message,
    actions,
    button,
    context,
    date_picker,
    field,
    modal,
    multi_select,
    section,
    select,
    text_input,
)
from bot.views.customer.mood import COLOURS, SIGNALS
from bot.views.dates import day
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface, from_form, one_line, to_form
from bot.views.state import Values, picked_option, picked_options, picked_user, typed
from flows.customer.sentiment import rounds
from flows.end.endings import Gap, Visit
from flows.end.following_up import follow_ups, still_to_visit, talking_points, tellable
from flows.handover import Stage
from flows.privacy import everybody, leads, may_read_sensitive
from flows.schedule.milestones import Track
from flows.schedule.workdays import add_workdays
from flows.terms import Role

YES, NO = "yes", "no"
_LINE, _POINTS, _MOST, _CARE = 200, 8, 1500, 3
_QUESTION = "Did the customer have to explain anything again?"


def build(subject: str, scene: Scene) -> Message | None:
    """One follow-up, to whoever leads: when, and the way to record it."""
    if not leads(scene.handover, scene.viewer):
        return None
    due = follow_ups(scene.handover, scene.playbook).get(subject)
    if due is None:
        return None
    if subject not in still_to_visit(scene.handover, scene.playbook):
        words = f"{scene.account}: this follow-up is recorded. Thank you!"
        return Message(words, [section(words)])
    asks = (
        "please look back on what came of it"
        if _looks_back(scene, subject)
        else "please ask the customer how the change went for them"
    )
    words = f"{scene.account}: {asks}, by {day(due)}. What to talk about stands in the form."
    record = button("Record follow-up", Act.VISIT_OPEN, scene.ref(r=subject), "primary")
    return Message(words, [section(words), *actions([record])])


def build_result(subject: str, scene: Scene) -> Message | None:
    """What came of a follow-up, to the incoming CSM: what could have been told better, no notes."""
    visit = next((v for v in scene.handover.ending.visits if v.key == subject), None)
    if visit is None or not may_read_sensitive(scene.handover, scene.viewer):
        return None
    first = f"{scene.name(visit.by)} has asked {scene.account} how the change went"
    lines = [f"{first}: {_result(scene, visit)}."]
    asked = {question.id: question for question in tellable(scene.handover, scene.playbook)}
    for gap in visit.gaps:
        if question := asked.get(gap.question):
            text = one_line(question.text, Surface.MRKDWN, scene.names, _LINE)
            words = one_line(gap.words, Surface.MRKDWN, scene.names, _LINE)
            lines.append(f"• Explained again: {text}{f' – {words}' if words else ''}")
    return Message("\n".join(lines), [section("\n".join(lines))])


def visit_form(scene: Scene, ref: Ref) -> Block:
    """What the customer said in follow-up `ref.r`, below what to talk about."""
    handover = scene.handover
    known = next((v for v in handover.ending.visits if v.key == ref.r), None)
    asked = [
        Choice(question.id, one_line(question.text, Surface.PLAIN, scene.names, _LINE))
        for question in tellable(handover, scene.playbook)
    ]
    notes = to_form(known.notes, scene.names) if known else ""
    answers = [Choice(NO, "No"), Choice(YES, "Yes")]
    well = [Choice(YES, "Yes"), Choice(NO, "No, something is to be done")]
    gap = text_input(most=_MOST)
    blocks: list[Block] = [
        section(_talk(scene, ref.r)),
        field(Field.CHOICE, _QUESTION, select(answers, _yes(known, "explained_again"))),
        field(
            Field.QUESTIONS,
            "Which question should have told it?",
            multi_select(asked, "Only if they had to"),
            optional=True,
        ),
        field(Field.WHAT, "What was it?", gap, optional=True),
        field(Field.OUTCOME, "Did it go well?", select(well, _yes(known, "well"))),
        field(
            Field.NOTE,
            "Notes",
            text_input(notes, multiline=True, most=_MOST),
            optional=True,
            hint="Only leaders read the notes.",
        ),
    ]
    return modal(Form.VISIT, "Record follow-up", blocks, submit="Save", carried=ref)


def read_visit(values: Values) -> dict[str, object]:
    """The fields of a FollowedUp but its key, as they were filled in."""
    words = from_form(typed(values, Field.WHAT))
    gaps = [Gap(question=key, words=words) for key in picked_options(values, Field.QUESTIONS)]
    return {
        "explained_again": picked_option(values, Field.CHOICE) == YES,
        "gaps": tuple(gaps),
        "well": picked_option(values, Field.OUTCOME) == YES,
        "notes": from_form(typed(values, Field.NOTE)),
    }


def recorded(scene: Scene) -> Message:
    """What a leader reads after a follow-up that was not good."""
    words = f"Saved. Is there something to be done for {scene.account}? Somebody can see to it."
    care = button("Reopen as aftercare", Act.CARE_OPEN, scene.ref(), "primary")
    return Message(words, [section(words), *actions([care])])


def care_form(scene: Scene, ref: Ref) -> Block:
    """What is done because all is not well, by whom, until when."""
    handover = scene.handover
    owners = [
        Choice(user, people.person(user, scene.names, Surface.PLAIN))
        for user in sorted(everybody(handover))
    ]
    due = add_workdays(scene.now.date(), _CARE).isoformat()
    first = handover.user(Role.INCOMING) or ""
    blocks: list[Block] = [
        field(Field.TEXT, "What is to be done?", text_input(multiline=True, most=1000)),
        field(Field.PERSON, "Who does it", select(owners, first, "Choose")),
        field(Field.DUE, "By when", date_picker(due)),
        context("Whoever does it gets a message; everybody on the handover can read of it."),
    ]
    return modal(Form.CARE, "Reopen as aftercare", blocks, submit="Reopen", carried=ref)


def read_owner(values: Values) -> str:
    """The Slack id of whoever does it."""
    return picked_user(values, Field.PERSON)


def build_care(subject: str, scene: Scene) -> Message | None:
    """One thing to be done after the end, to whoever does it."""
    known = scene.handover.ending.aftercare
    number = int(subject) if subject.isdigit() else len(known)
    if number >= len(known):
        words = f"{scene.account}: nothing is left to be done here."
        return Message(words, [section(words)])
    care = known[number]
    what = scene.typed(care.what, _MOST)
    if care.done_at:
        words = f"{scene.account}: this is done. Thank you!"
        return Message(f"{words} {what}", [section(f"{words}\n{quoted(what)}")])
    who = people.person(care.by, scene.names)
    first = (
        f"{scene.account}, after the handover: {who} asks you to see to this by {day(care.due)}."
    )
    done = button("Done", Act.CARE_DONE, scene.ref(r=subject), "primary")
    mine = care.owner == scene.viewer or leads(scene.handover, scene.viewer)
    blocks = [section(f"*{first}*\n{quoted(what)}"), *actions([done if mine else None])]
    return Message(f"{first} {what}", blocks)


def lines(scene: Scene) -> list[tuple[str, str]]:
    """Follow-ups and what is done after them, as label and words; notes are for the form alone."""
    handover = scene.handover
    if handover.stage is not Stage.COMPLETE:
        return []
    found = [("Follow-up", _result(scene, visit)) for visit in handover.ending.visits]
    left = still_to_visit(handover, scene.playbook)
    if left:
        found.append(("Next follow-up", day(min(left.values()))))
    return found


def _result(scene: Scene, visit: Visit) -> str:
    when = day(visit.at.astimezone(scene.now.tzinfo).date())
    again = "; the customer had to explain something again" if visit.explained_again else ""
    return f"{when}, {'went well' if visit.well else 'not all is well'}{again}"


def _looks_back(scene: Scene, key: str) -> bool:
    """Whether it is the outcome check, which is among ourselves, and no talk with the customer."""
    plan = scene.playbook.plan
    return any(known.key == key and known.track is Track.INTERNAL for known in plan)


def _outcome(scene: Scene) -> Iterator[str]:
    """What an outcome check looks at: the renewal, and what the incoming CSM said of the start."""
    handover = scene.handover
    if handover.renewal:
        yield f"• Renewal: {day(handover.renewal)}"
    if rating := handover.ending.rating:
        yield f"• {scene.incoming} gave the handover {rating} of 5"
    for visit in handover.ending.visits:
        yield f"• Follow-up: {_result(scene, visit)}"


def _talk(scene: Scene, key: str) -> str:
    """Risks by title, and how the mood was: for the leader's eyes, in the form alone."""
    risks = [title for title in talking_points(scene.handover, scene.playbook) if title.strip()]
    lines = [f"• Risk: {one_line(r, Surface.MRKDWN, scene.names, _LINE)}" for r in risks[:_POINTS]]
    for each in rounds(scene.handover)[-1:]:
        signs = dict.fromkeys(SIGNALS[s].lower() for check in each.checks for s in check.signals)
        seen = f"; {people.listed(list(signs))}" if signs else ""
        lines.append(f"• Mood at last: {COLOURS[each.colour]}{seen}")
    if _looks_back(scene, key):
        return "\n".join(["*To look back on*", *_outcome(scene), *lines])
    return "\n".join(["*To talk about*", *lines, f"• {_QUESTION}"])


def _yes(known: Visit | None, what: str) -> str:
    if known is None:
        return ""
    return YES if getattr(known, what) else NO
