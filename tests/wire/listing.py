"""What a person does to put a book together, by what they see."""

from datetime import timedelta

from bot.sandbox import ModalScreen, Person
from tests.wire.stage import Stage, list_leaders, today


def gathered(stage: Stage) -> None:
    """Lena is a listed leader, and the bot has met everybody."""
    list_leaders(stage)
    for person in (stage.ivan, stage.olga, stage.lena):
        person.types("/handover help")


def opened(by: Person, outgoing: Person) -> ModalScreen:
    """Somebody says who hands over, why and when; its accounts come next."""
    by.types("/handover book")
    accounts = filled(by.modal(), outgoing).submit().modal
    assert accounts is not None
    return accounts


def filled(form: ModalScreen, outgoing: Person, leader: str = "Lena Berg") -> ModalScreen:
    """What all accounts have in common."""
    form.pick_person("Outgoing CSM", outgoing)
    form.choose("Reason", "Balancing workload")
    form.choose("Leader", leader)
    form.pick_date("Date", today() + timedelta(days=25))
    form.choose("The date is", "Switch by")
    return form


def paste(stage: Stage, by: Person, accounts: ModalScreen, text: str) -> None:
    """Lines are pasted; the accounts beneath show them."""
    accounts.click("Paste lines")
    form = by.modal()
    form.fill("One account a line", text)
    assert form.submit().closed
    stage.until(lambda: "can be taken over" in accounts.text)


def upload(
    stage: Stage, by: Person, accounts: ModalScreen, content: bytes, until: str = "Columns"
) -> ModalScreen:
    """A file is uploaded; what comes of it stands in the same place."""
    accounts.click("Upload a CSV")
    form = by.modal()
    form.upload("CSV file", "accounts.csv", content)
    form.submit()
    stage.until(lambda: until in by.modal().title or until in by.modal().text)
    return by.modal()


def shown_next(form: ModalScreen) -> ModalScreen:
    """The step that comes after this one."""
    after = form.submit()
    assert after.modal is not None, after.errors
    assert not after.errors
    return after.modal


def accounts_stored(stage: Stage, *accounts: str) -> list[str]:
    """Those of these accounts that are handovers, by stage."""
    return [f"{one.account}: {one.stage}" for name in accounts for one in stage.all_stored(name)]
