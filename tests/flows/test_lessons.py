"""Three handovers that miss the same question propose to require it (N15)."""

from importlib.resources import files

from flows import events as e
from flows.end.endings import Ended, Ending, Visit
from flows.end.endings import Gap as Missing
from flows.handover import Handover, Stage
from flows.knowledge.interview import questions
from flows.playbook import read_playbook
from flows.reports.lessons import Gap, Lesson, gaps_of, lessons, playbook_line
from flows.terms import Need, Role, Segment
from tests.flows.make import LENA, MONDAY, NEVER, NOW, PLAYBOOK, Story

SMB, MID, ENTERPRISE = Segment.SMB, Segment.MID_MARKET, Segment.ENTERPRISE


def missed(number: int, question: str = "DC7", segment: Segment = MID) -> Gap:
    return Gap(question=question, handover=f"H{number}", segment=segment)


def followed_up(story: Story, *missing: str) -> Handover:
    gaps = tuple(Missing(question=key) for key in missing)
    visits = tuple(
        Visit(key=key, by=LENA, at=MONDAY, explained_again=True, gaps=gaps)
        for key in ("follow_up", "review")
    )
    ending = Ending(completed=Ended(by=LENA, at=MONDAY), visits=visits)
    return story.handover.model_copy(update={"ending": ending, "stage": Stage.COMPLETE})


def test_a_gap_counts_once_for_each_handover() -> None:
    assert gaps_of(Story().handover) == frozenset()
    assert gaps_of(followed_up(Story(), "DC7", "S1")) == {
        Gap(question="DC7", handover="H1", segment=SMB),
        Gap(question="S1", handover="H1", segment=SMB),
    }


def test_a_handover_that_somebody_must_not_know_of_teaches_nothing() -> None:
    quiet = Story(by=LENA, tellings={Role.OUTGOING: NEVER, Role.INCOMING: NOW})
    assert gaps_of(followed_up(quiet, "DC7")) == frozenset()
    example = followed_up(Story(), "DC7").model_copy(update={"example": True})
    assert gaps_of(example) == frozenset()


def test_three_handovers_make_a_proposal() -> None:
    two = [missed(1), missed(2), missed(2)]
    assert lessons(two, PLAYBOOK) == ()
    three = (*two, missed(3, segment=ENTERPRISE))
    assert lessons(three, PLAYBOOK) == (Lesson(question="DC7", handovers=3, segments=(MID,)),)
    assert lessons(three, PLAYBOOK, noted=("DC7",)) == ()


def test_what_is_required_already_is_to_be_asked_more_plainly() -> None:
    """In SMB a joined prompt asks it; what is not asked any more teaches nothing."""
    for segment in (SMB, ENTERPRISE):
        gaps = [missed(n, segment=segment) for n in range(5)]
        assert lessons(gaps, PLAYBOOK) == (Lesson(question="DC7", handovers=5, segments=()),)
    assert lessons([missed(n, "ZZ9") for n in range(5)], PLAYBOOK) == ()


def test_with_the_line_in_the_playbook_new_handovers_ask_it() -> None:
    (lesson,) = lessons([missed(n) for n in range(3)], PLAYBOOK)
    text = files("flows").joinpath("playbook.toml").read_text(encoding="utf-8")
    before, found, rest = text.partition('id = "DC7"')
    head, _need, after = rest.partition("\nneed = ")
    line = playbook_line(lesson, PLAYBOOK)
    changed = f"{before}{found}{head}\n{line}\n{after.partition(chr(10))[2]}"
    book = read_playbook(changed)
    story = Story(book, segment=MID)
    asked = [q.id for q in questions(story.handover, book, Role.OUTGOING, Need.REQUIRED)]
    assert "DC7" in asked
    assert lessons([missed(n) for n in range(3)], book)[0].segments == ()
    usual = questions(Story(segment=MID).handover, PLAYBOOK, Role.OUTGOING, Need.REQUIRED)
    assert "DC7" not in [q.id for q in usual]


def test_a_recorded_follow_up_is_what_teaches() -> None:
    """Through the event that a leader's form makes."""
    done = followed_up(Story(segment=MID))
    ending = done.ending.model_copy(update={"visits": ()})
    story = Story(segment=MID)
    story.handover = done.model_copy(update={"ending": ending})
    key = next(m.key for m in PLAYBOOK.plan if m.since == "complete" and m.days.get(MID))
    gap = Missing(question="DC7", words="The PDF")
    known = {"key": key, "explained_again": True, "gaps": (gap,), "well": False}
    story.does(LENA, e.FollowedUp, **known)
    assert gaps_of(story.handover) == {missed(1)}
