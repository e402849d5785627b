"""The people's side of the gate: who approves what is proposed, who wants it changed, and whether that is enough."""

from collections.abc import Sequence
from dataclasses import dataclass
from typing import NamedTuple

APPROVE, REQUEST_CHANGES = WORDS = ("approve", "request_changes")
MOST = 10  # approvals that a branch may ask for
DECIDED_ALONE = (
    "Not merged: the branch asks for approvals, and nobody approved what neither side has. Choose “ours” or “theirs”,"
    " or solve the conflict on the source branch and have it approved."
)


class Opinion(NamedTuple):
    """One verdict: whose, about which commit, its word, and whether they may write to the design.

    `person` is None for somebody who left.
    """

    person: int | None
    sha: str
    word: str
    writer: bool


@dataclass(frozen=True)
class Standing:
    """How many who may write approve the newest commit, how many want it changed, and how many must approve."""

    required: int = 0
    approvals: int = 0
    objections: int = 0

    @property
    def enough(self) -> bool:
        """True when nothing is asked, or enough approve and nobody who counts wants changes."""
        return not self.required or (self.approvals >= self.required and not self.objections)


def current(opinions: Sequence[Opinion], head: str) -> list[bool]:
    """Says of each opinion, oldest first, whether it holds: it is its person's last word, about the newest commit."""
    last = {opinion.person: at for at, opinion in enumerate(opinions)}
    return [
        opinion.person is not None and last[opinion.person] == at and opinion.sha == head
        for at, opinion in enumerate(opinions)
    ]


def standing(opinions: Sequence[Opinion], head: str, required: int) -> Standing:
    """Counts the opinions that hold, of people who may write."""
    held = zip(opinions, current(opinions, head), strict=True)
    words = [opinion.word for opinion, holds in held if holds and opinion.writer]
    return Standing(required, words.count(APPROVE), words.count(REQUEST_CHANGES))


def objection(found: Standing) -> str | None:
    """The sentence that refuses a merge for lack of approval; None when there is enough."""
    if found.enough:
        return None
    if found.objections:
        return "Not merged: somebody who may write to the design asks for changes to the newest commit."
    asked = "1 approval" if found.required == 1 else f"{found.required} approvals"
    return (
        f"Not merged: the branch asks for {asked} of the newest commit by people who may write to the design,"
        f" and has {found.approvals}."
    )
