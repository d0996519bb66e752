"""`/handover ask`: from the pack, or from whoever knows; never more than somebody may read."""

from tests.wire.stage import Stage, list_leaders, question, staged

KNOCK = "Not what I need: ask Olga Costa"
BUG = "The export bug has cost us trust since October"


def told(stage: Stage, account: str = "Northwind") -> None:
    """A handover with one answer."""
    list_leaders(stage)
    stage.start(account)
    first = question(stage.olga, "1 of 12", account)
    first.click("Amber: needs care")
    first.reply(BUG)
    question(stage.olga, "2 of 12", account)


def asks(stage: Stage, rest: str) -> str:
    """What Ivan reads when he asks."""
    return stage.ivan.types(f"/handover ask {rest}").text


def test_the_pack_answers_with_who_said_it_and_when(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        told(stage)
        answer = asks(stage, "northwind: any export bugs?")
        assert "The pack of Northwind says" in answer
        assert BUG in answer
        assert "Health: Amber: needs care" in answer
        assert "Olga Costa, " in answer
        assert "What are the top 3 things" in answer
        assert "You asked: any export bugs?" in answer
        assert stage.olga.dm().find("asks about") is None
        shown = stage.ivan.types("/handover show Northwind").text
        assert "Asked after the pack: 0, answered from the pack: 1" in shown
        assert "Most asked about: Snapshot (1)" in shown


def test_what_the_pack_does_not_tell_is_asked_and_then_in_the_pack(database_url: str) -> None:
    with staged(database_url) as stage:
        told(stage)
        answer = asks(stage, "Northwind Which invoicing language do they want?")
        assert "does not tell that yet, so I asked Olga Costa" in answer
        ask = stage.olga.dm().wait("asks about Northwind")
        assert "Which invoicing language" in ask.text
        assert "your answer joins it" in ask.text
        ask.reply("French, since May")
        assert "French, since May" in stage.ivan.dm().wait("answered your question").text
        answer = asks(stage, "Northwind invoice language")
        assert "French, since May" in answer
        assert "Which invoicing language do they want?" in answer
        shown = stage.lena.types("/handover show Northwind").text
        assert "Asked after the pack: 1, answered from the pack: 1" in shown
        stage.settle(stage.olga)
        stage.ivan.types("/handover brief Northwind")
        brief = stage.ivan.dm().wait("Brief: Northwind")
        assert "Asked and answered" in brief.text
        brief.choose("Get it as…", "Markdown")
        stage.until(lambda: any(f.name.endswith(".md") for f in stage.slack.files))
        whole = next(f for f in stage.slack.files if f.name.endswith(".md")).content.decode()
        assert "## Asked and answered\n\n### Which invoicing language do they want?" in whole
        assert "French, since May" in whole


def test_what_the_pack_says_may_not_be_what_is_needed(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        told(stage)
        asks(stage, "Northwind when is the export bug fixed?")
        answer = stage.slack.ephemerals(stage.ivan)[-1]
        answer.click(KNOCK, times=2)
        stage.until(lambda: "I asked Olga Costa" in answer.text)
        ask = stage.olga.dm().wait("when is the export bug fixed?")
        assert len([m for m in stage.olga.dm().messages if "export bug fixed" in m.text]) == 1
        shown = stage.ivan.types("/handover show Northwind").text
        assert "Asked after the pack: 1, answered from the pack: 0" in shown
        ask.click("Answer")
        form = stage.olga.modal("Answer")
        form.fill("Your answer", "In release 12")
        assert form.submit().closed
        stage.ivan.dm().wait("In release 12")


def test_the_form_asks_the_same(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        told(stage)
        stage.ivan.types("/handover show Northwind")
        stage.slack.ephemerals(stage.ivan)[-1].click("Ask about this account")
        form = stage.ivan.modal("Ask about this account")
        form.fill("Your question", "  ")
        assert "fill this in" in form.submit().errors["Your question"]
        form.fill("Your question", "What about the export?")
        form.submit()
        answer = stage.ivan.modal("Handover")
        assert BUG in answer.text
        answer.click(KNOCK)
        stage.until(lambda: "I asked Olga Costa" in stage.ivan.modal("Handover").text)
        stage.olga.dm().wait("What about the export?")


def test_names_are_matched_forgivingly_and_the_longest_first(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        told(stage)
        stage.start("Northwind Clinics")
        assert "pack of Northwind Clinics does not" in asks(
            stage, "northwind  CLINICS: the export?"
        )
        assert "The pack of Northwind says" in asks(stage, "Northwind export?")
        assert "pack of Northwind Clinics does not" in asks(stage, "clinics who signs?")
        unclear = asks(stage, "northw what is the export bug?")
        assert "Northwind or Northwind Clinics" in unclear
        assert "what is the export bug?" in unclear


def test_without_a_question_or_an_account_it_says_how(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        told(stage)
        assert "Which account, and what would you like to know?" in asks(stage, "")
        assert "What would you like to know about Northwind?" in asks(stage, "Northwind")
        assert "can't find that" in asks(stage, "Contoso who decides?")
        for number in range(5):
            assert "asked Olga" in asks(stage, f"Northwind zzz{number}?")
        assert "wait for an answer already" in asks(stage, "Northwind zzz9?")


def test_the_same_delivery_twice_asks_and_counts_once(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        told(stage)
        stage.slack.duplicate_deliveries = True
        asks(stage, "Northwind export?")
        asks(stage, "Northwind zebra?")
        stage.olga.dm().wait("zebra")
        stored = stage.stored()
        assert (len(stored.found), len(stored.asks)) == (1, 1)


def test_a_leavers_pack_still_answers_and_the_leader_is_asked_the_rest(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        told(stage)
        stage.slack.update_person(stage.olga, deleted=True)
        stage.until(lambda: stage.stored().outgoing.gone)
        answer = asks(stage, "Northwind export?")
        assert "Olga Costa, " in answer
        assert "ask Lena Berg" in answer
        assert "asked Lena Berg" in asks(stage, "Northwind zebra?")
        stage.lena.dm().wait("zebra")


def test_who_has_no_part_is_answered_as_if_it_were_not_there(sqlite_url: str) -> None:
    with staged(sqlite_url) as stage:
        told(stage)
        zoe = stage.slack.person("Zoe Quinn")
        here = zoe.types("/handover ask Northwind export?").text
        assert here == zoe.types("/handover ask Southwind export?").text
        assert "export" not in here
        assert (stage.stored().found, stage.stored().asks) == ((), ())
