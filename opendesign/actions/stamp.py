"""What the files of a revision say about themselves."""

from collections.abc import Mapping
from datetime import UTC

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.manifest import stated_licence
from opendesign.core.stamp import Stamp
from opendesign.core.value import plain
from opendesign.records.design import Design


def stamp_of(work: Work, design: Design, sha: str, part: str, values: Mapping[str, object], base: str) -> Stamp:
    """Returns the stamp of a part's files at a revision with these values.

    No part: the stamp of the whole revision. `base` is the service's address. Raises NotFound for no such revision.
    """
    with work.house.store.open(design.key) as repository:
        at = repository.commit(sha).committer.at
    return Stamp(
        design=design.path,
        title=design.title,
        owner=design.owner.shown_name,
        part=part,
        revision=sha,
        date=at.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%S"),
        licence=stated_licence(read_tree(work, design, sha).manifest) or design.licence or "",
        source=f"{base}/{design.path}/revisions/{sha}",
        parameters=", ".join(f"{name} = {plain(value)}" for name, value in sorted(values.items())),
        origin=_origin(work, design, base),
    )


def _origin(work: Work, design: Design, base: str) -> str:
    """Returns what a fork was forked from, as far as everybody may know."""
    parent = design.parent
    if parent is None or parent.visibility != "public":
        return ""
    return f"modified from {base}/{parent.path}"
