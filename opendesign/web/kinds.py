"""The kinds of adoption and their signs, in words."""

from collections.abc import Sequence

from flask_babel import format_percent
from flask_babel import gettext as _


def how_taken(kind: str, share: float, evidence: Sequence[str], credited: bool) -> str:
    """Returns how something came over, and what shows it; nothing for a merge."""
    words = {
        "pick": _("the same patch"),
        "copy": _("the same file"),
        "parameter": _("parameters set to the same values"),
        "geometry": _("the same shape in %(parts)s", parts=", ".join(_said(evidence, "part"))),
        "port": _("%(share)s of its hunks, by value", share=format_percent(share)),
        "declared": _("declared, and confirmed by the source") if credited else _("declared, not confirmed"),
        "twice": _("solved twice: no credit either way"),
    }
    shown = {
        "author": _("the same author"),
        "trailer": _("named in the message"),
        "fetch": _("has fetched"),
        "weight": _("too much alike for chance"),
    }
    if kind not in words:
        return ""
    told = [shown[each] for each in evidence if each in shown and kind != "declared"]
    return "; ".join([words[kind], *_shape(evidence), *told])


def _shape(evidence: Sequence[str]) -> list[str]:
    """Returns what shows that two shapes are the same, wherever they lie."""
    overlaps = [float(each) for each in _said(evidence, "overlap")]
    if not overlaps:
        return []
    share = format_percent(overlaps[0], "0.00%")
    return [
        _("volume, area, moments of inertia and surfaces agree to four digits"),
        _("%(share)s overlap, turned and moved", share=share),
    ]


def _said(evidence: Sequence[str], name: str) -> list[str]:
    return [each.removeprefix(f"{name}:") for each in evidence if each.startswith(f"{name}:")]
