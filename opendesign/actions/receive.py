"""Somebody pushes: git takes the objects, sync makes the records agree, and the pusher is told where to look."""

import time
from dataclasses import dataclass

from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.sync import sync_moves
from opendesign.core.access import RELEASED
from opendesign.records.build import Build, builds_by_key
from opendesign.records.design import Design, design_by_id, heads_of, parts_of
from opendesign.records.release import released_tags
from opendesign.records.verdict import rules_of

WAIT_SECONDS = 2.0  # how long a push waits for the builds it wants, see interface.md
SHOWN = 12  # parts named in the push output


def guarded_refs(work: Work, design: Design) -> tuple[list[str], dict[str, str]]:
    """Returns the branches that only move forward, and the refs that the acting person may not push to, with why."""
    rules = rules_of(work.session, design)
    held = {name: rule.refusal for name, rule in rules.items() if not work.may_move(name, design)}
    forward = sorted({design.default_branch, *rules})
    stuck = {f"refs/heads/{name}": why for name, why in held.items()}
    tags = [name for name in released_tags(work.session, design) if not work.may_retag(design, released=True)]
    stuck |= {f"refs/tags/{name}": RELEASED.format(name) for name in tags}
    return [f"refs/heads/{name}" for name in forward], stuck


def receive(house: House, visitor: Visitor, design_id: int, address: str) -> list[str]:
    """Syncs a design after a push and returns the lines the pusher sees; `address` is the service's URL."""
    with house.writing(visitor) as work:
        design = design_by_id(work.session, design_id)
        if design is None:
            return ["The design has been deleted meanwhile."]
        moved = sync_moves(work, design)
        path, branch = f"{address}/{design.path}", design.default_branch
        told = _Head.of(work, design) if f"refs/heads/{branch}" in moved else None
    if not moved:
        return []
    lines = ["", f"See it at {path}"]
    if told:
        lines += [f"This revision: {path}/revisions/{told.sha}", *_unsent(told.absent), *_report(house, told.parts)]
    lines += [f"Branch {name}: {path}/compare/{branch}...{name}" for name in _others(moved, branch)]
    return [*lines, ""]


@dataclass(frozen=True)
class _Head:
    """What the pusher is told of where the default branch has come to."""

    sha: str
    parts: dict[str, str]
    absent: list[str]

    @classmethod
    def of(cls, work: Work, design: Design) -> "_Head | None":
        sha = heads_of(work.session, [design]).get(design.id)
        if sha is None:
            return None
        parts = {part.path: part.build_key for part in parts_of(work.session, [design])[design.id]}
        return cls(sha, parts, read_tree(work, design, sha).absent)


def _others(moved: list[str], branch: str) -> list[str]:
    names = [ref.removeprefix("refs/heads/") for ref in moved if ref.startswith("refs/heads/")]
    return [name for name in names if name != branch][:5]


def _unsent(paths: list[str]) -> list[str]:
    """Returns what to say of files that Git LFS keeps and that nobody has sent."""
    if not paths:
        return []
    named = ", ".join(paths[:SHOWN]) + (" …" if len(paths) > SHOWN else "")
    return [f"Git LFS keeps {named}, which has not been sent. Send it: git lfs push --all origin"]


def _report(house: House, parts: dict[str, str]) -> list[str]:
    """Returns a line for each part: built, failed and why, or still building after two seconds."""
    if not parts:
        return [
            "No parts found: a part is a Python script that shows a CadQuery model, or a file such as .step or .stl."
        ]
    deadline = time.monotonic() + WAIT_SECONDS
    while True:
        with house.reading() as work:
            builds = builds_by_key(work.session, parts.values())
        waiting = [key for key in parts.values() if key not in builds or builds[key].state in ("wanted", "making")]
        if not waiting or time.monotonic() > deadline:
            break
        time.sleep(0.05)
    lines = [f"  {path}: {_word(builds.get(key))}" for path, key in list(parts.items())[:SHOWN]]
    return lines + ([f"  … and {len(parts) - SHOWN} more parts"] if len(parts) > SHOWN else [])


def _word(build: Build | None) -> str:
    if build is None or build.state in ("wanted", "making"):
        return "building"
    if build.state == "made":
        volume = (build.total or {}).get("volume_mm3")
        valid = "" if (build.total or {}).get("valid", True) else ", not a valid solid"
        return f"built, {volume / 1000:.2f} cm³{valid}" if volume else f"built{valid}"
    error = build.error or {}
    where = f" ({error['file']}:{error['line']})" if error.get("file") and error.get("line") else ""
    return f"failed: {str(error.get('message', ''))[:160]}{where}"
