"""Whether material under one licence may go into a design under another: information for people, no legal advice."""

from dataclasses import dataclass

from opendesign.core.licence import BY_ID

PERMISSIVE = ("CERN-OHL-P-2.0", "SHL-2.1", "Apache-2.0", "MIT", "CC-BY-4.0")
# Licences that let material go on under another one, by their own text: CERN-OHL-W-2.0 names CERN-OHL-S-2.0 (for
# sources whose available components fit it too), LGPL 3 is GPL 3 with permissions, MPL 2.0 names its secondary
# licences, GPL 3 section 13 lets a whole be combined with AGPL 3.
ONWARD = {
    "CERN-OHL-W-2.0": ("CERN-OHL-S-2.0",),
    "LGPL-3.0-or-later": ("GPL-3.0-or-later", "AGPL-3.0-or-later"),
    "MPL-2.0": ("LGPL-3.0-or-later", "GPL-3.0-or-later", "AGPL-3.0-or-later"),
    "GPL-3.0-or-later": ("AGPL-3.0-or-later",),
}
SENTENCES = {
    "same": "Both designs are under {source}.",
    "given": "{source} asks for nothing.",
    "notice": "{source} lets it go into a design under {target}; its notices and the names of its authors stay.",
    "onward": "{source} lets it go into a design under {target}.",
    "reciprocal": "{source} asks that changes stay under it, so this may not go into a design under {target} without "
    "changing its licence, unless you have another right to it.",
    "unlicensed": "The source names no licence, so all rights are its authors’; ask them.",
    "bare": "This design names no licence, so nobody can say whether {source} fits it; choose one in its settings.",
    "unknown": "{source} or {target} is not known here; somebody has to read both.",
}
FREE = ("same", "given", "notice", "onward")


@dataclass(frozen=True)
class Taking:
    """What is known of taking something under `source` into a design under `target`; `why` is a key of SENTENCES."""

    source: str
    target: str
    why: str

    @property
    def word(self) -> str:
        """`fine`, `notice` (what is asked for stays with it), `refused`, or `ask`: a person has to decide."""
        words = {"notice": "notice", "reciprocal": "refused"}
        return words.get(self.why, "fine" if self.why in FREE else "ask")

    @property
    def free(self) -> bool:
        """True when nobody has to say that they have the right."""
        return self.why in FREE

    @property
    def sentence(self) -> str:
        """Returns the reason in words."""
        return SENTENCES[self.why].format(source=self.source, target=self.target)


def may_take(source: str, target: str) -> Taking:
    """Returns whether material under the licence `source` may go into a design under `target`; SPDX ids, or none."""
    source, target = (_spelt(each) for each in (source, target))
    return Taking(source, target, _why(source, target))


def _spelt(spdx: str) -> str:
    known = BY_ID.get(spdx.strip().lower())
    return known.spdx if known else spdx.strip()


def _why(source: str, target: str) -> str:
    if not source:
        return "unlicensed"
    if source == target:
        return "same"
    if source == "CC0-1.0":
        return "given"
    if not target:
        return "bare"
    if source.lower() not in BY_ID or target.lower() not in BY_ID:
        return "unknown"
    if source in PERMISSIVE:
        return "notice"
    return "onward" if target in ONWARD.get(source, ()) else "reciprocal"
