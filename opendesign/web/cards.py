"""What the cards and lists show of designs and parts (see templates/_macros/cards.html)."""

from collections.abc import Mapping, Sequence
from urllib.parse import quote, urlencode

from flask_babel import gettext as _

from opendesign.actions.house import Work
from opendesign.actions.show_parts import Shown, leading, parts_at_head
from opendesign.core.encoding import READABLE
from opendesign.core.snapshot import Snapshot
from opendesign.core.value import written
from opendesign.records.build import Build
from opendesign.records.design import Design
from opendesign.records.kin import family_sizes


def still(build: Build | None) -> str | None:
    """Returns the address of a build's picture, None while there is none."""
    made = build is not None and build.state == "made" and "png" in (build.files or {})
    return f"/builds/{build.key}/files/png" if build and made else None


def part_address(design: Design, path: str, ref: str = "", values: Mapping[str, object] | None = None) -> str:
    """Returns the address of a part's page at a revision (empty: the default branch) with these values."""
    query = {"ref": ref} if ref and ref != design.default_branch else {}
    query |= {f"p.{name}": written(value) for name, value in (values or {}).items()}
    return f"/{design.path}/parts/{quote(path)}" + (f"?{urlencode(query)}" if query else "")


def part_tile(design: Design, part: Shown, href: str) -> dict[str, object]:
    """Returns a part as `part_card` and `part_list` want it."""
    state = "stopped" if part.build and part.build.stopped else part.state
    facts = {
        "title": part.title,
        "path": part.path,
        "href": href,
        "warnings": len(part.build.warnings if part.build else []),
    }
    return facts | {"picture": still(part.build), "build_state": state, "key": part.key}


def design_tiles(work: Work, designs: Sequence[Design]) -> list[dict[str, object]]:
    """Returns designs as `design_card` wants them."""
    parts = parts_at_head(work, designs)
    families = family_sizes(work.session, list(designs))
    return [_tile(design, parts[design.id], families[design.id]) for design in designs]


def _tile(design: Design, parts: Sequence[Shown], family: int) -> dict[str, object]:
    first = leading(parts)
    return {
        "owner": design.owner.name,
        "name": design.name,
        "href": f"/{design.path}",
        "title": design.title,
        "summary": design.summary,
        "licence": design.licence,
        "visibility": design.visibility,
        "parts": len(parts),
        "forks": family if design.parent_id is None else 0,
        "picture": still(first.build) if first else None,
        "build_state": first.state if first else None,
    }


def no_part(snapshot: Snapshot, path: str) -> str:
    """Returns why a script cannot be a part, nothing when it can."""
    return {
        "size": _("No part is made of this script: it is larger than %(limit)s KiB.", limit=READABLE >> 10),
        "text": _("No part is made of this script: it is not UTF-8, and its first lines name no encoding known here."),
    }.get(snapshot.unread.get(path, ""), "")
