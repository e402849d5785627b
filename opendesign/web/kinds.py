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
    return "; ".join([words[kind], *told])
