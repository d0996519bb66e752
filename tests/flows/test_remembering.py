"""What is remembered with a frozen value is only ever true of that value."""

from collections.abc import Callable, Iterable
from typing import Any

from typing_extensions import override

from flows.effects import effects
from flows.handover import Handover
from flows.passing import due_at
from flows.privacy import told_user
from flows.remembering import Remembering, entry_by_entry, remembered, unmoved_by
from flows.tasks import all_tasks
from flows.terms import Role
from tests.bench.material import Workload, half_answered
from tests.make import IVAN, default_playbook, make_handover


class Number(Remembering):
    is_: int = 1
    called: str = ""


asked: list[tuple[int, int]] = []


@remembered
def times(number: Number, other: int) -> int:
    asked.append((number.is_, other))
    return number.is_ * other


@unmoved_by(frozenset({"called"}))
def doubled(number: Number) -> int:
    asked.append((number.is_, 2))
    return number.is_ * 2


def test_what_follows_is_worked_out_once_for_each_value_and_argument() -> None:
    asked.clear()
    two, same = Number(is_=2), Number(is_=2)
    assert [times(two, 3), times(two, 3), times(two, 4), times(same, 3)] == [6, 6, 8, 6]
    assert asked == [(2, 3), (2, 4), (2, 3)]


def test_another_value_remembers_nothing() -> None:
    two = Number(is_=2)
    assert times(two, 3) == 6
    assert times(two.model_copy(update={"is_": 5}), 3) == 15
    assert times(two.model_copy(), 3) == 6


def test_a_copy_goes_on_with_what_does_not_hang_on_its_difference() -> None:
    asked.clear()
    two = Number(is_=2)
    assert doubled(two) == doubled(two.model_copy(update={"called": "pair"})) == 4
    assert asked == [(2, 2)]
    assert doubled(two.model_copy(update={"called": "four", "is_": 4})) == 8


class Purse(Remembering):
    coins: dict[str, Number]
    rate: Number = Number()


@entry_by_entry("coins", "rate")
def worth(purse: Purse, coin: str, times: int) -> int:
    asked.append((purse.coins[coin].is_, times))
    return purse.coins[coin].is_ * purse.rate.is_ * times


def test_of_a_mapping_only_what_is_new_in_it_is_worked_out() -> None:
    asked.clear()
    purse = Purse(coins={"a": Number(is_=1), "b": Number(is_=2)})
    more = purse.model_copy(update={"coins": {**purse.coins, "b": Number(is_=5)}})
    assert worth(purse, 1) == worth(purse, 1) == {"a": 1, "b": 2}
    assert worth(more, 1) == {"a": 1, "b": 5}
    assert asked == [(1, 1), (2, 1), (5, 1)]
    assert worth(purse, 1) == {"a": 1, "b": 2}
    less = more.model_copy(update={"coins": {"b": more.coins["b"]}})
    assert worth(less, 1) == {"b": 5}


def test_of_a_mapping_everything_is_worked_out_where_what_stands_beside_it_changed() -> None:
    purse = Purse(coins={"a": Number(is_=1)})
    assert worth(purse, 1) == {"a": 1}
    assert worth(purse.model_copy(update={"rate": Number(is_=3)}), 1) == {"a": 3}
    assert worth(purse, 2) == {"a": 2}


class Interrupted(frozenset[str]):
    """Fields, while whose being looked at another thread works out something else."""

    meanwhile: Callable[[], object]

    @override
    def issuperset(self, other: Iterable[object]) -> bool:
        self.meanwhile()
        return super().issuperset(other)


def test_a_copy_can_be_made_while_another_thread_works_something_out() -> None:
    two, fields = Number(is_=2), Interrupted({"called"})
    fields.meanwhile = lambda: times(two, 3)
    assert unmoved_by(fields)(lambda number: number.is_)(two) == 2
    assert two.model_copy(update={"called": "pair"}).is_ == 2


def test_what_is_remembered_makes_no_difference_between_values() -> None:
    two = Number(is_=2)
    times(two, 3)
    assert two == Number(is_=2)
    assert hash(two) == hash(Number(is_=2))
    assert two.model_dump() == {"is_": 2, "called": ""}


def test_who_knows_is_asked_of_each_handover_anew() -> None:
    waiting = make_handover()
    assert told_user(waiting, Role.INCOMING) == IVAN
    assert told_user(waiting.model_copy(update={"tellings": {}}), Role.INCOMING) is None


read: set[str] = set()


class Watched(Handover):
    """A handover that notes which of its fields are looked at."""

    @override
    def __getattribute__(self, name: str) -> Any:
        read.add(name)
        return super().__getattribute__(name)


def test_what_does_not_hang_on_a_field_does_not_look_at_it() -> None:
    before, book = half_answered(Workload("T1", "P1", 1), 0), default_playbook()
    handover = Watched.model_validate(before.model_dump())
    all_tasks(handover, book)
    due_at(handover, book)
    effects(before, handover, book)
    looked_at: dict[str, set[str]] = {}
    for but, unmoved in handover._known.items():
        for compute, results in unmoved.items():
            for args in list(results):
                object.__setattr__(handover, "_known", {})
                read.clear()
                compute(handover, *args)
                looked_at[compute.__name__] = read & but
    assert len(looked_at) > 12
    assert not {name: fields for name, fields in looked_at.items() if fields}
