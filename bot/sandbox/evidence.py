"""What can be looked at afterwards: calls, deliveries, violations, and what each person saw."""

from collections.abc import Callable

from bot.sandbox.files import Upload, uploads
from bot.sandbox.journal import Call, Delivery, Happening, Violation
from bot.sandbox.message import Message
from bot.sandbox.person import Person
from bot.sandbox.world import World


class Evidence:
    """The looking side of a sandbox; the acting side builds on it."""

    def __init__(self, world: World) -> None:
        self._world = world

    @property
    def journal(self) -> list[Call]:
        return self._world.journal.calls

    @property
    def deliveries(self) -> list[Delivery]:
        return self._world.journal.deliveries

    @property
    def throttled(self) -> list[Call]:
        return self._world.journal.throttled

    @property
    def violations(self) -> list[Violation]:
        return self._world.journal.violations

    def assert_clean(self) -> None:
        """AssertionError if the bot broke a rule of Slack's."""
        if self.violations:
            lines = [f"{v.method}: {v.rule}: {v.detail}" for v in self.violations]
            raise AssertionError("Slack's rules were broken:\n" + "\n".join(lines))

    def idle(self, quiet: float = 0.3, patience: float = 30.0) -> None:
        """Until no delivery or call has been under way for `quiet` seconds."""
        if not self._world.journal.wait_idle(quiet, patience):
            raise TimeoutError(f"the bot was still busy after {patience:g} s")

    def on_event(self, callback: Callable[[Happening], None]) -> None:
        """Call this with everything that happens, to show it live."""
        self._world.journal.listeners.append(callback)

    def ephemerals(self, person: Person) -> list[Message]:
        """What only this person was shown: whispers, and answers to commands and clicks."""
        with self._world.workspace.changed:
            posts = [p for p in self._world.workspace.ephemerals if p.ephemeral_to == person.id]
        return [Message(self._world, person.user, post) for post in posts if not post.deleted]

    @property
    def files(self) -> list[Upload]:
        """All files that have been uploaded, the bot's own too."""
        with self._world.workspace.changed:
            return uploads(self._world.workspace)

    def seen_by(self, person: Person) -> list[str]:
        """Everything that was ever on this person's screen, oldest first."""
        with self._world.workspace.changed:
            return [s.text for s in self._world.workspace.sightings if s.user == person.id]
