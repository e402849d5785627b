"""Says of which surfaces a model is made: what tells its form from others, with volume and inertia."""

from collections import defaultdict

from OCP.BRepAdaptor import BRepAdaptor_Surface

from opendesign.cad.inside import meshing
from opendesign.cad.inside.measure import Bulk, significant
from opendesign.cad.inside.parts import Model
from opendesign.cad.inside.skin import Skin

MOST_FACES = 20_000  # 4 µs each
ALIKE = "{:.3e}"  # areas that agree to four digits are of the same sort of face
PREFIX = "GeomAbs_"


def form(model: Model, bulks: list[Bulk]) -> dict | None:
    """Returns the area (mm²) of each kind of surface, and how many different faces there are.

    None for what is known by its triangles alone, and for too many faces to tell.
    """
    exact = [each for each in model.definitions if not isinstance(each, Skin)]
    if len(exact) < len(model.definitions) or sum(bulk.faces for bulk in bulks) > MOST_FACES:
        return None
    faces = [
        [(kind(face), float(area)) for face, area in zip(meshing.faces_of(shape), bulk.areas, strict=True)]
        for shape, bulk in zip(exact, bulks, strict=True)
    ]
    surfaces: dict[str, float] = defaultdict(float)
    for part in model.parts:
        for name, area in faces[part.definition]:
            surfaces[name] += area
    sorts = {(name, ALIKE.format(area)) for own in faces for name, area in own}
    return {"surfaces": {name: significant(area) for name, area in sorted(surfaces.items())}, "sorts": len(sorts)}


def kind(face: object) -> str:
    """Returns what kind of surface a face lies on: plane, cylinder, bsplinesurface."""
    return BRepAdaptor_Surface(face, False).GetType().name.removeprefix(PREFIX).lower()
