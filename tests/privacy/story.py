"""One handover with everything that exists, played alike however its confidential field is set."""

from dataclasses import dataclass

from bot.sandbox import Person
from tests.privacy.cast import ACCOUNT, Cast
from tests.wire.stage import today

WHY_NOT = "Heliotrope"
NOTE = "Quicksilver"
CHECK = "Saxifrage"
"""Unique words in the texts that only leaders may read."""


@dataclass
class Story:
    """Lena starts it for Olga's account; Ivan declines, Kim takes over; Boris and Zoe watch."""

    cast: Cast
    confidential: str = "None"

    def whole(self) -> None:
        """From the start to the day on which the customer may hear of it."""
        self.begins()
        self.is_declined()
        self.changes_hands()
        self.is_checked()
        self.is_told(self.cast.stage.olga)
        self.is_told(self.cast.kim)
        self.is_taken_over()
        self.is_approved()
        self.is_looked_at()

    def short(self) -> None:
        """The start, the checks, an answer, and everybody who looks."""
        self.begins()
        self.is_checked()
        self._answers(self.cast.stage.olga)
        self.is_looked_at()

    def begins(self) -> None:
        self.cast.prepare(confidential=self.confidential)
        self.is_looked_at()

    def is_declined(self) -> None:
        """Ivan asks, is answered, and declines all the same; then presses what stands there."""
        stage = self.cast.stage
        card = stage.ivan.dm().wait("take Northwind over")
        card.click("Ask first")
        self._submit(stage.ivan, "Your question", "Is there a renewal soon?")
        stage.olga.dm().wait("renewal soon").click("Answer")
        self._submit(stage.olga, "Your answer", "In spring.")
        self.cast.rest()
        card.click("Decline")
        self._submit(stage.ivan, "Why?", f"{WHY_NOT}: I have twelve open ones.")
        self.cast.rest()

    def changes_hands(self) -> None:
        """Lena names Kim, who accepts, twice."""
        stage, kim = self.cast.stage, self.cast.kim
        stage.lena.dm().wait(f"can't take {ACCOUNT} over").click("See why and name another")
        form = stage.lena.modal()
        form.pick_person("Incoming CSM", kim)
        assert form.submit().closed
        self.cast.rest()
        kim.dm().wait("take Northwind over").click("Accept handover", times=2)
        self.cast.rest()

    def is_checked(self) -> None:
        """Lena does Leader's checks, whatever they ask."""
        lena = self.cast.stage.lena
        lena.dm().wait("Leader's checks: open").click("Open Leader's checks")
        form = lena.modal()
        for label in form.labels:
            if label.endswith(("complained about?", "check?")):
                form.fill(label, f"{CHECK}: two reviews were cancelled.")
            elif label.endswith("Who listens"):
                form.pick_person(label, lena)
            elif label.endswith("When"):
                form.pick_date(label, today())
        form.fill("Note", f"{NOTE}: be gentle.")
        assert form.submit().closed
        self.cast.rest()
        lena.dm().wait("Leader's checks: done").click("Open Leader's checks")
        lena.modal().close()

    def is_told(self, person: Person) -> None:
        """Somebody answers everything that they are asked, one question after another."""
        while self._answers(person):
            pass

    def is_taken_over(self) -> None:
        """Kim reads the pack, asks once more, accepts it, and says what matters; Olga looks."""
        kim, olga = self.cast.kim, self.cast.stage.olga
        kim.dm().wait(f"The knowledge pack for {ACCOUNT} is ready").click("Read the pack")
        self.cast.rest()
        page = kim.dm().wait(f"{ACCOUNT}: the pack")
        page.click("Ask before accepting")
        form = kim.modal()
        asked = "What do they use our product for, and what do they want to reach with it?"
        form.choose("About which answers?", asked)
        self._submit(kim, "What would you like to know?", "Which team is it?")
        self.cast.rest()
        self.is_told(olga)
        page.click("Accept pack")
        self.cast.rest()
        kim.dm().wait("is yours").click("Answer in your words")
        form = kim.modal()
        for label in form.labels:
            form.fill(label, "As far as I know")
        assert form.submit().closed
        self.cast.rest()
        marks = olga.dm().wait("Is it right, or is something missing?")
        while "That's right" in marks.buttons:
            marks.click("That's right")
            self.cast.rest()

    def is_approved(self) -> None:
        """Both agree to the reason; Olga sends the texts, Lena wants one to be different, and
        approves.
        """
        kim, olga, lena = self.cast.kim, self.cast.stage.olga, self.cast.stage.lena
        for person in (olga, kim):
            person.dm().wait(f"What do we tell {ACCOUNT}").click("I agree")
            self.cast.rest()
        lena.dm().wait(f"Who approves for {ACCOUNT}").click("Name a backup")
        lena.modal().choose("Who approves in your place?", "There is no other leader")
        self._submit(lena, "Why is there nobody?", "Boris has another team.")
        drafts = olga.dm().wait(f"Texts for the customer: {ACCOUNT}")
        drafts.click("Edit", below="Timeline ·")
        label = "Timeline, as the customer reads it"
        self._submit(olga, label, olga.modal().value(label) + "\nThese may move.")
        drafts.click("Send for approval")
        self.cast.rest()
        card = lena.dm().wait(f"Please approve: {ACCOUNT}")
        card.click("Request changes", below="Hello ·")
        self._submit(lena, "What should be different?", "Warmer, please")
        card.click("Approve all")
        self.cast.rest()
        kim.dm().wait("would like something different in hello").click("Edit")
        self._submit(kim, "Hello, as the customer reads it", "Hello! I am Kim.")
        lena.dm().wait(f"card 2 for {ACCOUNT}").click("Approve all")
        self.cast.rest()

    def is_looked_at(self) -> None:
        """Everybody looks wherever there is something to see, or not."""
        for person in self.cast.everybody:
            for words in ("list", f"show {ACCOUNT}", f"brief {ACCOUNT}", "show Elsewhere"):
                person.types(f"/handover {words}")
        self.cast.rest()
        for person in self.cast.everybody:
            person.opens_home()
        self.cast.rest()
        self.cast.boris.says("What is this?")
        self.cast.rest()

    def _answers(self, person: Person) -> bool:
        """Answer the open question in words, else with None; whether there was one."""
        current = self._current(person)
        if not current:
            return False
        card = next(m for m in person.dm().messages if m.thread)
        card.reply(f"First line for {current}\nSecond line")
        self.cast.rest()
        if self._current(person) == current:
            asked = next(m for m in reversed(card.thread) if "I don't know" in m.buttons)
            asked.click("I don't know")
            self.cast.rest()
        return True

    def _current(self, person: Person) -> str | None:
        interview = self.cast.stage.stored(ACCOUNT).interviews.get(person.id)
        return interview.current if interview else None

    def _submit(self, person: Person, label: str, text: str) -> None:
        form = person.modal()
        form.fill(label, text)
        assert form.submit().closed
        self.cast.rest()
