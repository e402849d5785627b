"""Somebody moves a slider or types: the newest geometry, as fast as the kernel allows."""

from collections.abc import Mapping

from opendesign.actions.build import PASSING, input_files, record
from opendesign.actions.house import House, Visitor
from opendesign.actions.want_build import new_build, part_key
from opendesign.cad.engine import Job
from opendesign.core.asker import asker
from opendesign.core.errors import Conflict, Unbuildable
from opendesign.core.snapshot import Snapshot
from opendesign.records.build import Build
from opendesign.records.design import Design

PREVIEW = ("viewer",)


def preview(
    house: House,
    visitor: Visitor,
    design: Design,
    snapshot: Snapshot,
    path: str,
    values: Mapping[str, object],
    lane: str = "",
) -> Build:
    """Returns the build of a part with these values, made now if it is not on the shelf; other files follow later.

    A newer preview in the same lane cancels this one (Conflict). Raises Unbuildable when the engine is off; a
    script that fails gives a failed build, which is no error.
    """
    path = snapshot.part(path).path
    key = part_key(snapshot, path, values)
    with house.shelf.alone(key, "viewer"):  # whoever else wants the same waits, and finds it
        with house.reading(visitor) as work:
            row = work.session.get(Build, key)
            if row is not None and row.state in ("made", "failed"):
                return row
            files = input_files(work, design, snapshot, path, values)
            job = Job(path, files, PREVIEW, lane=lane, owner=work.asker or asker(design.owner_id))
        outcome = house.engine.build(job)
        if outcome.error and outcome.error["kind"] == "cancelled":
            raise Conflict("A newer preview took the place of this one.")
        if outcome.error and outcome.error["kind"] in PASSING:
            raise Unbuildable(outcome.error["message"])
        with house.noting(visitor) as work:
            row = work.session.get(Build, key) or work.session.merge(new_build(design, snapshot, path, key, values))
            if row.state in ("wanted", "making"):
                record(work, row, outcome, exported=False)
            work.session.flush()
        return row
