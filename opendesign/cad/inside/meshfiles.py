"""Writes meshes for slicers: binary STL and 3MF (https://3mf.io/spec), in mm, the same bytes for the same model."""

import io
import zipfile
from xml.sax.saxutils import escape, quoteattr

import numpy as np

from opendesign.cad.inside import colour
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.meshing import Mesh
from opendesign.cad.inside.parts import Model
from opendesign.cad.inside.welding import welded

FACET = np.dtype([("normal", "<f4", 3), ("corners", "<f4", (3, 3)), ("attribute", "<u2")])
CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
OWN = "https://opendesign.invalid/3mf"  # a name that nobody can own (RFC 2606)
CONTENT_TYPES = """<?xml version="1.0" encoding="UTF-8"?>
<Types xmlns="http://schemas.openxmlformats.org/package/2006/content-types">
<Default Extension="rels" ContentType="application/vnd.openxmlformats-package.relationships+xml"/>
<Default Extension="model" ContentType="application/vnd.ms-package.3dmanufacturing-3dmodel+xml"/>
</Types>
"""
RELATIONSHIPS = """<?xml version="1.0" encoding="UTF-8"?>
<Relationships xmlns="http://schemas.openxmlformats.org/package/2006/relationships">
<Relationship Target="/3D/3dmodel.model" Id="model" Type="http://schemas.microsoft.com/3dmanufacturing/2013/01/3dmodel"/>
</Relationships>
"""


def stl(model: Model, meshes: list[Mesh]) -> bytes:
    """Returns all parts as one binary STL. Raises Failure "output" if there is no surface."""
    facets = []
    for part in model.parts:
        mesh = meshes[part.definition]
        placed = mesh.positions @ part.matrix[:3, :3].T + part.matrix[:3, 3]
        corners = placed[mesh.triangles]
        across = np.cross(corners[:, 1] - corners[:, 0], corners[:, 2] - corners[:, 0])
        length = np.linalg.norm(across, axis=1, keepdims=True)
        whole = length[:, 0] > 0
        block = np.zeros(int(whole.sum()), FACET)
        block["normal"] = across[whole] / length[whole]
        block["corners"] = corners[whole]
        facets.append(block)
    every = np.concatenate(facets)
    demand_surface(len(every))
    words = {"design": 24, "revision": 7, "licence": 20}
    told = " ".join(
        [
            "OpenDesign binary STL, mm",
            *(model.stamp[word][:most] for word, most in words.items() if word in model.stamp),
        ]
    )
    head = told.encode("ascii", "replace")[:80].ljust(80)
    return head + np.uint32(len(every)).tobytes() + every.tobytes()


def demand_surface(count: int) -> None:
    """Refuses to write a mesh without triangles."""
    if not count:
        raise Failure("output", "There is no surface, only lines: this format cannot hold the result.")


def threemf(model: Model, meshes: list[Mesh]) -> bytes:
    """Returns the parts as a 3MF with names, colours and shared shapes.

    Raises Failure "output" if there is no surface.
    """
    demand_surface(sum(len(meshes[part.definition].triangles) for part in model.parts))
    shades = list(dict.fromkeys(part.colour or colour.STEEL for part in model.parts))
    objects: dict[tuple, int] = {}
    texts: list[str] = []
    items: list[str] = []
    for part in model.parts:
        mesh = meshes[part.definition]
        shade = part.colour or colour.STEEL
        if not len(mesh.triangles):
            continue
        key = (part.definition, shade)
        if key not in objects:
            objects[key] = len(objects) + 2
            texts.append(object_text(objects[key], part.path[-1], shades.index(shade), mesh))
        move = " ".join(f"{number:.9g}" for number in (part.matrix[:3].T + 0.0).ravel())
        number = quoteattr(part.name)
        items.append(f'<item objectid="{objects[key]}" transform="{move}" partnumber={number}/>')
    return package(model_text(shades, texts, items, metadata(model)))


def metadata(model: Model) -> str:
    """Returns what is known of the model's origin as 3MF's XML: its own words where there are any."""
    stamp = model.stamp
    known = {
        "Title": f"{stamp.get('title', '')} {model.title}".strip(),
        "Designer": stamp.get("owner", ""),
        "LicenseTerms": stamp.get("licence", ""),
        "CreationDate": stamp.get("date", "")[:10],
        "Application": "OpenDesign",
    }
    known |= {f"od:{name}": stamp.get(name, "") for name in ("design", "revision", "source", "origin", "parameters")}
    return "".join(
        f"<metadata name={quoteattr(name)}>{escape(text)}</metadata>\n" for name, text in known.items() if text
    )


def object_text(number: int, name: str, shade: int, mesh: Mesh) -> str:
    """Returns one shape as 3MF's XML."""
    positions, triangles = welded(mesh.positions, mesh.triangles)
    points = "".join([f'<vertex x="{x:.7g}" y="{y:.7g}" z="{z:.7g}"/>' for x, y, z in positions.tolist()])
    faces = "".join([f'<triangle v1="{a}" v2="{b}" v3="{c}"/>' for a, b, c in triangles.tolist()])
    return (
        f'<object id="{number}" type="model" name={quoteattr(name)} pid="1" pindex="{shade}"><mesh>'
        f"<vertices>{points}</vertices>\n<triangles>{faces}</triangles></mesh></object>\n"
    )


def model_text(shades: list[colour.Colour], objects: list[str], items: list[str], facts: str) -> str:
    """Returns the whole model as 3MF's XML."""
    bases = "".join(
        f'<base name="colour {place}" displaycolor="#{bytes(round(part * 255) for part in shade).hex().upper()}"/>'
        for place, shade in enumerate(shades, 1)
    )
    return (
        '<?xml version="1.0" encoding="UTF-8"?>\n'
        f'<model unit="millimeter" xml:lang="en" xmlns="{CORE}" xmlns:od="{OWN}">\n'
        f'{facts}<resources><basematerials id="1">{bases}</basematerials>\n{"".join(objects)}</resources>\n'
        f"<build>{''.join(items)}</build>\n</model>\n"
    )


def package(text: str) -> bytes:
    """Returns the zip around the model, with fixed times."""
    stream = io.BytesIO()
    contents = {"[Content_Types].xml": CONTENT_TYPES, "_rels/.rels": RELATIONSHIPS, "3D/3dmodel.model": text}
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED, compresslevel=6) as archive:
        for name, content in contents.items():
            entry = zipfile.ZipInfo(name, (1980, 1, 1, 0, 0, 0))
            entry.compress_type, entry.create_system, entry.external_attr = (
                zipfile.ZIP_DEFLATED,
                3,
                0o644 << 16,
            )
            archive.writestr(entry, content)
    return stream.getvalue()
