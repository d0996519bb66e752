"""What the leader of a book reads before it is started: that it waits for them."""

from bot.books.ids import BookAct
from bot.views import people
from bot.views.blocks import Message, actions, button, header, section
from bot.views.books.scene import BookScene
from bot.views.slack_text import Surface
from bot.views.words import counted
from flows.books.book import BookStage, can_be_taken, leads_book


def build(scene: BookScene) -> Message | None:
    """That somebody asks to start it, or that it is not wanted any more; for its leaders alone."""
    book = scene.book
    knows = book.shown_to_leader or book.stage is BookStage.UNDONE
    if not (knows and leads_book(book, scene.viewer)):
        return None
    title = f"Book of {scene.plain_outgoing}: {counted(len(can_be_taken(book)), 'account')}"
    if book.stage is not BookStage.PREPARING:
        undone = "The start was taken back. Nobody was told."
        gone = "It is not wanted any more. Nobody was told."
        words = undone if book.stage is BookStage.UNDONE else gone
        return Message(f"{title}. {words}", [header(title), section(words)])
    asks = "asks you to start it and to say who is told when. Nobody is told before."
    said = f"{people.person(book.created_by, scene.names)} {asks}"
    plain = f"{people.person(book.created_by, scene.names, Surface.PLAIN)} {asks}"
    go_on = button("Open the book", BookAct.OPEN, scene.ref(), "primary")
    return Message(f"{title}. {plain}", [header(title), section(said), *actions([go_on])])
