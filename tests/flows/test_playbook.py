"""The default playbook says what was published, and a wrong playbook is told where it is wrong."""

from collections import Counter
from importlib.resources import files

import pytest

from flows.errors import PlaybookError
from flows.playbook import Playbook, Question, fingerprint, read_playbook
from flows.terms import Confidential, Need, Reason, RecordKind, Role, Segment

DEFAULT = files("flows").joinpath("playbook.toml").read_text(encoding="utf-8")

BASE = [
    *("SN1", "SN2", "SN3"),
    *("BG1", "BG2", "BG3", "BG4", "BG5", "BG6", "BG7"),
    *("TH1", "TH2", "TH3", "TH4"),
    *("CH1", "CH2", "CH3", "CH4"),
    *("PF1", "PF2", "PF3", "PF4", "PF5"),
    *("DC1", "DC2", "DC3", "DC4", "DC5", "DC6", "DC7", "DC8"),
    *("SK1", "SK2", "SK3"),
    *("CC1", "CC2"),
    *("OI1", "CM1", "OP1", "OP2", "RK1"),
    *("TR1", "TR2", "TR3", "TR4"),
]

# Base questions that a line of the two articles stands behind and that an SMB account is asked.
FROM_THE_ARTICLES = {
    *("SN3", "BG1", "BG2", "BG5", "TH1", "CH1", "CH2", "CH3", "PF1", "PF2", "PF3"),
    *("DC1", "DC2", "DC3", "DC4", "DC5", "DC7", "SK1", "SK2"),
    *("OI1", "CM1", "OP1", "OP2", "RK1", "TR1", "TR2", "TR3"),
}

# Published as required, and done by ticking each link instead of answering a question about all.
TICKED = {"DC8"}

# Asked of the incoming CSM, so no prompt to the outgoing one can stand for it.
ASKED_APART = {"TR2"}

PROMPTS = [f"S{number}" for number in range(1, 11)]

ADD_ONS = {
    Reason.ATTRITION: ["AT1", "AT2", "AT3"],
    Reason.PROMOTION: ["PR1", "PR2"],
    Reason.REALLOCATION: ["RA1"],
    Reason.LOAD_BALANCING: ["LB1", "LB2"],
    Reason.SEGMENT_CHANGE: ["SG0", "SG1", "SG2"],
    Reason.REASSIGNMENT: ["RS1", "RS2"],
}


def default() -> Playbook:
    return read_playbook(DEFAULT)


def asked_first(playbook: Playbook, segment: Segment) -> list[Question]:
    """What a segment must answer whatever the reason, after prompts have taken what they cover."""
    return [
        question
        for question in playbook.questions
        if question.need[segment] is Need.REQUIRED
        and question.reason is None
        and question.confidential is None
        and question.id not in playbook.joined[segment]
    ]


def edited(old: str, new: str) -> str:
    """Change the default playbook where `old` stands for the first time."""
    assert old in DEFAULT, f"the default playbook no longer has {old!r}"
    return DEFAULT.replace(old, new, 1)


def test_every_base_question_stands_once_and_in_the_published_order() -> None:
    ids = [question.id for question in default().questions]
    assert [key for key in ids if key in BASE] == BASE


@pytest.mark.parametrize(
    ("segment", "required", "offered", "left_out"),
    [
        (Segment.SMB, 18 - len(TICKED), 22, 5 + len(TICKED)),
        (Segment.MID_MARKET, 32 - len(TICKED), 13, len(TICKED)),
        (Segment.ENTERPRISE, 43 - len(TICKED), 2, len(TICKED)),
    ],
)
def test_needs_of_the_base_set_are_the_published_ones(
    segment: Segment, required: int, offered: int, left_out: int
) -> None:
    needs = Counter(default().by_id[key].need[segment] for key in BASE)
    assert needs == {
        need: count
        for need, count in (
            (Need.REQUIRED, required),
            (Need.OFFERED, offered),
            (Need.LEFT_OUT, left_out),
        )
        if count
    }


def test_nothing_stands_beside_the_base_set_but_prompts_and_add_ons() -> None:
    playbook = default()
    confidential = [question.id for question in playbook.questions if question.confidential]
    known = [*BASE, *PROMPTS, *(key for keys in ADD_ONS.values() for key in keys), *confidential]
    assert sorted(playbook.by_id) == sorted(known)


def test_every_question_says_its_need_for_every_segment() -> None:
    for question in default().questions:
        assert set(question.need) == set(Segment), question.id


def test_questions_of_a_section_stand_together_in_the_order_of_sections() -> None:
    playbook = default()
    places = [playbook.sections.index(question.section) for question in playbook.questions]
    assert places == sorted(places)
    assert set(places) == set(range(len(playbook.sections)))


def test_texts_are_short_and_stand_by_themselves() -> None:
    for question in default().questions:
        assert len(question.text) <= 140, question.id
        assert question.help, question.id
        assert "\n" not in question.text + question.help, question.id
        assert "{" not in question.text + question.help, question.id
        assert question.text.endswith("?"), question.id


def test_smb_is_asked_ten_joined_prompts_and_one_question_of_the_incoming_csm() -> None:
    playbook = default()
    asked = asked_first(playbook, Segment.SMB)
    assert [q.id for q in asked if q.asked_of is Role.OUTGOING] == PROMPTS
    assert [q.id for q in asked if q.asked_of is Role.INCOMING] == ["TR2"]


def test_prompts_cover_every_line_of_the_articles() -> None:
    covered = default().joined[Segment.SMB]
    assert FROM_THE_ARTICLES - covered == ASKED_APART


def test_no_prompt_covers_what_another_covers_or_what_is_no_base_question() -> None:
    covered = [key for question in default().questions for key in question.covers]
    assert max(Counter(covered).values()) == 1
    assert set(covered) <= set(BASE)


def test_a_prompt_takes_the_records_of_what_it_covers() -> None:
    playbook = default()
    for key in PROMPTS:
        prompt = playbook.by_id[key]
        listed = {kind for covered in prompt.covers for kind in playbook.by_id[covered].records}
        assert set(prompt.records) == listed, key


def test_the_other_segments_are_asked_apart() -> None:
    playbook = default()
    for segment in (Segment.MID_MARKET, Segment.ENTERPRISE):
        assert not playbook.joined[segment]
        assert all(playbook.by_id[key].need[segment] is Need.LEFT_OUT for key in PROMPTS)


@pytest.mark.parametrize(
    ("segment", "minutes"),
    [(Segment.SMB, 41.5), (Segment.MID_MARKET, 71.5), (Segment.ENTERPRISE, 93)],
)
def test_the_estimate_of_each_segment(segment: Segment, minutes: float) -> None:
    assert sum(question.minutes for question in asked_first(default(), segment)) == minutes


@pytest.mark.parametrize("reason", Reason)
def test_every_reason_has_its_add_ons(reason: Reason) -> None:
    added = [question for question in default().questions if question.reason is reason]
    assert [question.id for question in added] == ADD_ONS[reason]
    for question in added:
        assert question.section == "Transition"
        assert set(question.need.values()) == {Need.REQUIRED}


def test_confidential_questions_are_for_the_leader_alone() -> None:
    hidden = [question for question in default().questions if question.confidential]
    assert [question.id for question in hidden] == ["UP1", "UP2", "UP3"]
    for question in hidden:
        assert question.confidential is Confidential.UNDERPERFORMING
        assert question.reason is None
        assert question.asked_of is Role.LEADER
        assert question.section == "Leader's checks"
    assert {q.id for q in default().questions if q.asked_of is Role.LEADER} == {
        question.id for question in hidden
    }


def test_links_are_tried_after_the_pack_is_there_and_each_by_a_tick_of_its_own() -> None:
    for key in TICKED:
        assert default().by_id[key].need == dict.fromkeys(Segment, Need.LEFT_OUT)
    assert [question.id for question in default().questions if question.after_pack] == ["DC8"]


def test_only_sensitive_subjects_are_kept_close() -> None:
    assert [question.id for question in default().questions if question.sensitive] == ["CC2"]


def test_a_bigger_account_wants_more_stakeholders() -> None:
    assert default().by_id["SK1"].at_least == {
        Segment.SMB: 1,
        Segment.MID_MARKET: 3,
        Segment.ENTERPRISE: 5,
    }
    assert default().by_id["S8"].at_least == {Segment.SMB: 1}


def test_of_a_record_only_its_title_is_needed() -> None:
    playbook = default()
    assert [spec.kind for spec in playbook.records] == list(RecordKind)
    for spec in playbook.records:
        assert [field.required for field in spec.fields] == [True] + [False] * (
            len(spec.fields) - 1
        )


def test_a_part_means_the_same_wherever_it_is_asked() -> None:
    kinds = {
        (part.key, part.kind, part.options)
        for question in default().questions
        for part in question.parts
    }
    assert len(kinds) == len({key for key, _, _ in kinds})


def test_milestones_are_the_published_ones() -> None:
    milestones = default().milestones
    assert [milestones.accept[segment] for segment in Segment] == [1, 1, 2]
    assert [milestones.pack[segment] for segment in Segment] == [3, 5, 8]
    assert [milestones.switch[segment] for segment in Segment] == [6, 16, 33]


@pytest.mark.parametrize(
    ("old", "new", "place", "words"),
    [
        pytest.param("version = 1", "version =", "not TOML", "line 10", id="not TOML"),
        pytest.param('id = "SN2"', 'id = "SN1"', "question SN1", "stands 2 times", id="id twice"),
        pytest.param(
            'id = "SN1"', 'id = "first"', "questions.first.id", "pattern", id="strange id"
        ),
        pytest.param('"Risks",', "", "question RK1", "no section is called 'Risks'", id="section"),
        pytest.param(
            'covers = ["SN1", "SN2"]',
            'covers = ["SN1", "SN9"]',
            "question S1",
            "covers SN9, which does not exist",
            id="covers nothing",
        ),
        pytest.param(
            'kind = "risk"\n',
            'kind = "document"\n',
            "question RK1",
            "lists risk, which [[records]] does not describe",
            id="record not described",
        ),
        pytest.param(
            'records = ["risk"]',
            'records = ["rumour"]',
            "questions.S10.records.0",
            "Input should be 'stakeholder'",
            id="record unknown",
        ),
        pytest.param(
            'key = "lead_until"',
            'key = "reachable_until"',
            "question TR3",
            "part reachable_until stands 2 times",
            id="part twice",
        ),
        pytest.param(
            'eight = ["RK1"',
            'eight = ["RK9"',
            "short_notice.eight",
            "no question is called RK9",
            id="short notice of no question",
        ),
        pytest.param(
            'key = "health"',
            'key = "Health!"',
            "questions.S1.parts.Health!.key",
            "pattern",
            id="strange part",
        ),
        pytest.param(
            '"green", label',
            '"Green!", label',
            "options.Green!.value",
            "pattern",
            id="strange option",
        ),
        pytest.param(
            'key = "health", kind = "choice"',
            'key = "health", kind = "text"',
            "part health",
            "a choice has options, nothing else has",
            id="options without a choice",
        ),
        pytest.param(
            'key = "last_day", kind = "date"',
            'key = "last_day", kind = "choice"',
            "part last_day",
            "a choice has options, nothing else has",
            id="choice without options",
        ),
        pytest.param(
            'need = { smb = "required"',
            'need = { tiny = "required"',
            "need.tiny",
            "Input should be 'smb'",
            id="segment unknown",
        ),
        pytest.param(
            'need = { smb = "required"',
            'need = { smb = "maybe"',
            "need.smb",
            "Input should be 'required'",
            id="need unknown",
        ),
        pytest.param(
            'reason = "attrition"',
            'reason = "boredom"',
            "reason",
            "Input should be 'attrition'",
            id="reason unknown",
        ),
        pytest.param(
            'asked_of = "incoming"',
            'asked_of = "customer"',
            "asked_of",
            "Input should be 'outgoing'",
            id="role unknown",
        ),
        pytest.param(
            'text = "What are the top 3',
            f'text = "{"why? " * 60}What are the top 3',
            "questions.S1.text",
            "at most 300 characters",
            id="text too long",
        ),
        pytest.param(
            "minutes = 4\n",
            "minutes = 0\n",
            "questions.S1.minutes",
            "greater than 0",
            id="no minutes",
        ),
        pytest.param(
            "sensitive = true", "secret = true", "secret", "Extra inputs", id="unknown field"
        ),
        pytest.param(
            "pack = { smb = 3, ",
            "pack = { ",
            "milestones.pack",
            "smb is missing",
            id="milestone without a segment",
        ),
        pytest.param(
            "switch = { smb = 6,",
            "swap = { smb = 6,",
            "milestones.switch",
            "Field required",
            id="milestone missing",
        ),
        pytest.param(
            "[milestones]",
            "[milestones]\nsilent_incoming_to_leader = 0",
            "milestones.silent_incoming_to_leader",
            "greater than or equal to 1",
            id="silence of no day",
        ),
        pytest.param(
            "[[records]]",
            '[[records]]\nkind = "risk"\none = "risk"\nmany = "risks"\nfields = []\n\n[[records]]',
            "records.risk.fields",
            "at least 1 item",
            id="record without fields",
        ),
        pytest.param(
            'label = "Health"',
            'label = ""',
            "questions.S1.parts.health.label",
            "at least 1",
            id="part without label",
        ),
        pytest.param(
            'text = "How healthy',
            'text = ""\n# "',
            "questions.SN2.text",
            "at least 1",
            id="no text",
        ),
        pytest.param(
            'hint = "', f'hint = "{"so " * 60}', "hint", "at most 150 characters", id="long hint"
        ),
        pytest.param(
            'help = "', f'help = "{"so " * 110}', "help", "at most 300 characters", id="long help"
        ),
        pytest.param(
            'one = "stakeholder"\n',
            "",
            "records.stakeholder.one",
            "Field required",
            id="record without word",
        ),
        pytest.param(
            'asked_of = "leader"',
            'asked_of = "outgoing"',
            "question UP1",
            "what is confidential is asked of the leader, and nothing else is",
            id="confidential asked of a CSM",
        ),
        pytest.param(
            'asked_of = "incoming"',
            'asked_of = "leader"',
            "question DC8",
            "what is confidential is asked of the leader, and nothing else is",
            id="open question asked of the leader",
        ),
        pytest.param(
            'asked_of = "incoming"',
            'asked_of = "creator"',
            "question DC8",
            "nothing is asked of the creator",
            id="asked of nobody who answers",
        ),
        pytest.param(
            'confidential = "underperforming"',
            'confidential = "underperforming"\nreason = "attrition"',
            "question UP1",
            "not to both",
            id="reason and confidential",
        ),
        pytest.param(
            'need = { smb = "required", mid_market = "left_out", enterprise = "left_out" }',
            'need = { smb = "required", mid_market = "left_out" }',
            "question S1",
            "its need for enterprise is missing",
            id="need without a segment",
        ),
        pytest.param(
            'covers = ["SN1", "SN2"]',
            'covers = ["S1", "SN2"]',
            "question S1",
            "covers itself",
            id="covers itself",
        ),
        pytest.param(
            'covers = ["SN1", "SN2"]',
            'covers = ["SN1", "TR2"]',
            "question S1",
            "covers TR2, which is asked of the incoming",
            id="covers what somebody else is asked",
        ),
        pytest.param(
            'covers = ["BG2", "BG3"]',
            'covers = ["BG2", "SN1"]',
            "question S3",
            "covers SN1 for smb, which S1 covers already",
            id="covered twice",
        ),
        pytest.param(
            "accept = { smb = 1,",
            "accept = { smb = -1,",
            "milestones.accept.smb",
            "greater than or equal to 0",
            id="milestone in the past",
        ),
        pytest.param(
            "accept = { smb = 1,",
            "accept = { smb = 4,",
            "milestones: for smb",
            "not in order",
            id="accepted after the pack is there",
        ),
        pytest.param(
            "switch = { smb = 6,",
            "switch = { smb = 2,",
            "milestones: for smb",
            "not in order",
            id="switched before the pack is there",
        ),
        pytest.param(
            "at_least = { smb = 1 }",
            "at_least = { smb = 0 }",
            "questions.S8.at_least.smb",
            "greater than or equal to 1",
            id="at least none",
        ),
        pytest.param(
            "at_least = { smb = 1 }",
            "at_least = { tiny = 1 }",
            "questions.S8.at_least.tiny",
            "Input should be 'smb'",
            id="at least for an unknown segment",
        ),
        pytest.param(
            'covers = ["SN1", "SN2"]',
            'covers = ["SN1", "SN2"]\nat_least = { smb = 1 }',
            "question S1",
            "at_least counts records, and it lists none",
            id="at least of nothing",
        ),
        pytest.param(
            'covers = ["BG2", "BG3"]',
            'covers = ["BG2", "BG3"]\ntext_needed = false',
            "question S3",
            "without text it needs parts or records",
            id="nothing to answer with",
        ),
        pytest.param(
            'kind = "risk"\n',
            'kind = "document"\n',
            "record document",
            "stands 2 times",
            id="record described twice",
        ),
        pytest.param(
            'key = "outcome"', 'key = "what"', "record episode", "field what stands 2", id="field"
        ),
        pytest.param(
            '"What was promised", hint = "A training for the new team"',
            '"What was promised", required = false',
            "record commitment",
            "the first field is its title, a required text",
            id="record without a title",
        ),
        pytest.param(
            'value = "amber"', 'value = "green"', "part health", "stands twice", id="option twice"
        ),
        pytest.param(
            'key = ["sponsor", "champion"',
            'key = ["sponsor", "friend"',
            "coverage",
            "no stakeholder can be a 'friend'",
            id="key part unknown",
        ),
        pytest.param(
            "[calls.shadow_1]",
            "[calls.lunch]",
            "calls lunch",
            "no milestone is called so",
            id="call unknown",
        ),
        pytest.param(
            "[calls.call]\n",
            '[calls.call]\nsummary = "Our call"\n',
            "calls call",
            "among us it has none",
            id="customer words for a call among us",
        ),
        pytest.param(
            'summary = "Introduction: {outgoing} and {incoming}"',
            'summary = "Introduction: {outgoing} and {reason}"',
            "calls introduction",
            "none of {outgoing}, {incoming} and {account}",
            id="call with a strange blank",
        ),
        pytest.param(
            '"Risks",', '"Risks", "Snapshot",', "section Snapshot", "2 times", id="section twice"
        ),
        pytest.param(
            'key = "renewal", kind = "date"',
            'key = "renewal", as_of = true, kind = "date"',
            "questions.SN3.parts.renewal",
            "only a number has an as_of date",
            id="as_of on a date",
        ),
    ],
)
def test_a_wrong_playbook_is_told_where(old: str, new: str, place: str, words: str) -> None:
    with pytest.raises(PlaybookError) as caught:
        read_playbook(edited(old, new))
    lines = [line for line in caught.value.problems if place in line and words in line]
    assert lines, caught.value.problems
    assert all("\n" not in line for line in caught.value.problems)


@pytest.mark.parametrize("name", ["sections", "questions"])
def test_a_playbook_without_content_is_refused(name: str) -> None:
    with pytest.raises(PlaybookError) as caught:
        read_playbook(f"{name} = []")
    assert any(
        line.startswith(f"{name}: ") and "at least 1 item" in line for line in caught.value.problems
    )


def test_every_problem_is_told_at_once() -> None:
    text = edited('"Risks",', "").replace("pack = { smb = 3, ", "pack = { ", 1)
    with pytest.raises(PlaybookError) as caught:
        read_playbook(text)
    assert caught.value.problems == [
        "question S10: no section is called 'Risks'",
        "question RK1: no section is called 'Risks'",
        "milestones.pack: smb is missing",
    ]


def test_a_fingerprint_names_one_content() -> None:
    assert fingerprint("version = 1") == "4eab33c0b9ba9ded"
    assert fingerprint(DEFAULT) == fingerprint(DEFAULT)
    assert fingerprint(edited("smb = 6", "smb = 7")) != fingerprint(DEFAULT)
    assert fingerprint(DEFAULT + "\n") != fingerprint(DEFAULT)


def test_usage_may_be_told_in_a_sentence() -> None:
    [usage] = default().by_id["CH1"].parts
    assert usage.as_of
    assert not usage.required
