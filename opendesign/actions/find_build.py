"""Finds a build or a comparison through the designs that show it: a private design keeps its shapes to itself."""

from opendesign.actions.house import Work
from opendesign.core.errors import NotFound
from opendesign.records.build import Build, Comparison
from opendesign.records.design import Design, design_by_id, designs_showing


def find_build(work: Work, key: str) -> Build:
    """Returns the build of this name; NotFound when there is none, or the acting person may see no design it is of."""
    build = work.session.get(Build, key)
    if build is None or not _seen(work, build):
        raise NotFound(f"There is no build “{key[:80]}” here, or it is not open to you.")
    return build


def find_comparison(work: Work, key: str) -> Comparison:
    """Returns the comparison of this name; NotFound unless both its builds may be seen."""
    row = work.session.get(Comparison, key)
    builds = [work.session.get(Build, each) for each in (row.before_key, row.after_key) if each] if row else []
    if row is None or not all(build is not None and _seen(work, build) for build in builds):
        raise NotFound(f"There is no comparison “{key[:80]}” here, or it is not open to you.")
    return row


def is_at_home(work: Work, build: Build) -> bool:
    """Tells whether the acting person may see the design that a build is made from."""
    home = design_by_id(work.session, build.design_id)
    return home is not None and work.may("see", home)


def homes(work: Work, build: Build) -> list[Design]:
    """Returns the designs that have wanted a build with exactly its inputs: the one it is made from, then others."""
    found = [design_by_id(work.session, build.design_id)]
    for number, moment in build.recipe.get("homes", []):
        design = design_by_id(work.session, number)
        # SQLite gives the number of a deleted design anew; the moment it was made tells the two apart.
        if design is not None and design.made_at.timestamp() == moment:
            found.append(design)
    return [design for design in found if design is not None]


def _seen(work: Work, build: Build) -> bool:
    """Tells whether a design that has wanted it, or one that has it as a part today, may be seen."""
    return any(work.may("see", design) for design in homes(work, build)) or any(
        work.may("see", design) for design in designs_showing(work.session, build.key)
    )
