"""The licences a design can choose, each with one sentence that says what it asks for."""

import re
from dataclasses import dataclass

from opendesign.core.errors import Invalid

DEFAULT = "CERN-OHL-W-2.0"
OWN = re.compile(r"LicenseRef-[A-Za-z0-9.-]{1,80}")


@dataclass(frozen=True)
class Licence:
    """A licence by its SPDX id; `kind` is hardware, software or documentation."""

    spdx: str
    title: str
    sentence: str
    kind: str


LICENCES = (
    Licence(
        "CERN-OHL-W-2.0",
        "CERN Open Hardware Licence 2, weakly reciprocal",
        "Changes to these parts stay open when you make or sell them; a larger product around them need not.",
        "hardware",
    ),
    Licence(
        "CERN-OHL-S-2.0",
        "CERN Open Hardware Licence 2, strongly reciprocal",
        "Whoever makes or sells a product with these parts opens the whole product's design.",
        "hardware",
    ),
    Licence(
        "CERN-OHL-P-2.0",
        "CERN Open Hardware Licence 2, permissive",
        "Anyone may use it, closed products too, if they keep the notices.",
        "hardware",
    ),
    Licence(
        "TAPR-OHL-1.0",
        "TAPR Open Hardware License",
        "Changed designs stay open, and their makers send the changes back to the authors.",
        "hardware",
    ),
    Licence(
        "SHL-2.1",
        "Solderpad Hardware License 2.1",
        "Anyone may use it, closed products too; builds on Apache-2.0 with words for hardware.",
        "hardware",
    ),
    Licence(
        "GPL-3.0-or-later",
        "GNU General Public License 3 or later",
        "Changed sources that are passed on stay under the same licence.",
        "software",
    ),
    Licence(
        "AGPL-3.0-or-later",
        "GNU Affero General Public License 3 or later",
        "As the GPL, and using a changed program over a network counts as passing it on.",
        "software",
    ),
    Licence(
        "LGPL-3.0-or-later",
        "GNU Lesser General Public License 3 or later",
        "Changes to these sources stay open; what only uses them need not.",
        "software",
    ),
    Licence(
        "MPL-2.0",
        "Mozilla Public License 2.0",
        "Changed files stay open; other files beside them need not.",
        "software",
    ),
    Licence("Apache-2.0", "Apache License 2.0", "Anyone may use it if they keep the notices.", "software"),
    Licence("MIT", "MIT License", "Anyone may use it if they keep the notice.", "software"),
    Licence(
        "CC-BY-4.0",
        "Creative Commons Attribution 4.0",
        "Anyone may use it if they name the authors.",
        "documentation",
    ),
    Licence(
        "CC-BY-SA-4.0",
        "Creative Commons Attribution-ShareAlike 4.0",
        "Anyone may use it if they name the authors and share changes under the same licence.",
        "documentation",
    ),
    Licence(
        "CC0-1.0",
        "Creative Commons Zero 1.0",
        "Given to the public: nothing is asked for.",
        "documentation",
    ),
)
BY_ID = {licence.spdx.lower(): licence for licence in LICENCES}


def check_licence(spdx: str) -> str:
    """The SPDX id in its own spelling, or a `LicenseRef-…`; raises Invalid for any other text."""
    found = BY_ID.get(spdx.strip().lower()) if isinstance(spdx, str) else None
    if found:
        return found.spdx
    if isinstance(spdx, str) and OWN.fullmatch(spdx.strip()):
        return spdx.strip()
    message = f"must be one of {', '.join(each.spdx for each in LICENCES)}, or LicenseRef- and a name"
    raise Invalid(f"The licence {message}.", [{"name": "licence", "message": message}])


def licence_of(spdx: str) -> Licence:
    """The licence with this id; an own or unknown one is titled with its id and sends to its text."""
    unknown = Licence(spdx, spdx or "No licence", "Its text in the design says what it asks for.", "hardware")
    return BY_ID.get(spdx.strip().lower(), unknown)
