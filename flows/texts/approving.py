"""How the customer's texts, the reason and the plan are approved (C3).

The sender of the heads-up sends everything for approval; named leaders approve, ask for changes or
edit. What changes later is a new version that needs its own approval; what was approved stays so.
"""

from typing import TypeVar

from flows.books.together import in_group
from flows.errors import FlowError
from flows.frozen import Moment
from flows.handover import Handover
from flows.playbook import Playbook
from flows.privacy import leads
from flows.schedule.workdays import workdays_after
from flows.texts import wording
from flows.texts.composing import facts_of, missing
from flows.texts.leaks import LeakError, check, let_through
from flows.texts.letter_events import (
    BackupNamed,
    ChangesRequested,
    LetterObjected,
    LetterWorded,
    PiecesApproved,
    SentForApproval,
    TakenOutOfGroup,
)
from flows.texts.letter_facts import written_for_them
from flows.texts.letter_specs import Element
from flows.texts.letters import PLAN, REASON, Approval, Letters, PlanVersion, Remark, Version
from flows.texts.pieces import has_others, has_own, lacks_backup, pieces, text_of, wanted

_V = TypeVar("_V", Version, PlanVersion)


def backup_named(handover: Handover, event: BackupNamed, _playbook: Playbook) -> Handover:
    """Who approves when the leader cannot. Raises FlowError `missing`, `backup_has_a_part`."""
    csms = {party.user for party in (handover.outgoing, handover.incoming) if party}
    if event.user and event.user in csms | {handover.leader}:
        raise FlowError("backup_has_a_part", field="backup")
    if not event.user and not event.why.strip():
        raise FlowError("missing", field="why")
    letters = handover.letters.model_copy(update={"alone": "" if event.user else event.why.strip()})
    return handover.model_copy(update={"backup": event.user, "letters": letters})


def sent_for_approval(handover: Handover, event: SentForApproval, playbook: Playbook) -> Handover:
    """Everything as it stands goes to the leader; what changes from then on does so by itself.

    Raises FlowError `no_wording`, `not_agreed`, `no_backup`, `no_reason` with the text's key, and
    LeakError for what was written for the customer and says too much.
    """
    words, letters = handover.wording, handover.letters
    if words is None:
        raise FlowError("no_wording")
    if letters.asked_at:
        return handover
    if not wording.is_ready(handover):
        raise FlowError("not_agreed")
    if lacks_backup(handover):
        raise FlowError("no_backup")
    for piece in pieces(handover, playbook):
        if Element.REASON in piece.missing:
            raise FlowError("no_reason", field=piece.key)
    leaks = check(written_for_them(handover, playbook), handover, playbook, event.others)
    if leaks and not (leads(handover, event.by) and all(leak.overridable for leak in leaks)):
        raise LeakError(leaks)
    asked = {"asked_by": event.by, "asked_at": event.at}
    return _with(handover, letters.model_copy(update=asked))


def letter_worded(handover: Handover, event: LetterWorded, playbook: Playbook) -> Handover:
    """Other words for a text; a leader's are approved with it, a CSM's wait for approval again.

    Raises FlowError `no_such_letter`, `sent_already`, `other_words`, `no_reason`, and LeakError.
    """
    piece = text_of(handover, playbook, event.key)
    if piece.spec is None:
        raise FlowError("no_such_letter")
    text = event.text.strip()
    if text == piece.text:
        return handover
    if handover.sending.newest(piece.spec.letter):
        raise FlowError("sent_already")
    if event.version != piece.version:
        raise FlowError("other_words")
    asked = handover.letters.asked_at is not None
    facts = facts_of(handover, playbook)
    # The agreed reason was looked through when it was worded.
    said = text.replace(facts["reason"], " ") if "reason" in facts else text
    despite = let_through(event.by, said, event.despite, handover, playbook, event.others)
    lacks = missing(handover, piece.spec, text, facts)
    if asked and Element.REASON in lacks:
        raise FlowError("no_reason", field="text")
    own_word = asked and leads(handover, event.by)
    version = Version(
        number=piece.version + 1,
        text=text,
        by=event.by,
        at=event.at,
        despite=despite,
        approved=Approval(by=event.by, at=event.at) if own_word else None,
    )
    return _versioned(handover, event.key, version)


def pieces_approved(handover: Handover, event: PiecesApproved, _playbook: Playbook) -> Handover:
    """These versions may go to the customer; what was approved already stays as it was.

    Raises FlowError `not_sent`, `other_words`, `not_agreed`, `own_text`, `missing` for the reason
    why of whoever has nobody else to look at it.
    """
    if handover.letters.asked_at is None:
        raise FlowError("not_sent")
    _check_own(handover, event)
    approval = Approval(by=event.by, at=event.at, why=event.why.strip())
    after, back = handover, wanted(handover)
    for key, version in event.pieces.items():
        if len(event.pieces) > 1 and key in back and back[key][0] == version:
            # Asked to be changed a moment before: whoever approves all means the rest.
            continue
        after = _approve(after, key, version, approval)
    return after


def changes_requested(handover: Handover, event: ChangesRequested, _playbook: Playbook) -> Handover:
    """It goes back to its author with the comment. Raises FlowError `other_words`, `not_sent`."""
    if handover.letters.asked_at is None:
        raise FlowError("not_sent")
    remark = Remark(by=event.by, at=event.at, text=event.comment.strip())
    if not remark.text:
        raise FlowError("missing", field="text")
    if event.piece == REASON:
        return _reason_wanted(handover, event, remark)
    if event.piece == PLAN:
        day_version = _same(_newest_plan(handover), event.version)
        if day_version.approved:
            raise FlowError("already_approved")
        plan = (*handover.letters.plan[:-1], day_version.model_copy(update={"wanted": remark}))
        return _with(handover, handover.letters.model_copy(update={"plan": plan}))
    newest_text = _same(_newest(handover, event.piece), event.version)
    if newest_text.approved:
        raise FlowError("already_approved")
    return _replaced(handover, event.piece, newest_text.model_copy(update={"wanted": remark}))


def taken_out_of_group(
    handover: Handover, _event: TakenOutOfGroup, _playbook: Playbook
) -> Handover:
    """It gets a card of its own. Raises FlowError `not_sent` where it is in no group now."""
    if handover.letters.apart:
        return handover
    if not in_group(handover):
        raise FlowError("not_sent")
    return _with(handover, handover.letters.model_copy(update={"apart": True}))


def letter_objected(handover: Handover, event: LetterObjected, _playbook: Playbook) -> Handover:
    """A CSM's word against a leader's edit, within one working day.

    Raises FlowError `other_words`, `too_late`.
    """
    newest = _same(_newest(handover, event.key), event.version)
    if not newest.approved or newest.approved.by != newest.by:
        raise FlowError("other_words")
    if event.at > objected_until(newest):
        raise FlowError("too_late")
    remark = Remark(by=event.by, at=event.at, text=event.why.strip())
    objections = (*newest.objections, remark)
    return _replaced(handover, event.key, newest.model_copy(update={"objections": objections}))


def objected_until(version: Version) -> Moment:
    """Until when a CSM may object to a leader's edit: one working day."""
    return workdays_after(version.at, 1)


def _check_own(handover: Handover, event: PiecesApproved) -> None:
    """Nobody approves alone what they wrote or sent, unless nobody else is there (decisions)."""
    if not has_own(handover, event.by, event.pieces):
        return
    if has_others(handover, event.by):
        raise FlowError("own_text")
    if not event.why.strip():
        raise FlowError("missing", field="why")


def _reason_wanted(handover: Handover, event: ChangesRequested, remark: Remark) -> Handover:
    words = handover.wording
    if words is None or words.version != event.version:
        raise FlowError("other_words")
    if words.approved_at:
        raise FlowError("already_approved")
    return handover.model_copy(update={"wording": words.model_copy(update={"wanted": remark})})


def _approve(handover: Handover, key: str, version: int, approval: Approval) -> Handover:
    if key == REASON:
        return wording.approved(handover, version, approval)
    if key == PLAN:
        newest = _same(_newest_plan(handover), version)
        if newest.approved:
            return handover
        approved = newest.model_copy(update={"approved": approval, "wanted": None})
        plan = (*handover.letters.plan[:-1], approved)
        return _with(handover, handover.letters.model_copy(update={"plan": plan}))
    text = _same(_newest(handover, key), version)
    if text.approved:
        return handover
    return _replaced(handover, key, text.model_copy(update={"approved": approval, "wanted": None}))


def _versioned(handover: Handover, key: str, version: Version) -> Handover:
    versions = (*handover.letters.drafts.get(key, ()), version)
    drafts = handover.letters.drafts | {key: versions}
    return _with(handover, handover.letters.model_copy(update={"drafts": drafts}))


def _replaced(handover: Handover, key: str, newest: Version) -> Handover:
    versions = (*handover.letters.drafts[key][:-1], newest)
    drafts = handover.letters.drafts | {key: versions}
    return _with(handover, handover.letters.model_copy(update={"drafts": drafts}))


def _newest(handover: Handover, key: str) -> Version:
    versions = handover.letters.drafts.get(key, ())
    if not versions:
        raise FlowError("no_such_letter")
    return versions[-1]


def _newest_plan(handover: Handover) -> PlanVersion:
    if not handover.letters.plan:
        raise FlowError("other_words")
    return handover.letters.plan[-1]


def _same(version: _V, number: int) -> _V:
    if version.number != number:
        raise FlowError("other_words")
    return version


def _with(handover: Handover, letters: Letters) -> Handover:
    return handover.model_copy(update={"letters": letters})
