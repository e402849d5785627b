"""How much material a build has is found on its shape by a job of its own: a part's script might say anything of it."""

from collections.abc import Iterable
from math import isclose

from opendesign.actions.house import Work
from opendesign.cad.version import engine_version
from opendesign.core.asker import asker
from opendesign.core.build import comparison_key
from opendesign.records.base import now
from opendesign.records.build import Build, Comparison, comparisons_by_key
from opendesign.records.design import Design

AGREED = 1e-3  # between a script's own word and ours; meshes are within 1e-4


def want_weighed(work: Work, design: Design, keys: Iterable[str]) -> list[str]:
    """Wants the volume of these builds found, where nobody has yet; returns the names of all these comparisons."""
    names = {_name(key): key for key in keys}
    known = comparisons_by_key(work.session, names)
    for name, key in names.items():
        if name not in known or known[name].stopped:
            row = Comparison(key=name, before_key=None, after_key=key, state="wanted", error=None, wanted_at=now())
            row.asker, row.priority = work.asker or asker(design.owner_id), 0
            work.session.merge(row)
            work.session.flush()
            work.soon("compare", name)
    return list(names)


def weighed(work: Work, builds: Iterable[Build]) -> dict[str, float | None] | None:
    """Returns the volume of each build by its key, mm³: None where its script says another one, or it has none.

    None altogether while one is still to be found. Reads only.
    """
    found = {build.key: build for build in builds}
    rows = comparisons_by_key(work.session, map(_name, found))
    volumes: dict[str, float | None] = {}
    for key, build in found.items():
        row = rows.get(_name(key))
        if row is None or row.stopped or row.state not in ("made", "failed"):
            return None
        volume = (row.result or {}).get("volume_mm3", {}).get("added") if row.state == "made" else None
        said = (build.total or {}).get("volume_mm3") or 0.0
        volumes[key] = volume if volume and isclose(volume, said, rel_tol=AGREED) else None
    return volumes


def _name(build: str) -> str:
    return comparison_key(engine_version(), None, build)
