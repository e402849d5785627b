# SPDX-License-Identifier: CERN-OHL-W-2.0
"""What must stay true of the case, whoever improves it; looked at before anything is merged."""


def check_lid_covers_base(parts):
    """Closed, the lid is exactly as wide and as deep as the base."""
    lid, base = (parts[name].val().BoundingBox() for name in ("lid.py", "base.py"))
    assert abs(lid.xlen - base.xlen) < 0.1, f"the lid is {lid.xlen:.1f} mm wide, the base {base.xlen:.1f} mm"
    assert abs(lid.ylen - base.ylen) < 0.1, f"the lid is {lid.ylen:.1f} mm deep, the base {base.ylen:.1f} mm"


def check_leaves_come_in_pairs(parts):
    """A hinge is two leaves, each in one piece."""
    leaves = parts["hinge.py"].solids().size()
    assert leaves == 2, f"it falls into {leaves} pieces"
