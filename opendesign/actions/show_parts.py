"""Which parts a revision shows, and how far the build of each is; reads only."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.want_build import part_key
from opendesign.records.build import Build, builds_by_key
from opendesign.records.design import Design, Part, parts_of


@dataclass(frozen=True)
class Shown:
    """A part of a revision with the build of its own parameter values, None while nobody wants it."""

    path: str
    title: str
    key: str
    build: Build | None

    @property
    def state(self) -> str:
        """The state of its build: wanted, making, made or failed."""
        return self.build.state if self.build else "wanted"


def parts_at_head(work: Work, designs: Sequence[Design]) -> dict[int, list[Shown]]:
    """Returns the parts at the head of each design's default branch, from the records alone."""
    parts = parts_of(work.session, list(designs))
    builds = builds_by_key(work.session, [part.build_key for listed in parts.values() for part in listed])
    return {key: [_shown(part, builds) for part in listed] for key, listed in parts.items()}


def parts_at(work: Work, design: Design, sha: str) -> list[Shown]:
    """Returns the parts of any revision of a design."""
    snapshot = read_tree(work, design, sha)
    keys = {part.path: part_key(snapshot, part.path) for part in snapshot.parts}
    builds = builds_by_key(work.session, keys.values())
    return [Shown(part.path, part.title, keys[part.path], builds.get(keys[part.path])) for part in snapshot.parts]


def leading(parts: Sequence[Shown]) -> Shown | None:
    """Returns the part that stands for the whole: the assembly where there is one, else the first; if it can, one that
    builds.
    """
    whole = [part for part in parts if "assembly" in f"{part.path} {part.title}".lower()]
    ranked = sorted([*whole, *parts], key=lambda part: part.state == "failed")
    return next(iter(ranked), None)


def _shown(part: Part, builds: Mapping[str, Build]) -> Shown:
    return Shown(part.path, part.title, part.build_key, builds.get(part.build_key))
