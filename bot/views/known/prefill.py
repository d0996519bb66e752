"""What is known before anybody answered, where its question is put and in its form."""

from bot.views.blocks import fitted
from bot.views.scene import Scene, quoted
from bot.views.slack_text import Surface
from bot.views.words import VERDICTS, given, labelled, value
from flows.handover import FORM, Answer, Handover, Listed, Origin, Prefill, Said, Verdict
from flows.knowledge.interview import put_to
from flows.known.prefills import in_lines, prefill_of
from flows.playbook import Question

_WHOLE = 1200
_SHOWN = 12
_DETAIL = 80
_IN_A_LINE = 4
_MOST = 2600


def shown(scene: Scene, question: Question) -> str:
    """What waits to be confirmed, with where it comes from; nothing where nothing does."""
    prefill = prefill_of(scene.handover, question)
    if prefill is None:
        return ""
    known = prefill.known
    lines = [
        f"*{labelled(scene.typed(part.label), '').rstrip()}* "
        f"{given(part, known.given[part.key], scene.names, Surface.MRKDWN)}"
        for part in question.parts
        if part.key in known.given
    ]
    lines += [f"• {_listed(scene, one)}" for one in known.listed[:_SHOWN]]
    if len(known.listed) > _SHOWN:
        lines.append(f"and {len(known.listed) - _SHOWN} more")
    files = ", ".join(scene.typed(file.name, _DETAIL) for file in known.files)
    words = f"{scene.typed(known.text, _WHOLE)} {files}".strip()
    if words:
        lines.append(quoted(words))
    if known.verdict is not Verdict.GIVEN:
        lines.insert(0, VERDICTS[known.verdict])
    first = f"*Prefilled, please confirm* ({_whence(scene, prefill)})"
    return "\n".join([first, fitted(lines, _MOST)])


def waiting(scene: Scene) -> list[Question]:
    """The reader's questions for which something waits to be confirmed."""
    path = put_to(scene.handover, scene.playbook, scene.viewer)
    return [question for question in path if prefill_of(scene.handover, question)]


def as_confirmed(handover: Handover, question: Question) -> Answer | None:
    """The answer as it would be with what waits for it: what a form comes filled with."""
    answer, prefill = handover.answers.get(question.id), prefill_of(handover, question)
    if prefill is None:
        return answer
    known = prefill.known
    text = in_lines(known)
    typed = (Said(source=FORM, text=text),) if text else ()
    before = answer or Answer(by=prefill.by, at=prefill.at)
    return before.model_copy(
        update={"said": (*before.said, *typed), "given": known.given | before.given}
    )


def _whence(scene: Scene, prefill: Prefill) -> str:
    if scene.handover.example:
        return "an example"
    match prefill.origin:
        case Origin.INCOMING:
            return f"written by {scene.name(prefill.by)}"
        case Origin.EARLIER:
            return "from the earlier handover"
        case Origin.LISTED:
            return f"listed by {scene.name(prefill.by)}"
        case Origin.PASTED:
            _, _, file = prefill.source.partition(":")
            name = file_name(scene.handover, file)
            return f"from {scene.typed(name, 80)}" if name else _pasted_by(scene, prefill.by)


def _pasted_by(scene: Scene, user: str) -> str:
    return f"pasted by {scene.name(user)}"


def file_name(handover: Handover, file: str) -> str:
    """What a file that was given is called; nothing for one that is not there any more."""
    given_files = [file for piece in handover.unsorted for file in piece.files]
    given_files += [
        file for answer in handover.answers.values() for said in answer.said for file in said.files
    ]
    return next((one.name for one in given_files if one.id == file), "")


def _listed(scene: Scene, one: Listed) -> str:
    fields = [
        value(part, one.details[part.key], scene.names, Surface.MRKDWN, _DETAIL)
        for part in scene.playbook.specs[one.kind].fields
        if part.key in one.details
    ]
    return " – ".join([f"*{fields[0]}*", *fields[1:_IN_A_LINE]]) if fields else "…"
