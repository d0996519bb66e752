"""The drafts and the approval card: every text whole, what it lacks, what was changed."""

import dataclasses

from bot.ids import Ref
from bot.listeners.showing import note_view
from bot.views.messages import Message, build
from bot.views.scene import Scene
from bot.views.texts import approval, letter_forms
from bot.views.texts.difference import difference
from bot.views.texts.letter_text import read_edit, to_edit
from flows import events as e
from flows.effects import Kind, Refresh
from flows.handover import Handover
from flows.privacy import as_read_by
from flows.terms import Reason, Segment
from flows.texts.letters import slots_in
from flows.texts.pieces import pieces, text_of
from tests.flows.make import BORIS, IVAN, KIM, LENA, OLGA, PLAYBOOK, Story, party
from tests.flows.test_letters import agreed, approve, approved, asked
from tests.flows.test_wording import accepted, agree, read_all
from tests.views.limits import check_message, check_view, elements, fields, labels, press, words
from tests.views.scenes import make_scene


def scene_of(story: Story, viewer: str) -> Scene:
    return make_scene(story.handover, viewer)


def shown(story: Story, kind: Kind, viewer: str, subject: str = "") -> Message:
    return check_message(build(kind, subject, scene_of(story, viewer)))


def gone(story: Story, kind: Kind, viewer: str, subject: str = "") -> bool:
    return build(kind, subject, scene_of(story, viewer)) is None


def with_long_texts(handover: Handover, length: int) -> Handover:
    """As if somebody had written at length."""
    line = "So it goes on & on, with <https://docs.example.com/a|a plan> and more. "
    drafts = {
        key: (*v[:-1], v[-1].model_copy(update={"text": line * (length // len(line))}))
        for key, v in handover.letters.drafts.items()
    }
    letters = handover.letters.model_copy(update={"drafts": drafts})
    return handover.model_copy(update={"letters": letters})


def test_drafts_show_each_text_with_its_days_and_what_it_lacks() -> None:
    card = shown(agreed(), Kind.LETTERS, IVAN)
    for text in (
        "Texts for the customer: Northwind",
        "*Heads-up* · mail, from you · draft",
        "*Hello* · mail, from UOLGA · draft",
        "> Dear [name],",
        "reason stated ✓",
        "*Missing:* experience of the new CSM",
        "Send them for approval when you are content: ULENA reads all of them at once.",
    ):
        assert text in words(card)
    assert "⟦" not in words(card) + card.text
    assert labels(card)[-1] == "Send for approval"
    assert labels(card).count("Edit") == 5
    assert "Texts for the customer: Northwind" in card.text
    assert "> Dear [name]," in card.text


def test_drafts_are_there_early_and_say_that_they_are_unfinished() -> None:
    story = Story()
    assert gone(story, Kind.LETTERS, IVAN)
    for _ in range(5):
        story.answers(IVAN)
    card = shown(story, Kind.LETTERS, IVAN)
    assert "Unfinished drafts" in card.text
    assert "*Missing:* the agreed reason" in words(card)


def test_drafts_say_what_they_wait_for() -> None:
    assert (
        "the reason is agreed; still open: you and UOLGA"
        in shown(accepted(segment=Segment.SMB), Kind.LETTERS, IVAN).text
    )
    assert "ULENA names who approves" in shown(agreed(backup=None), Kind.LETTERS, IVAN).text
    story = asked()
    card = shown(story, Kind.LETTERS, IVAN)
    assert "Sent for approval by you on Mon 23 Nov 2026: 0 of 5 approved." in card.text
    assert "*Heads-up* · mail, from you · waits for ULENA" in words(card)
    assert "Send for approval" not in labels(card)
    story.does(LENA, e.ChangesRequested, piece="hello", version=1, comment="Warmer, please")
    card = shown(story, Kind.LETTERS, OLGA)
    assert "ULENA asked for changes: “Warmer, please”" in words(card)


def test_who_only_started_it_reads_the_drafts_and_changes_nothing() -> None:
    story = Story(by=KIM)
    for _ in range(5):
        story.answers(IVAN)
    handover = as_read_by(story.handover, PLAYBOOK, KIM)
    card = check_message(build(Kind.LETTERS, "", make_scene(handover, KIM)))
    assert labels(card) == []
    assert gone(story, Kind.LETTERS, "UZOE")


def test_the_card_has_everything_whole_with_its_buttons() -> None:
    story = asked()
    card = shown(story, Kind.APPROVAL, LENA, "1")
    for piece in pieces(story.handover, PLAYBOOK):
        for line in to_edit(scene_of(story, LENA), piece.text).split("\n"):
            assert line in words(card)
    assert {
        *("Approve all", "Approve the reason", "Approve the plan", "Approve introduction"),
        *("Approve hello", "Request changes", "Edit", "Put it in other words", "Set date"),
    } <= set(labels(card))
    assert labels(card)[-1] == "Approve all"
    assert Ref.load(press(card, "Approve all")["value"]).n == (
        *("reason:1", "heads_up_mail:1", "introduction_mail:1", "hello:1", "reassurance:1"),
        *("timeline:1", "plan:1"),
    )
    assert "reason stated ✓" in words(card)
    assert "Introduction" in card.text
    assert gone(story, Kind.APPROVAL, IVAN, "1")
    assert gone(story, Kind.APPROVAL, LENA, "")


def test_a_card_of_somebody_who_does_not_take_over_any_more_is_over() -> None:
    story = asked()
    story.does(LENA, e.IncomingNamed, incoming=party(KIM))
    assert Refresh(to=LENA, kind=Kind.APPROVAL, subject="1") in story.effects
    card = shown(story, Kind.APPROVAL, LENA, "1")
    assert "begins anew with UKIM" in card.text
    assert labels(card) == []


def test_a_decided_card_says_who_decided_and_when() -> None:
    story = asked()
    story.does(LENA, e.ChangesRequested, piece="hello", version=1, comment="Warmer, please")
    card = shown(story, Kind.APPROVAL, LENA, "1")
    assert "Hello, version 1: you asked for changes on Mon 23 Nov 2026" in words(card)
    approve(story)
    card = shown(story, Kind.APPROVAL, BORIS, "1")
    assert "Everything here is decided." in card.text
    assert "The plan, version 1: approved by ULENA on Mon 23 Nov 2026, 09:" in words(card)
    assert labels(card) == ["Approve hello after all"]


def test_an_older_card_says_which_it_was() -> None:
    story = approved()
    story.does(IVAN, e.LetterWorded, key="hello", version=1, text="Hello! Olga")
    old = shown(story, Kind.APPROVAL, LENA, "1")
    assert "This was card 1 for Northwind, of Mon 23 Nov 2026." in old.text
    assert labels(old) == []
    new = shown(story, Kind.APPROVAL, LENA, "2")
    assert "card 2 for Northwind: hello." in new.text
    assert "*Hello!* Olga" in words(new)
    assert "~Dear [name], It was good" in words(new)
    assert labels(new).count("Request changes") == 1


def test_while_the_csms_agree_again_nothing_is_to_be_pressed() -> None:
    story = asked()
    story.does(OLGA, e.ReasonWorded, text="Everything new.")
    card = shown(story, Kind.APPROVAL, LENA, "1")
    assert "UIVAN agree to it first. A new card comes then." in card.text
    assert labels(card) == []


def test_who_sent_it_is_told_who_approves_it() -> None:
    story = agreed()
    story.does(LENA, e.SentForApproval)
    card = shown(story, Kind.APPROVAL, LENA, "1")
    assert "You sent this yourself, so UBORIS approves it." in words(card)
    assert "Approve all" not in labels(card)
    assert "Approve all" in labels(shown(story, Kind.APPROVAL, BORIS, "1"))


def test_long_texts_are_cut_with_a_way_to_the_whole() -> None:
    handover = with_long_texts(asked().handover, 5900)
    scene = make_scene(handover, LENA)
    card = check_message(build(Kind.APPROVAL, "1", scene))
    assert labels(card).count("Read all of it") == 5
    check_message(build(Kind.LETTERS, "", make_scene(handover, IVAN)))
    for piece in pieces(handover, PLAYBOOK):
        whole = approval.one(scene, piece.key)
        assert whole
        view = check_view(note_view(whole))
        assert "Read all of it" not in labels(view)
        said = " ".join(words(view).replace("> ", "").split())
        read = " ".join(to_edit(scene, piece.text).split())
        assert read.count("So it goes on") == said.count("So it goes on")


def test_a_text_without_a_break_is_cut_too() -> None:
    story = asked()
    story.does(IVAN, e.LetterWorded, key="hello", version=1, text="&amp;" * 1200)
    shown(story, Kind.APPROVAL, LENA, "1")
    whole = approval.one(scene_of(story, LENA), "hello")
    assert whole
    assert words(whole).count("&amp;") == 2 * 1200


def test_more_pieces_than_a_message_has_room_for_are_listed() -> None:
    letters = tuple(
        PLAYBOOK.letters[0].model_copy(update={"key": f"more_{chr(97 + number)}"})
        for number in range(20)
    )
    book = PLAYBOOK.model_copy(update={"letters": (*PLAYBOOK.letters, *letters)})
    story = Story(book, segment=Segment.SMB)
    story.does(OLGA, e.Accepted)
    story.answers_everything(IVAN)
    read_all(story)
    agree(story, IVAN, OLGA)
    story.does(IVAN, e.SentForApproval)
    scene = dataclasses.replace(make_scene(story.handover, LENA), playbook=book)
    card = check_message(build(Kind.APPROVAL, "1", scene))
    assert "Approve all" in labels(card)
    assert labels(card).count("Read all of it") >= 10
    check_message(build(Kind.LETTERS, "", scene))


def test_the_modal_has_the_whole_text_and_gives_it_back() -> None:
    story = agreed(segment=Segment.ENTERPRISE, reason=Reason.SEGMENT_CHANGE)
    scene = scene_of(story, IVAN)
    for piece in pieces(story.handover, PLAYBOOK):
        if piece.spec is None:
            continue
        form = check_view(letter_forms.edit_form(scene, piece))
        ref, values = Ref.load(form["private_metadata"]), filled_as_shown(form)
        typed = letter_forms.read_edit(values, ref)
        assert read_edit(scene, typed, piece.text) == piece.text
        assert slots_in(piece.text)


def filled_as_shown(form: dict[str, object]) -> dict[str, dict[str, dict[str, str]]]:
    shown = fields(form)
    return {
        key: {"v": {"value": field["element"]["initial_value"]}} for key, field in shown.items()
    }


def test_a_long_text_stands_in_several_fields_and_is_put_together_again() -> None:
    story = asked()
    scene = scene_of(story, IVAN)
    for text in (
        "\n\n".join(f"Paragraph {number}: " + "word " * 100 for number in range(11)),
        "\n".join(f"• item {number} " + "word " * 30 for number in range(35)),
        "word " * 1100,
        "w" * 5500,
    ):
        story.handover = replaced(story.handover, "hello", text.strip())
        piece = text_of(story.handover, PLAYBOOK, "hello")
        form = check_view(letter_forms.edit_form(scene, piece))
        assert len(fields(form)) > 1
        ref, values = Ref.load(form["private_metadata"]), filled_as_shown(form)
        assert letter_forms.read_edit(values, ref).split() == text.split()


def replaced(handover: Handover, key: str, text: str) -> Handover:
    newest = handover.letters.drafts[key][-1].model_copy(update={"text": text})
    drafts = handover.letters.drafts | {key: (newest,)}
    letters = handover.letters.model_copy(update={"drafts": drafts})
    return handover.model_copy(update={"letters": letters})


def test_a_leader_is_told_that_an_edit_is_an_approval() -> None:
    story = asked()
    piece = text_of(story.handover, PLAYBOOK, "hello")
    form = check_view(letter_forms.edit_form(scene_of(story, LENA), piece))
    assert form["submit"]["text"] == "Save and approve"
    assert "UIVAN and UOLGA see what you changed and may object" in words(form)
    own = check_view(letter_forms.edit_form(scene_of(story, IVAN), piece))
    assert own["submit"]["text"] == "Save"


def test_a_text_that_was_changed_meanwhile_shows_both() -> None:
    story = asked()
    story.does(LENA, e.LetterWorded, key="hello", version=1, text="Hello there")
    piece = text_of(story.handover, PLAYBOOK, "hello")
    typed, ref = {"text": {"v": {"value": "My own words"}}}, Ref(p="hello", v="1")
    form = check_view(letter_forms.edit_again(scene_of(story, IVAN), piece, typed, ref))
    assert "it is version 2 now, by ULENA" in words(form)
    assert "*Hello there*" in words(form)
    assert filled_as_shown(form) == {"text": {"v": {"value": "My own words"}}}
    assert Ref.load(form["private_metadata"]).v == "2"


def test_wishes_go_to_who_can_fulfil_them() -> None:
    story = asked()
    wanted = {"reason": IVAN, "hello": OLGA, "plan": IVAN}
    ways = {"reason": "Put it in other words", "hello": "Edit", "plan": "Set date"}
    for key, author in wanted.items():
        story.does(LENA, e.ChangesRequested, piece=key, version=1, comment="Warmer <!here>")
        message = shown(story, Kind.WANTED, author, f"{key}:1")
        assert (
            f"ULENA would like something different in {'the ' if key != 'hello' else ''}{key}"
            in (message.text)
        )
        assert labels(message) == [ways[key]]
    story.does(OLGA, e.LetterWorded, key="hello", version=1, text="Warm hello")
    assert labels(shown(story, Kind.WANTED, OLGA, "hello:1")) == []


def test_a_leaders_words_come_with_the_difference_and_a_way_to_object() -> None:
    story = asked()
    text = text_of(story.handover, PLAYBOOK, "hello").text
    changed = text.replace("It was good to meet you.", "Good to meet you!")
    story.does(LENA, e.LetterWorded, key="hello", version=1, text=changed)
    message = shown(story, Kind.REWORDED, OLGA, "hello:2")
    assert "ULENA changed hello for Northwind, and it is approved like that." in message.text
    assert "~It was good to meet you.~ *Good to meet you!*" in words(message)
    assert labels(message) == ["Read all of it", "Object"]
    story.does(OLGA, e.LetterObjected, key="hello", version=2, why="I never shout")
    assert "You objected: “I never shout”" in shown(story, Kind.REWORDED, OLGA, "hello:2").text
    told = shown(story, Kind.OBJECTION, LENA, "hello:2")
    assert "UOLGA objects to your words in hello for Northwind: I never shout" in told.text
    assert labels(told) == ["Edit"]
    assert gone(story, Kind.REWORDED, LENA, "hello:2")


def test_the_backup_is_asked_for_by_name() -> None:
    story = agreed(backup=None)
    message = shown(story, Kind.BACKUP, LENA)
    assert "UIVAN waits for it" in message.text
    assert labels(message) == ["Name a backup"]
    form = check_view(letter_forms.backup_form(scene_of(story, LENA), [BORIS]))
    select = next(el for el in elements(form) if el["type"] == "static_select")
    assert [option["value"] for option in select["options"]] == [BORIS, letter_forms.NOBODY]
    story.does(LENA, e.BackupNamed, user=BORIS)
    assert "UBORIS approves" in shown(story, Kind.BACKUP, LENA).text


def test_changes_are_asked_of_one_piece_or_of_one_of_several() -> None:
    story = asked()
    scene, every = scene_of(story, LENA), pieces(story.handover, PLAYBOOK)
    one = check_view(letter_forms.changes_form(scene, every[:1]))
    assert list(fields(one)) == ["text"]
    several = check_view(letter_forms.changes_form(scene, every, "looks good"))
    assert list(fields(several)) == ["choice", "text"]
    assert fields(several)["text"]["element"]["initial_value"] == "looks good"


def test_a_difference_is_read_word_by_word() -> None:
    before = "Dear Ana,\n\nThank you for it.\nSame line.\n\nKind regards"
    after = "Dear Ana,\n\nThank you so much for it & <more>.\nSame line.\n\nKind regards"
    assert difference(before, after) == (
        "…\nThank you ~for it.~ *so much for it &amp; &lt;more&gt;.*\n…"
    )
    assert difference(before, before) == ""
    assert difference("a\nb", "a") == "a ~b~"
    assert difference("Good to see you", "It was good to see her") == (
        "~Good to see you~ *It was good to see her*"
    )
    assert difference("", "*x*") == "*∗x∗*"


def test_what_was_typed_under_the_card_comes_back_with_the_buttons() -> None:
    story = asked()
    answer = check_message(approval.answer_to_words(scene_of(story, LENA), "looks good &amp; fine"))
    assert answer.text.startswith("Please press it, so that it counts")
    assert labels(answer) == ["Approve all", "Request changes"]
    assert Ref.load(press(answer, "Request changes")["value"]).v == "looks good & fine"
    assert approval.answer_to_words(scene_of(story, IVAN), "ok") is None
