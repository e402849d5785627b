"""What a revision's lineage is made of, as its exports tell it: agents, commits, adoptions and shares."""

from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Agent:
    """One of the people: what they are called, and the name of their account, empty without one."""

    name: str
    account: str = ""


@dataclass(frozen=True)
class Made:
    """A commit of a design: its message's first line, parents, authors, and when it was made by its author's clock."""

    sha: str
    subject: str
    parents: tuple[str, ...]
    agents: tuple[Agent, ...]
    at: datetime


@dataclass(frozen=True)
class Adopted:
    """A change that one design took from another; both are `owner/name`. `commit` is where it arrived."""

    id: int
    kind: str
    source: str
    source_commit: str
    target: str
    commit: str
    subject: str
    evidence: tuple[str, ...]
    share: float
    commits: int
    credited: bool
    person: Agent | None
    at: datetime
    proposal: int | None = None


@dataclass(frozen=True)
class Account:
    """The lineage of one revision: nothing in it is hidden from whoever may see the design.

    `base` is the service's address, `design`, `parent` and `root` (the first of the family) are `owner/name`, the last
    two empty where they are hidden. `commits` are the newest, newest first, `taken` the oldest first; `shares` are ppm,
    the largest first. `made_at` is when the commit `sha` was made.
    """

    base: str
    design: str
    title: str
    summary: str
    licence: str
    owner: Agent
    team: tuple[Agent, ...]
    sha: str
    made_at: datetime
    version: str
    parent: str
    fork_sha: str
    root: str
    commits: tuple[Made, ...]
    taken: tuple[Adopted, ...]
    shares: tuple[tuple[Agent, int], ...]

    def revision(self, design: str, sha: str) -> str:
        """Returns the address of a revision."""
        return f"{self.base}/{design}/revisions/{sha}"
