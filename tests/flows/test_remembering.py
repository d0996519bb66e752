"""What is remembered with a frozen value is only ever true of that value."""

from flows.privacy import told_user
from flows.remembering import Remembering, remembered
from flows.terms import Role
from tests.make import IVAN, make_handover


class Number(Remembering):
    is_: int = 1


asked: list[tuple[int, int]] = []


@remembered
def times(number: Number, other: int) -> int:
    asked.append((number.is_, other))
    return number.is_ * other


def test_what_follows_is_worked_out_once_for_each_value_and_argument() -> None:
    asked.clear()
    two, same = Number(is_=2), Number(is_=2)
    assert [times(two, 3), times(two, 3), times(two, 4), times(same, 3)] == [6, 6, 8, 6]
    assert asked == [(2, 3), (2, 4), (2, 3)]


def test_a_copy_remembers_nothing() -> None:
    two = Number(is_=2)
    assert times(two, 3) == 6
    assert times(two.model_copy(update={"is_": 5}), 3) == 15
    assert times(two.model_copy(), 3) == 6


def test_what_is_remembered_makes_no_difference_between_values() -> None:
    two = Number(is_=2)
    times(two, 3)
    assert two == Number(is_=2)
    assert hash(two) == hash(Number(is_=2))
    assert two.model_dump() == {"is_": 2}


def test_who_knows_is_asked_of_each_handover_anew() -> None:
    waiting = make_handover()
    assert told_user(waiting, Role.INCOMING) == IVAN
    assert told_user(waiting.model_copy(update={"tellings": {}}), Role.INCOMING) is None
