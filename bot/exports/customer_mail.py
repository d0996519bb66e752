"""An approved text as a draft in the sender's own mail program: a file, or a link (G32)."""

from bot.exports.files import Export
from bot.exports.letter_file import Mailbox, letter_file, mailto
from bot.views import people
from bot.views.customer.customer_copy import Addressed, addressed
from bot.views.customer.customer_said import name_of
from bot.views.scene import Scene
from bot.views.slack_text import Surface
from flows.customer.coverage import coverage


def mail_file(subject: str, scene: Scene) -> Export | None:
    """The text that a subject of `addressed` names, as a file; nothing where that gives nothing."""
    found = addressed(subject, scene)
    if found is None:
        return None
    account = people.account(scene.handover, scene.names, Surface.PLAIN)
    sender = Mailbox(people.person(scene.viewer, scene.names, Surface.PLAIN))
    body = scene.plain(found.text)
    return letter_file(account, found.spec.subject, body, sender, _to(scene, found))


def mail_link(subject: str, scene: Scene) -> str:
    """The same as a mailto: link; nothing where it is too long for one."""
    found = addressed(subject, scene)
    if found is None:
        return ""
    return mailto(found.spec.subject, scene.plain(found.text), _to(scene, found))


def _to(scene: Scene, found: Addressed) -> list[Mailbox]:
    if found.to is None:
        return []
    known = coverage(scene.handover, scene.playbook)
    email = next((one.email for one in known if one.record.id == found.to.id), "")
    return [Mailbox(name_of(scene, found.to, Surface.PLAIN), email)]
