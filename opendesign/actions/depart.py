"""Somebody leaves for good, or is removed: what is theirs alone goes, what others have of it stays."""

from dataclasses import dataclass

from opendesign.actions.change_design import delete_design
from opendesign.actions.enter import check_password
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.join import mark_of
from opendesign.actions.prove_factor import check_code
from opendesign.actions.suspend import need_another_operator
from opendesign.core.access import WITHHELD
from opendesign.core.errors import Conflict, Forbidden, Invalid
from opendesign.records.deed import unname
from opendesign.records.departure import Departure
from opendesign.records.design import Design, search_designs
from opendesign.records.factor import factor_of
from opendesign.records.kin import fork_counts
from opendesign.records.person import Person, forget_attempts_of
from opendesign.records.report import forget_reporter


@dataclass(frozen=True)
class Farewell:
    """What leaving would mean: the designs that go, each with how many public forks stay, and those to hand over.

    Those that were taken down are `withheld`, too.
    """

    going: list[tuple[Design, int]]
    shared: list[Design]
    withheld: list[Design]


def foresee_farewell(work: Work, person: Person) -> Farewell:
    """Returns what becomes of a person's designs: those that others own, too, are to be handed over or deleted."""
    own = list(work.session.scalars(search_designs(work.session, person, owner=person, sort="name")).unique())
    shared = [each for each in own if list(each.roles.values()).count("owner") > 1]
    going, forks = [each for each in own if each not in shared], fork_counts(work.session, own)
    withheld = [each for each in own if each.visibility == WITHHELD]
    return Farewell([(each, forks.get(each.id, 0)) for each in going], shared, withheld)


def leave_for_good(house: House, visitor: Visitor, name: str, password: str, code: str, address: str) -> None:
    """Removes the acting person, who has repeated their name, and shown their password and second factor.

    Raises Invalid, Forbidden, TooMany, Conflict while a design of theirs is down, and what `remove_person` raises.
    """
    with house.reading(visitor) as work:
        person = work.person
        if person is None:
            raise Forbidden("Enter first.")
        if name.strip() != person.name:
            raise Invalid(f"To leave, repeat your name: {person.name}.", [{"name": "name"}])
        need_free(work, person)
        _need_none_withheld(work, person)
        factor = factor_of(work.session, person)
    if person.password:
        check_password(house, person.name, password, address)
    if factor is not None:
        check_code(house, person.id, code, address)
    with house.writing(visitor) as work:
        if work.person is not None:
            _need_none_withheld(work, work.person)
            remove_person(work, work.person)


def dismiss_person(work: Work, person: Person, name: str) -> None:
    """Removes a person, whose name an operator repeats; raises Invalid, and what `remove_person` raises."""
    work.need_operator()
    if name.strip() != person.name:
        raise Invalid(f"To remove them, repeat the name: {person.name}.", [{"name": "name"}])
    remove_person(work, person)


def need_free(work: Work, person: Person) -> None:
    """Raises Conflict for the only operator, and while others own designs that are called by this person's name."""
    need_another_operator(work, person)
    if shared := foresee_farewell(work, person).shared:
        paths = ", ".join(each.path for each in shared[:5])
        raise Conflict(f"Others own these, too; hand them over or delete them first: {paths}.")


def _need_none_withheld(work: Work, person: Person) -> None:
    """Raises Conflict while a design of theirs is taken down: nobody erases it, and its takedown, by leaving."""
    if withheld := foresee_farewell(work, person).withheld:
        paths = ", ".join(each.path for each in withheld[:5])
        raise Conflict(
            f"These were taken down and have to stay; write to the operators to leave nevertheless: {paths}."
        )


def remove_person(work: Work, person: Person) -> None:
    """Deletes a person with the designs that are theirs alone; their name stays barred. Raises Conflict.

    What they wrote elsewhere stays, by nobody; deeds keep their number.
    """
    need_free(work, person)
    for design, _forks in foresee_farewell(work, person).going:
        delete_design(work, design, design.path)
    key, name, email = person.id, person.name, person.email
    tries = (f"{kind}:{word.lower()[:80]}" for kind in ("name", "code", "reset") for word in (name, email))
    forget_attempts_of(work.session, tries)
    forget_reporter(work.session, person)
    work.session.add(Departure(id=key, mark=mark_of(work.house, name)))
    work.session.delete(person)
    work.session.flush()
    unname(work.session, key, name)
