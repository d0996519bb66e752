"""What one replica remembers beside the database, the others are right without."""

from pathlib import Path

from tests.fleet.fleet import Fleet, fleet
from tests.fleet.replica import Replica


def leave_to(fleet: Fleet, one: Replica) -> None:
    """Whatever comes goes to this replica from now on."""
    for replica in fleet.replicas:
        fleet.balancer.take_out(replica)
    fleet.balancer.add(one)


def test_what_one_replica_was_told_the_other_one_acts_by_at_once(
    postgresql_url: str, tmp_path: Path
) -> None:
    # No tick brings anything up to date meanwhile.
    with fleet(postgresql_url, tmp_path, 2, HANDOVER_TICK_SECONDS="600") as made:
        first, second = made.replicas
        leave_to(made, first)
        made.olga.opens_home()
        made.until(lambda: made.olga.home().text)
        made.ada.types("/handover settings")
        leave_to(made, second)
        made.start()
        made.until(lambda: "Northwind" in made.olga.home().text)
        made.ada.types("/handover settings")
        leave_to(made, first)
        form = made.ada.modal()
        form.pick_person("Leaders", made.ivan)
        assert form.submit().closed
        leave_to(made, second)
        made.ada.types("/handover settings")
        assert "Ivan" in str(made.ada.modal().value("Leaders"))
        made.olga.types("/handover start Southwind")
        made.olga.modal().choose("Leader", "Ivan Petrov")
