"""What a file that leaves the house says about itself: whose design, which revision, which licence, where it is."""

from collections.abc import Mapping
from dataclasses import dataclass, fields

from opendesign.core.build import stamped_key
from opendesign.core.measurement import is_plain

LONGEST = 300  # characters of one fact


@dataclass(frozen=True)
class Stamp:
    """The facts; `date` is the commit's (ISO 8601, UTC), `origin` the design this one was forked from."""

    design: str
    title: str
    owner: str
    part: str
    revision: str
    date: str
    licence: str
    source: str
    parameters: str = ""
    origin: str = ""

    @property
    def facts(self) -> Mapping[str, str]:
        """What is known, by name, without controls and what would turn round or hide other letters."""
        every = {each.name: clean(getattr(self, each.name)) for each in fields(self)}
        return {name: text for name, text in every.items() if text}

    def key(self, build: str) -> str:
        """Returns the name under which a build's files with these facts are kept."""
        return stamped_key(build, self.facts)


def clean(text: str) -> str:
    """Returns a fact of at most 300 characters that may stand in any file."""
    return "".join(letter for letter in text[:LONGEST] if is_plain(letter)).strip()
