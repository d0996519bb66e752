"""One handover with everything that exists, played alike however its confidential field is set."""

from dataclasses import dataclass

from bot.sandbox import ModalScreen, Person
from tests.privacy.cast import ACCOUNT, Cast
from tests.wire.stage import today

WHY_NOT = "Heliotrope"
NOTE = "Quicksilver"
CHECK = "Saxifrage"
POINT = "Tourmaline"
"""Unique words in the texts that only leaders may read."""
LEAKS = "Olga was under-performing; you asked for a change before it is announced"
"""What somebody types for the customer: each confidential reason in it, whichever it is."""

ACTION = "Agree on a weekly call with Joris"
"""What a leader has done about it, in neutral words."""


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
        self.is_heard_out()
        self.is_worded()
        self.is_approved()
        self.is_looked_at()

    def short(self, word: str = "") -> None:
        """The start, the checks, an answer, and everybody who looks; `word` is what Ivan is told
        by Lena, and reads.
        """
        self.begins()
        self.is_checked()
        if word:
            self.has_a_word(word)
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

    def is_heard_out(self) -> None:
        """Lena gives Olga something to do, and leaves her out of calls: on an underperforming row
        because of what the customer said in the listening call, which she sees to to the end.
        """
        stage, olga = self.cast.stage, self.cast.stage.olga
        notice = stage.lena.dm().wait("Leader's checks: done")
        if self.confidential == "Underperforming":
            points = self._listens()
            points.click("Pass on as an action", below=f"{POINT} 1")
            self._gives(points)
        else:
            notice.click("Add an action")
            self._gives(stage.lena.modal())
        notice.click("Show the plan")
        self.cast.rest()
        stage.lena.dm().wait(f"Plan: {ACCOUNT}").click("Customer calls without Olga Costa")
        self.cast.rest()
        self.is_looked_at()
        olga.dm().wait(f"“{ACTION}”").click("Mark done")
        self.cast.rest()
        if self.confidential == "Underperforming":
            self._tells_them(3)

    def has_a_word(self, word: str) -> None:
        """Lena chooses what Ivan is told, and he reads it where every incoming CSM could."""
        stage = self.cast.stage
        stage.lena.dm().wait("Leader's checks: done").click("Open Leader's checks")
        stage.lena.modal().click("What Ivan Petrov is told")
        form = stage.lena.modal("What they are told")
        form.choose("What may Ivan Petrov know?", word)
        assert form.submit().closed
        stage.lena.modal().close()
        self.cast.rest()
        stage.ivan.types(f"/handover show {ACCOUNT}")
        self.cast.rest()
        stage.slack.ephemerals(stage.ivan)[-1].click("A word from your leader")
        stage.ivan.modal("A word from your leader").close()

    def _points(self) -> ModalScreen:
        lena = self.cast.stage.lena
        lena.dm().wait("Leader's checks: done").click("Open Leader's checks")
        lena.modal().click("What the customer said")
        return lena.modal("What the customer said")

    def _listens(self) -> ModalScreen:
        """The call was held; three points, of which one is closed, changed and open again."""
        points = self._points()
        points.click("It was held")
        self._turns(points, "Listening call")
        assert not points.submit().errors
        for number in (1, 2, 3):
            points.click("Add point")
            self._turns(points, "Add point")
            points.fill("What did the customer say?", f"{POINT} {number}: nobody calls back.")
            assert not points.submit().errors
        points.click("Close point", below=f"{POINT} 2")
        self._turns(points, "What the customer said")
        points.click("Open again", below=f"{POINT} 2")
        self._turns(points, "What the customer said")
        return points

    def _gives(self, form: ModalScreen) -> None:
        self.cast.rest()
        form.fill("What is to be done?", ACTION)
        form.choose("Who does it", "Olga Costa")
        assert not form.submit().errors
        self.cast.rest()
        if form.is_open:
            form.close(all_of_them=True)

    def _tells_them(self, count: int) -> None:
        """Every point is closed, and the customer told."""
        points = self._points()
        while "Close point" in points.buttons:
            points.click("Close point")
            self.cast.rest()
        for _ in range(count):
            points.click("Told the customer")
            self._turns(points, "Told the customer")
            assert not points.submit().errors
        assert "Told the customer" not in points.buttons
        points.close(all_of_them=True)

    def _turns(self, form: ModalScreen, title: str) -> None:
        self.cast.rest()
        assert form.title == title

    def is_worded(self) -> None:
        """Olga and Kim put the reason in words that customers must not read, then in others."""
        olga, kim = self.cast.stage.olga, self.cast.kim
        label = "The reason, as the customer reads it"
        for person in (olga, kim):
            person.dm().wait("What do we tell").click("Put it in other words")
            form = person.modal()
            for words in (LEAKS, "Olga resigned", f"Thanks from {person.name}"):
                form.fill(label, words)
                refused = form.submit().errors
                assert bool(refused) == (words in (LEAKS, "Olga resigned"))
            self.cast.rest()
        olga.dm().wait(f"Thanks from {kim.name}").click("I agree")
        self.cast.rest()

    def is_approved(self) -> None:
        """Olga sends the texts, Lena wants one to be different, and approves."""
        kim, olga, lena = self.cast.kim, self.cast.stage.olga, self.cast.stage.lena
        lena.dm().wait(f"Who approves for {ACCOUNT}").click("Name a backup")
        lena.modal().choose("Who approves in your place?", "There is no other leader")
        self._submit(lena, "Why is there nobody?", "Boris has another team.")
        drafts = olga.dm().wait(f"Texts for the customer: {ACCOUNT}")
        drafts.click("Edit", below="Timeline ·")
        label, form = "Timeline, as the customer reads it", olga.modal()
        dates = form.value(label)
        form.fill(label, f"{dates}\n{LEAKS}")
        assert form.submit().errors
        self._submit(olga, label, f"{dates}\nThese may move.")
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
