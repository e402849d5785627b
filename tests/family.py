"""A family for the tests of pages: somebody's design, a fork of it, and what is proposed back."""

from opendesign.actions.fork import fork
from opendesign.actions.propose import propose
from opendesign.records.design import design_by_path

BOX = """\"\"\"Box: a body with a hole.\"\"\"

import cadquery as cq

WIDTH = 20.0  # [5:1:100] Outer width, mm
HOLE = 2.0  # [1:0.5:6] Diameter of the hole, mm

show_object(cq.Workplane().box(WIDTH, 10, 4).faces(">Z").workplane().hole(HOLE), name="box")
"""
PIN = """\"\"\"Pin: fits the hole of the box.\"\"\"

import cadquery as cq

show_object(cq.Workplane().circle(0.9).extrude(12), name="pin")
"""
PRESETS = """{
  "box.py": {
    "Wide": {
      "WIDTH": 60.0
    },
    "Short": {
      "WIDTH": 9
    },
    "Odd": {
      "WIDTH": 9000,
      "NOPE": 1
    }
  },
  "note": "kept as it is"
}
"""
FILES = {"box.py": BOX, "pin.py": PIN, "README.md": "# A box\n\nWith a pin.\n", "presets.json": PRESETS}


def wider(width: float) -> dict[str, str]:
    """The change that makes the box so wide."""
    return {"box.py": BOX.replace("WIDTH = 20.0", f"WIDTH = {width}")}


def fork_of(site, address: str, owner: str, name: str = "") -> str:
    """Somebody forks a design; returns the fork's address."""
    with site.house.writing(site.visitor(owner)) as work:
        made = fork(work, design_by_path(work.session, *address.strip("/").split("/")), name)
        return f"/{made.path}"


def proposed(site, source: str, target: str, branch: str = "main", **words: str) -> str:
    """The source's owner proposes its branch to the target; returns the proposal's address."""
    with site.house.writing(site.visitor(source.split("/")[1])) as work:
        designs = [design_by_path(work.session, *address.strip("/").split("/")) for address in (target, source)]
        made = propose(work, *designs, branch, **words)
        return f"{target}/proposals/{made.number}"
