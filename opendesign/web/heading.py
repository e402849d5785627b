"""What stands over every page of a design: its name, where it comes from, what it can be asked, its tabs."""

from flask_babel import gettext as _

from opendesign.actions.house import Work
from opendesign.core.lineage.kin import has_common_beginning
from opendesign.records.challenge import open_challenges
from opendesign.records.design import Design
from opendesign.records.kin import fork_counts
from opendesign.records.mirror import mirror_of
from opendesign.records.proposal import open_count
from opendesign.web.visit import public_url


def heading(work: Work, design: Design, current: str) -> dict[str, object]:
    """Returns what `designs/frame.html` needs; `current` is the tab that is open."""
    parent = design.parent if design.parent and work.may("see", design.parent) else None
    return {
        "design": design,
        "base": f"/{design.path}",
        "parent": parent,
        "began_alike": has_common_beginning(design.kinship),
        "mirror": mirror_of(work.session, design) if design.mirrored else None,
        "forks": fork_counts(work.session, [design]).get(design.id, 0),
        "may": {verb: work.may(verb, design) for verb in ("edit", "settings", "merge")},
        "clone_url": f"{public_url()}/{design.path}.git",
        "tabs_of_design": _tabs(work, design, current),
    }


def _tabs(work: Work, design: Design, current: str) -> list[tuple[str, str, str, int | None, bool]]:
    """Returns (address, words, icon, count, whether it is open) of each tab."""
    base = f"/{design.path}"
    tabs = [
        ("design", base, _("Design"), "cuboid", None),
        ("files", f"{base}/files/{design.default_branch}", _("Files"), "file-code", None),
        ("revisions", f"{base}/revisions", _("Revisions"), "history", None),
        ("releases", f"{base}/releases", _("Releases"), "tag", None),
        ("proposals", f"{base}/proposals", _("Proposals"), "git-pull-request", open_count(work.session, design)),
        ("lineage", f"{base}/lineage", _("Lineage"), "network", None),
        ("challenges", f"{base}/challenges", _("Challenges"), "award", open_challenges(work.session, design)),
        ("radar", f"{base}/radar", _("Radar"), "radar", None),
    ]
    if work.may("settings", design):
        tabs.append(("settings", f"{base}/settings", _("Settings"), "settings", None))
    return [(href, words, icon, count, name == current) for name, href, words, icon, count in tabs]
