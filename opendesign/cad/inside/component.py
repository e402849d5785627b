"""Components of a build: each solid in its place, with boxes around it and around its faces. Lengths in mm."""

from collections.abc import Iterator
from dataclasses import dataclass
from functools import cached_property

import manifold3d
import numpy as np
from OCP.TopAbs import TopAbs_SOLID
from OCP.TopExp import TopExp_Explorer
from OCP.TopoDS import TopoDS_Shape

from opendesign.cad.inside import approximate, measure, meshing, step
from opendesign.cad.inside.failure import Failure
from opendesign.cad.inside.mesh import Mesh
from opendesign.cad.inside.parts import Model


@dataclass
class Body:
    """A solid where it was made; any number of components are instances of it."""

    shape: TopoDS_Shape
    volume: float
    mesh: Mesh

    @cached_property
    def starts(self) -> np.ndarray:
        """Where the nodes of each face begin."""
        return np.array([meshed.first for meshed in self.mesh.faces])

    @cached_property
    def nodes(self) -> np.ndarray:
        """The nodes of all faces, in order."""
        last = self.mesh.faces[-1]
        return self.mesh.positions[: last.first + last.triangulation.NbNodes()].astype(np.float64)

    @cached_property
    def skin(self) -> manifold3d.Manifold | None:
        """Its triangles; None where they do not close."""
        try:
            return approximate.whole([self.mesh])
        except Failure:
            return None


@dataclass
class Component:
    """An instance of a body: its name, the body, which one that is, and the place (4 × 4)."""

    name: str
    body: Body
    number: int
    matrix: np.ndarray

    @cached_property
    def faces(self) -> np.ndarray:
        """The boxes around its faces (n × 2 × 3), wide enough for what lies beyond the nodes."""
        nodes = self.body.nodes @ self.matrix[:3, :3].T + self.matrix[:3, 3]
        low, high = (ends.reduceat(nodes, self.body.starts) for ends in (np.minimum, np.maximum))
        return np.stack([low - self.slack, high + self.slack], axis=1)

    @cached_property
    def box(self) -> np.ndarray:
        """The box around it (2 × 3)."""
        return np.array([self.faces[:, 0].min(0), self.faces[:, 1].max(0)])

    @property
    def slack(self) -> float:
        """How far its surface may be from its triangles: twice what was asked of the mesh."""
        return 2 * self.body.mesh.deflection

    @property
    def shape(self) -> TopoDS_Shape:
        """The solid in its place."""
        return self.body.shape.Moved(step.placed(self.matrix), False)

    @cached_property
    def skin(self) -> manifold3d.Manifold | None:
        """Its triangles in their place; None where they do not close."""
        return self.body.skin and self.body.skin.transform(self.matrix[:3])

    def some(self, places: np.ndarray) -> list[TopoDS_Shape]:
        """Returns some of its faces in their place."""
        move = step.placed(self.matrix)
        return [self.body.mesh.faces[place].face.Moved(move, False) for place in places]


def components(model: Model, folder: str) -> list[Component]:
    """Returns every solid of every part; those of a part that has several are numbered. `folder` can be written to."""
    solids = [list(solids_of(definition)) for definition in model.definitions]
    every = [solid for own in solids for solid in own]
    bulks = [measure.bulk(solid) for solid in every]
    meshes = meshing.meshes(every, [bulk.areas for bulk in bulks], folder)
    bodies = [Body(solid, bulk.volume, mesh) for solid, bulk, mesh in zip(every, bulks, meshes, strict=True)]
    firsts = np.cumsum([0, *map(len, solids)])
    found = []
    for part in model.parts:
        count = len(solids[part.definition])
        for place in range(count):
            name = part.name if count == 1 else f"{part.name}/solid {place + 1}"
            number = int(firsts[part.definition]) + place
            if bodies[number].mesh.faces:
                found.append(Component(name, bodies[number], number, part.matrix))
    return found


def solids_of(shape: TopoDS_Shape) -> Iterator[TopoDS_Shape]:
    """Yields the solids of a shape."""
    explorer = TopExp_Explorer(shape, TopAbs_SOLID)
    while explorer.More():
        yield explorer.Current()
        explorer.Next()
