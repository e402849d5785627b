"""Finds out which solids of two states belong together, so that geometry is compared only where it differs."""

from dataclasses import dataclass

import numpy as np
from OCP.Bnd import Bnd_Box
from OCP.BRepBndLib import BRepBndLib
from OCP.TopAbs import TopAbs_SOLID
from OCP.TopExp import TopExp_Explorer
from OCP.TopoDS import TopoDS_Shape

from opendesign.cad.inside import measure
from opendesign.cad.inside.skin import Skin

# Two runs of one script agree to 1e-9; 1e-6 is far below any change people make.
ALIKE = 1e-6
NEAR_MM = 1e-4


@dataclass
class Piece:
    """One solid with its bulk and its box (2 × 3, mm, a little larger than the solid)."""

    shape: TopoDS_Shape | Skin
    bulk: measure.Bulk
    box: np.ndarray


@dataclass
class Group:
    """Solids of both states that touch each other's boxes."""

    before: list[Piece]
    after: list[Piece]

    @property
    def has_skins(self) -> bool:
        """True when one of them is known by its triangles alone."""
        return any(isinstance(piece.shape, Skin) for piece in (*self.before, *self.after))


def pieces(shape: TopoDS_Shape | Skin | None) -> list[Piece]:
    """Returns the solids of a shape; a skin is one piece."""
    if isinstance(shape, Skin):
        return [Piece(shape, measure.bulk(shape), shape.box(np.identity(4)))]
    found: list[Piece] = []
    if shape is None:
        return found
    explorer = TopExp_Explorer(shape, TopAbs_SOLID)
    while explorer.More():
        solid = explorer.Current()
        box = Bnd_Box()
        BRepBndLib.Add_s(solid, box, False)
        found.append(Piece(solid, measure.bulk(solid), np.array(box.Get()).reshape(2, 3)))
        explorer.Next()
    return found


def is_same(one: measure.Bulk, other: measure.Bulk) -> bool:
    """Says whether two bulks are the same shape in the same place."""
    return (
        is_alike(one, other)
        and np.abs(one.centre - other.centre).max() < NEAR_MM
        and np.allclose(one.inertia, other.inertia, rtol=0, atol=10 * ALIKE * max(np.abs(one.inertia).max(), 1e-9))
    )


def is_alike(one: measure.Bulk, other: measure.Bulk) -> bool:
    """Says whether two bulks are the same shape, wherever it stands."""
    if (one.solids, one.faces, one.edges) != (other.solids, other.faces, other.edges):
        return False
    numbers = [(one.volume, other.volume), (one.area, other.area)]
    numbers += zip(np.linalg.eigvalsh(one.inertia), np.linalg.eigvalsh(other.inertia), strict=True)
    return all(abs(a - b) <= 10 * ALIKE * max(abs(a), abs(b), 1e-9) for a, b in numbers)


def matched(before: list[Piece], after: list[Piece]) -> tuple[list[Piece], list[Piece], list[Piece]]:
    """Returns the pieces that are in both states unchanged, and what else each state has."""
    same: list[Piece] = []
    rest = list(after)
    gone: list[Piece] = []
    for piece in before:
        twin = next((place for place, other in enumerate(rest) if is_same(piece.bulk, other.bulk)), None)
        if twin is None:
            gone.append(piece)
        else:
            same.append(rest.pop(twin))
    return same, gone, rest


def groups(before: list[Piece], after: list[Piece]) -> list[Group]:
    """Returns the pieces in groups whose boxes overlap from one state to the other."""
    count = len(before)
    everything = [*before, *after]
    leader = list(range(len(everything)))

    def top(place: int) -> int:
        """Returns the leader of a piece's group."""
        while leader[place] != place:
            leader[place] = leader[leader[place]]
            place = leader[place]
        return place

    for one, piece in enumerate(before):
        for other, another in enumerate(after, count):
            if (piece.box[0] < another.box[1]).all() and (another.box[0] < piece.box[1]).all():
                leader[top(one)] = top(other)
    made: dict[int, Group] = {}
    for place, piece in enumerate(everything):
        group = made.setdefault(top(place), Group([], []))
        (group.before if place < count else group.after).append(piece)
    return list(made.values())
