"""What a page about conflicts needs to know, whatever wants to reach a branch."""

from typing import Protocol

from opendesign.git.merging import Trial
from opendesign.records.design import Design


class Undecided(Protocol):
    """Something that was tried on a design's branch, whose tip is `ours`; `mergeable` is `conflict` or another word."""

    @property
    def design(self) -> Design:
        """The design it would reach."""

    @property
    def ours(self) -> str:
        """The tip of its branch."""

    @property
    def trial(self) -> Trial:
        """What it would give."""

    @property
    def mergeable(self) -> str:
        """`clean`, `conflict` or `unknown`."""
