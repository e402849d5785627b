"""Finds what an address such as `main/docs/guide.md` means: branch names may hold slashes too."""

from dataclasses import dataclass

from opendesign.actions.house import Work
from opendesign.core.errors import NotFound
from opendesign.records.design import Design, known_refs


@dataclass(frozen=True)
class Place:
    """A revision as it was named, its commit, the path after it, and what the name is: branch, tag or revision."""

    ref: str
    sha: str
    path: str
    kind: str

    @property
    def branch(self) -> str | None:
        """The branch's name, None for a tag or a revision: those cannot be written to."""
        return self.ref if self.kind == "branch" else None


def find_place(work: Work, design: Design, address: str) -> Place:
    """Returns the longest branch or tag the address begins with, else the revision; raises NotFound."""
    address = address.strip("/")
    refs = known_refs(work.session, design)
    for kind, prefix in (("branch", "refs/heads/"), ("tag", "refs/tags/")):
        names = [ref.removeprefix(prefix) for ref in refs if ref.startswith(prefix)]
        fitting = [name for name in names if address == name or address.startswith(f"{name}/")]
        if fitting:
            name = max(fitting, key=len)
            return Place(name, refs[prefix + name], address[len(name) + 1 :], kind)
    name, _, path = address.partition("/")
    with work.house.store.open(design.key) as repository:
        return Place(name, repository.resolve(name), path, "revision")


def find_revision(work: Work, design: Design, name: str = "") -> Place:
    """Returns what a branch, tag or revision means, by default the default branch; raises NotFound."""
    place = find_place(work, design, name or design.default_branch)
    if place.path:
        raise NotFound(f"There is no branch, tag or revision “{name[:200]}” in {design.path}.")
    return place


def branches_of(work: Work, design: Design) -> list[str]:
    """Returns the names of a design's branches, the default one first."""
    refs = known_refs(work.session, design)
    names = sorted(ref.removeprefix("refs/heads/") for ref in refs if ref.startswith("refs/heads/"))
    return sorted(names, key=lambda name: name != design.default_branch)
