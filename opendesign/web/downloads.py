"""What can be downloaded of a build, and what each format is for."""

from collections.abc import Mapping
from dataclasses import dataclass
from urllib.parse import quote, urlencode

from opendesign.core.build import FORMATS as WITH_EVERY
from opendesign.core.output import download_name
from opendesign.core.value import Value, written
from opendesign.records.build import Build
from opendesign.records.design import Design
from opendesign.web.parameters import PREFIX

FORMATS = ("step", "stl", "3mf", "glb", "brep", "svg", "dxf", "png", "png-large")


@dataclass(frozen=True)
class Cut:
    """The form for a section: where it goes, what goes along, and the corners of the part's box, mm."""

    action: str
    hidden: Mapping[str, str]
    box: list[list[float]]


@dataclass(frozen=True)
class Downloads:
    """The files of a build: those of each format, and the form for a section.

    Each file has its format, the name to save it under, `href`, `shown` (the address that opens it), and bytes or None.
    """

    listed: list[dict[str, object]]
    cut: Cut | None


def downloads(
    build: Build, design: Design | None = None, sha: str = "", values: Mapping[str, Value] | None = None
) -> Downloads | None:
    """Returns what can be downloaded of a build; None while it is not made.

    Of a revision (`sha`) of a design the files carry its stamp, and names that say what they are.
    """
    if build.state != "made":
        return None
    box = (build.total or {}).get("bbox_mm")
    if design is None or not sha:
        base, query = f"/builds/{build.key}/files", {}
        cut = None
    else:
        base = f"/{design.path}/exports"
        query = {"ref": sha} | {f"{PREFIX}{name}": written(value) for name, value in (values or {}).items()}
        cut = Cut(f"{base}/section/{quote(build.part)}", query, box) if box else None
    listed = []
    made = build.files or {}
    # A build with all its files lacks those that its part cannot have, such as the STEP of a fine mesh.
    for format in (name for name in FORMATS if name not in WITH_EVERY or name in made or not build.exported_at):
        name = download_name(design.name if design else "", build.part, sha, values or {}, format)
        address = f"{base}/{format}" + (f"/{quote(build.part)}" if query else "")
        href, shown = (f"{address}?{urlencode(query | more)}" for more in ({"download": name}, {}))
        size = made.get(format)
        listed.append({"format": format, "name": name, "href": href, "shown": shown.rstrip("?"), "bytes": size})
    return Downloads(listed, cut)
