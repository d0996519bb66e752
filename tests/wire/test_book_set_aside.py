"""A book that is being put together can be changed, left for another, and discarded."""

from tests.wire.listing import gathered, opened, paste
from tests.wire.stage import staged


def test_people_are_changed_accounts_picked_and_the_book_discarded(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        gathered(stage)
        accounts = opened(stage.lena, stage.olga)
        paste(stage, stage.lena, accounts, "Northwind – SMB – Ivan")
        accounts.click("Change people and date")
        stage.rest()
        accounts = stage.lena.modal().submit().modal or accounts
        stage.rest()
        accounts.click("Pick accounts I know")
        stage.lena.modal("Pick accounts").close()
        accounts.click("Discard the book")
        stage.rest()
        stage.lena.types("/handover book")
        assert "Northwind" not in stage.lena.modal().text


def test_an_admin_opens_the_settings_from_home(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        stage.ada.opens_home()
        stage.rest()
        stage.ada.home().click("Name leaders")
        stage.ada.modal("Settings").close()
