"""A design is pushed to another server whenever its branches or tags have moved."""

from contextlib import suppress
from functools import partial

from opendesign.actions.house import House, Work
from opendesign.actions.pause import need_still_running, paused
from opendesign.actions.seal import seal, unseal
from opendesign.actions.transfer import alone, pause, why_not
from opendesign.core.errors import Invalid, NotFound, Paused
from opendesign.core.remote import is_named, read_remote
from opendesign.git.delivering import deliver
from opendesign.git.progress import Progress
from opendesign.git.remote import find_way
from opendesign.records.base import now
from opendesign.records.design import Design
from opendesign.records.mirror import Outlet, outlet_by_id, outlet_of

RETRY_MINUTES = 10
LONGEST_SECRET = 1000
LONGEST_NAME = 200


def open_outlet(work: Work, design: Design, url: str, name: str = "", secret: str = "") -> Outlet:
    """Has a design pushed to the repository at `url`, now and after each move, instead of where it was pushed before.

    `name` and `secret` are for that server; an empty secret keeps the one for the same address and name. Raises Invalid
    for an address that is none, or a name or a secret that cannot be sent.
    """
    remote, name = read_remote(url), name.strip()
    for field, text, most in (("name", name, LONGEST_NAME), ("secret", secret, LONGEST_SECRET)):
        if len(text) > most or not text.isprintable() or (field == "name" and ":" in text):
            words = f"has at most {most} characters, no colon in a name, and none that cannot be printed"
            raise Invalid(f"The {field} {words}.", [{"name": field, "message": words}])
    if secret and remote.scheme == "http" and not is_named(remote, work.house.settings.private_hosts):
        words = "must begin with https:// where a token goes along: others could read it on the way"
        raise Invalid(f"The address {words}.", [{"name": "url", "message": words}])
    outlet = outlet_of(work.session, design) or Outlet(design_id=design.id, url="", name="")
    same = (outlet.url, outlet.name) == (remote.url, name)
    outlet.sealed = seal(work.house, secret) if secret or not same else outlet.sealed
    outlet.url, outlet.name, outlet.at = remote.url, name, now()
    outlet.person_id = work.person.id if work.person else None
    outlet.pushed_at = outlet.pushed_at if same else None
    outlet.next_at, outlet.failures, outlet.problem = now(), 0, ""
    work.session.add(outlet)
    work.session.flush()
    work.soon("deliver", outlet.id)
    return outlet


def need_outlet(work: Work, design: Design) -> Outlet:
    """Returns where a design is pushed to; NotFound if nowhere."""
    outlet = outlet_of(work.session, design)
    if outlet is None:
        raise NotFound(f"{design.path} is pushed to no other server.")
    return outlet


def push_soon(work: Work, design: Design) -> Outlet:
    """Has a design pushed now, whether anything has moved or not."""
    outlet = need_outlet(work, design)
    outlet.next_at = now()
    work.soon("deliver", outlet.id)
    return outlet


def close_outlet(work: Work, design: Design) -> None:
    """Ends the pushes to another server and forgets its secret; what is there stays there."""
    work.session.delete(need_outlet(work, design))
    work.session.flush()


def deliver_job(house: House, key: str) -> None:
    """Pushes a design whose refs have moved and records what came of it; after a failure it waits twice as long.

    In read-only mode it waits, too, and tries again afterwards.
    """
    if paused(house) is not None:
        return
    with alone(house, f"deliver-{int(key)}", "deliver", key) as free, suppress(Paused):
        began = now()
        with house.reading() as work:
            outlet = outlet_by_id(work.session, int(key))
        if not free or outlet is None or outlet.next_at is None or outlet.next_at > began:
            return
        problem = why_not(partial(_pushed, house, outlet), f"The push to outlet {key}")
        with house.writing() as work:
            row = outlet_by_id(work.session, int(key))
            if row is None or row.at != outlet.at:
                return  # it was closed, or opened anew, meanwhile
            row.failures, row.problem = row.failures + 1 if problem else 0, problem
            if problem:
                row.next_at = now() + pause(RETRY_MINUTES, row.failures - 1)
            else:
                moved = row.next_at is not None and row.next_at > began
                row.pushed_at, row.next_at = now(), row.next_at if moved else None


def _pushed(house: House, outlet: Outlet) -> None:
    def tell(_: Progress) -> bool:
        with house.reading() as work:
            need_still_running(work)
            row = outlet_by_id(work.session, outlet.id)
            return row is not None and row.at == outlet.at

    way = find_way(read_remote(outlet.url), house.settings.private_hosts)
    secret = unseal(house, outlet.sealed)
    path = house.store.path(str(outlet.design_id))
    deliver(path, way, outlet.name, secret, house.store.limits, tell)
