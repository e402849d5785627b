"""Which licence may go into which: the table, and that every pair has an answer."""

import pytest

from opendesign.core.licence import LICENCES
from opendesign.core.taking import may_take

OWN = "LicenseRef-house"


@pytest.mark.parametrize(
    ("source", "target", "word", "why"),
    [
        ("CERN-OHL-W-2.0", "CERN-OHL-W-2.0", "fine", "same"),
        ("cern-ohl-w-2.0", "CERN-OHL-W-2.0", "fine", "same"),
        ("CERN-OHL-P-2.0", "CERN-OHL-S-2.0", "notice", "notice"),
        ("MIT", "CERN-OHL-W-2.0", "notice", "notice"),
        ("CC-BY-4.0", "MIT", "notice", "notice"),
        ("CC0-1.0", OWN, "fine", "given"),
        ("CC0-1.0", "", "fine", "given"),
        ("CERN-OHL-W-2.0", "CERN-OHL-S-2.0", "fine", "onward"),
        ("CERN-OHL-S-2.0", "CERN-OHL-W-2.0", "refused", "reciprocal"),
        ("CERN-OHL-W-2.0", "CERN-OHL-P-2.0", "refused", "reciprocal"),
        ("CERN-OHL-S-2.0", "MIT", "refused", "reciprocal"),
        ("GPL-3.0-or-later", "Apache-2.0", "refused", "reciprocal"),
        ("GPL-3.0-or-later", "AGPL-3.0-or-later", "fine", "onward"),
        ("AGPL-3.0-or-later", "GPL-3.0-or-later", "refused", "reciprocal"),
        ("LGPL-3.0-or-later", "GPL-3.0-or-later", "fine", "onward"),
        ("CC-BY-SA-4.0", "CC-BY-4.0", "refused", "reciprocal"),
        ("", "CERN-OHL-W-2.0", "ask", "unlicensed"),
        ("", "", "ask", "unlicensed"),
        ("MIT", "", "ask", "bare"),
        (OWN, "MIT", "ask", "unknown"),
        ("MIT", OWN, "ask", "unknown"),
        (OWN, OWN, "fine", "same"),
    ],
)
def test_the_table(source, target, word, why):
    found = may_take(source, target)
    assert (found.word, found.why, found.free) == (word, why, word in ("fine", "notice"))
    assert found.sentence.endswith(".") and "{" not in found.sentence


def test_reciprocal_material_never_becomes_permissive():
    """Whatever way is taken, in as many steps as one likes, a reciprocal licence never ends in a permissive one."""
    known = [each.spdx for each in LICENCES]
    reached = {"CERN-OHL-S-2.0", "CERN-OHL-W-2.0", "GPL-3.0-or-later", "AGPL-3.0-or-later", "CC-BY-SA-4.0"}
    for _ in known:
        reached |= {target for source in reached for target in known if may_take(source, target).free}
    assert not reached & {"MIT", "Apache-2.0", "CERN-OHL-P-2.0", "SHL-2.1", "CC0-1.0", "CC-BY-4.0"}
