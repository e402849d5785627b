"""Finds where the faces are that a script has named with `tag`, in what it shows in the end. Lengths in mm.

A tag is set while the part is being made, so its face may have been cut, grown or moved away since. What counts is the
face that is still there: the same one, else those on the same plane or cylinder, at the same place.
"""

from dataclasses import dataclass
from functools import cached_property

import numpy as np
from OCP.BRepAdaptor import BRepAdaptor_Surface
from OCP.GeomAbs import GeomAbs_Plane
from OCP.TopAbs import TopAbs_REVERSED
from OCP.TopoDS import TopoDS_Face

from opendesign.cad.inside import holes, meshing, section
from opendesign.cad.inside.parts import Model
from opendesign.cad.inside.skin import Skin

MOST_FOUND = 200
ALIKE = 1e-4  # mm in which two faces on one surface agree, and radians or so


@dataclass
class Place:
    """A flat face (its corners, all four, and the way it looks) or a round one (both ends, diameter, hollow or not)."""

    face: TopoDS_Face
    corners: np.ndarray
    normal: np.ndarray | None = None
    diameter: float = 0.0
    hollow: bool = False

    def facts(self) -> dict:
        """Returns it as the facts that leave the jail."""
        points = (np.round(self.corners, 6) + 0.0).tolist()
        if self.normal is None:
            return {"ends": points, "diameter": round(self.diameter, 6), "hollow": self.hollow}
        return {"corners": points, "normal": (np.round(self.normal, 9) + 0.0).tolist()}


def tags(model: Model) -> list[dict]:
    """Returns the places of tagged faces, at most 200: tag, the part's name, and where each is."""
    found: list[dict] = []
    for part, tagged in zip(model.parts, model.tags, strict=False):
        if not tagged or isinstance(model.definitions[part.definition], Skin):
            continue
        moved = not np.array_equal(part.matrix, np.identity(4))  # faces that were not are the very same
        shape = section.located(model, part) if moved else model.definitions[part.definition]
        faces = Faces(meshing.faces_of(shape))
        for tag, named in tagged.items():
            for place in faces.still_there(named):
                if len(found) == MOST_FOUND:
                    return found
                found.append({"tag": tag, "shape": part.name, **place.facts()})
    return found


class Faces:
    """The faces of a part, in which tagged ones are looked for; where each is, is found out when that is needed."""

    def __init__(self, faces: list[TopoDS_Face]):
        self.faces = faces

    @cached_property
    def places(self) -> list[Place]:
        """Where the flat and round ones are."""
        return [place for face in self.faces if (place := place_of(face)) is not None]

    def still_there(self, named: list[TopoDS_Face]) -> list[Place]:
        """Returns the flat and round ones that named faces are, or have become."""
        kept: list[Place] = []
        for face in named:
            old = place_of(face)
            if old is None:
                continue
            same = next((place_of(each) for each in self.faces if each.IsSame(face)), None)
            for place in [same] if same else [each for each in self.places if on_one(old, each)]:
                if not any(each.face.IsSame(place.face) for each in kept):
                    kept.append(place)
        return kept


def place_of(face: TopoDS_Face) -> Place | None:
    """Returns where a flat or round face is, None for any other."""
    surface = BRepAdaptor_Surface(face, True)
    if surface.GetType() == GeomAbs_Plane:
        plane = surface.Plane().Position()
        u = np.array([surface.FirstUParameter(), surface.LastUParameter()])
        v = np.array([surface.FirstVParameter(), surface.LastVParameter()])
        across, up = np.array(plane.XDirection().Coord()), np.array(plane.YDirection().Coord())
        origin = np.array(plane.Location().Coord())
        corners = np.array(
            [origin + a * across + b * up for a, b in zip(u[[0, 1, 1, 0]], v[[0, 0, 1, 1]], strict=True)]
        )
        normal = np.cross(across, up)
        return Place(face, corners, -normal if face.Orientation() == TopAbs_REVERSED else normal)
    for hollow in (True, False):
        found = holes.round_of(face, hollow)
        if found is not None:
            axis, foot, radius, low, high, _sweep = found
            ends = np.array([holes.along(foot, axis, low), holes.along(foot, axis, high)])
            return Place(face, ends, diameter=2 * radius, hollow=hollow)
    return None


def on_one(one: Place, other: Place) -> bool:
    """Says whether two faces lie on one plane or cylinder, with the same side out, and beside nothing between them."""
    if one.normal is None or other.normal is None:
        if one.normal is not None or other.normal is not None or one.hollow != other.hollow:
            return False
        if abs(one.diameter - other.diameter) > ALIKE:
            return False
        start, way = one.corners[0], one.corners[1] - one.corners[0]
        way = way / max(float(np.linalg.norm(way)), 1e-12)
        off = other.corners - start
        return bool(np.abs(off - np.outer(off @ way, way)).max() < ALIKE) and overlap(one.corners, other.corners)
    if one.normal @ other.normal < 1 - ALIKE or np.abs((other.corners - one.corners[0]) @ one.normal).max() > ALIKE:
        return False
    return overlap(one.corners, other.corners)


def overlap(one: np.ndarray, other: np.ndarray) -> bool:
    """Says whether the boxes around two sets of points meet."""
    return bool((one.min(0) <= other.max(0) + ALIKE).all() and (other.min(0) <= one.max(0) + ALIKE).all())
