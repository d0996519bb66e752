"""The reason for the change as the customer is told it: one text that both CSMs agree to (G13).

It is apart from the internal reason, proposed when the pack is accepted, and approved by the leader
at last; a changed text asks everybody again. After two working days of silence the leader may go on
without one of them.
"""

from flows.errors import FlowError
from flows.frozen import Moment
from flows.handover import Acceptance, Handover, Verdict, Wording
from flows.happened import CLOCK, ForCustomer
from flows.playbook import Playbook
from flows.privacy import is_sensitive, told_user
from flows.schedule.workdays import workdays_after
from flows.terms import Role
from flows.texts.leaks import check, let_through
from flows.texts.letters import Approval
from flows.texts.wording_events import ReasonAgreed, ReasonWorded

_ASKED_BY = "TR1"


def agreers(handover: Handover) -> list[str]:
    """The CSMs who are to agree: those who can be asked."""
    accepted = handover.acceptance is Acceptance.ACCEPTED
    incoming = told_user(handover, Role.INCOMING) if accepted else None
    return [user for user in (told_user(handover, Role.OUTGOING), incoming) if user]


def still_to_agree(handover: Handover) -> list[str]:
    """The CSMs who have not agreed to the text as it stands."""
    agreed = handover.wording.agreed if handover.wording else ()
    return [user for user in agreers(handover) if user not in agreed]


def is_ready(handover: Handover) -> bool:
    """Whether the leader can approve: everybody agrees, or has been waited for."""
    wording = handover.wording
    if wording is None or wording.approved_at:
        return False
    return wording.waited or not still_to_agree(handover)


def waits_until(handover: Handover, playbook: Playbook) -> Moment | None:
    """When the leader may go on without whoever has not agreed; none while nobody is waited for."""
    wording = handover.wording
    if wording is None or wording.waited or wording.approved_at or not still_to_agree(handover):
        return None
    return workdays_after(wording.at, playbook.milestones.silent_on_reason)


def proposed(handover: Handover, event: ForCustomer, playbook: Playbook) -> Handover:
    """A first text, in the outgoing CSM's words where they gave some that a customer may read; what
    was worded stays.
    """
    if handover.wording:
        return handover
    text = asked_for(handover, playbook)
    if not text or check(text, handover, playbook, event.others):
        text = _usual(handover, playbook)
    return handover.model_copy(update={"wording": Wording(text=text, by=CLOCK, at=event.at)})


def reason_worded(handover: Handover, event: ReasonWorded, playbook: Playbook) -> Handover:
    """Other words; whoever wrote them agrees.

    Raises FlowError `no_wording`, `missing`, and LeakError for what a customer is not to read,
    unless a leader lets it stand.
    """
    before = _standing(handover)
    text = event.text.strip()
    if not text:
        raise FlowError("missing", field="text")
    if text == before.text:
        return handover
    despite = let_through(event.by, text, event.despite, handover, playbook, event.others)
    own = (event.by,) if event.by in agreers(handover) else ()
    decided = before.approved_at or before.wanted
    worded = Wording(
        text=text,
        by=event.by,
        at=event.at,
        version=before.version + 1,
        agreed=own,
        before=before.text if decided or not before.before else before.before,
        despite=despite,
    )
    return handover.model_copy(update={"wording": worded})


def reason_agreed(handover: Handover, event: ReasonAgreed, _playbook: Playbook) -> Handover:
    """One more agrees. Raises FlowError `other_words` for a text that has been changed since."""
    wording = _of_version(handover, event.version)
    if event.by in wording.agreed:
        return handover
    agreed = wording.model_copy(update={"agreed": (*wording.agreed, event.by)})
    return handover.model_copy(update={"wording": agreed})


def approved(handover: Handover, version: int, approval: Approval) -> Handover:
    """The text may go to the customer; said twice it changes nothing.

    Raises FlowError `other_words`, `not_agreed`.
    """
    wording = _of_version(handover, version)
    if wording.approved_at:
        return handover
    if not is_ready(handover):
        raise FlowError("not_agreed")
    change = {
        "approved_by": approval.by,
        "approved_at": approval.at,
        "without": tuple(still_to_agree(handover)),
        "wanted": None,
    }
    return handover.model_copy(update={"wording": wording.model_copy(update=change)})


def waited(handover: Handover, _at: Moment, _playbook: Playbook) -> Handover:
    """The time to agree is over."""
    if handover.wording is None:
        return handover
    over = handover.wording.model_copy(update={"waited": True})
    return handover.model_copy(update={"wording": over})


def for_somebody_new(handover: Handover) -> Wording | None:
    """What is left of it when another CSM takes over: what a person wrote, to be agreed anew."""
    wording = handover.wording
    if wording is None or wording.by == CLOCK:
        return None
    return Wording(
        text=wording.text,
        by=wording.by,
        at=wording.at,
        version=wording.version + 1,
        despite=wording.despite,
    )


def _standing(handover: Handover) -> Wording:
    if handover.wording is None:
        raise FlowError("no_wording")
    return handover.wording


def _of_version(handover: Handover, version: int) -> Wording:
    wording = _standing(handover)
    if wording.version != version:
        raise FlowError("other_words")
    return wording


def asked_for(handover: Handover, playbook: Playbook) -> str:
    """What the outgoing CSM would say; empty where they did not, or where it is kept close."""
    answer, question = handover.answers.get(_ASKED_BY), playbook.by_id.get(_ASKED_BY)
    if answer is None or answer.verdict is not Verdict.GIVEN:
        return ""
    if question is None or is_sensitive(question, answer):
        return ""
    return "\n".join(said.text.strip() for said in answer.said)[:1000].strip()


def _usual(handover: Handover, playbook: Playbook) -> str:
    """The playbook's text for the reason that everybody may know."""
    accepted = handover.acceptance is Acceptance.ACCEPTED
    following = handover.incoming if accepted else handover.changes.interim
    names = {"outgoing": handover.outgoing.name, "incoming": following.name if following else ""}
    return playbook.wordings[handover.reason].format_map(names)
