"""Finds how the components of a build fit: what two of them have in common (mm³), or how far they are apart (mm).

It works on a build's own BREP when somebody needs to know, so no build waits for it.
"""

import time
from collections.abc import Callable, Iterable, Iterator, Mapping
from itertools import islice

import numpy as np
from OCP.BOPAlgo import BOPAlgo_Operation, BOPAlgo_PaveFiller
from OCP.BRepClass3d import BRepClass3d_SolidClassifier
from OCP.BRepExtrema import BRepExtrema_DistShapeShape
from OCP.gp import gp_Pnt
from OCP.Message import Message_ProgressRange
from OCP.TopAbs import TopAbs_IN

from opendesign.cad.inside import brep, exact, leaf, measure, remaking
from opendesign.cad.inside.component import Component, components

NEAR_MM = 2.0  # of components further apart nobody asks how far
TOUCH_MM = 1e-3  # nearer ones touch
COMMON_MM3, COMMON_PART = 0.01, 1e-6  # to have less in common, or less of the smaller one, is to touch
MOST_COMPONENTS, MOST_NEAR, MOST_TOLD = 2000, 20_000, 1000
SECONDS = 20.0  # of processor time; the pairs that are left then are not looked at
EXACT = 1e-3  # no common volume is larger than the smaller solid by more than this part
DECIMALS = 6  # of one place seen from another: pairs that agree in them are the same pair elsewhere

Pair = tuple[Component, Component]
Known = dict[tuple, float | None]


def fit(job: dict, files: Mapping[str, bytes], folder: str) -> dict:
    """Returns the pairs of components of `model.brep` that interfere or are near; the job names its "parts".

    A pair has "between" (two names), "common_mm3" and "gap_mm", each None where it could not be found; "whole" is
    false where not all pairs are listed. `folder` can be written to. Raises Failure.
    """
    model = remaking.opened(brep.read(files[remaking.SHAPES], remaking.SHAPES), job["parts"])
    every = components(model, folder)
    if len(every) > MOST_COMPONENTS:
        return {"ok": True, "components": len(every), "pairs": [], "whole": False}
    near = list(islice(near_pairs(every), MOST_NEAR + 1))
    told = sorted(looked_at(near[:MOST_NEAR]), key=lambda pair: (not pair["common_mm3"], pair["between"]))
    whole = len(near) <= MOST_NEAR and len(told) <= MOST_TOLD
    return {"ok": True, "components": len(every), "pairs": told[:MOST_TOLD], "whole": whole}


def looked_at(pairs: list[Pair]) -> Iterator[dict]:
    """Yields what is to be said of pairs; the simplest are looked at first, and all volumes before any gap."""
    pairs = sorted(pairs, key=lambda pair: len(pair[0].faces) + len(pair[1].faces))
    keyed = [(relative(*pair), pair) for pair in pairs]
    commons = found(keyed, common)
    gaps = found([(key, pair) for key, pair in keyed if commons[key] == 0], gap)
    for key, pair in keyed:
        shared = commons[key]
        far = gaps[key] if shared == 0 else 0.0 if shared else None
        if shared != 0 or far is None or TOUCH_MM < far <= NEAR_MM:
            yield {"between": sorted(each.name for each in pair), "common_mm3": shared, "gap_mm": far}


def found(keyed: Iterable[tuple[tuple, Pair]], look: Callable[[Component, Component], float | None]) -> Known:
    """Returns what is found of each pair by its key, once for those alike; None where time is up."""
    known: Known = {}
    for key, pair in keyed:
        if key not in known:
            known[key] = None if time.process_time() > SECONDS else look(*pair)
    return known


def near_pairs(every: list[Component]) -> Iterator[Pair]:
    """Yields the pairs whose boxes are near, by a sweep along x; of two bodies the lower number comes first."""
    order = sorted(every, key=lambda one: one.box[0, 0])
    boxes = np.array([one.box for one in order]).reshape(-1, 2, 3)
    for place, one in enumerate(order):
        end = int(np.searchsorted(boxes[:, 0, 0], one.box[1, 0] + NEAR_MM, "right"))
        for other in np.flatnonzero(apart(one.box[None], boxes[place + 1 : end])[0] <= NEAR_MM):
            pair = one, order[place + 1 + int(other)]
            yield pair if pair[0].number <= pair[1].number else pair[::-1]


def relative(one: Component, other: Component) -> tuple:
    """Returns what two pairs that fit alike have in common: their bodies, and the place of one seen from the other."""
    seen = np.linalg.inv(one.matrix) @ other.matrix
    return one.number, other.number, tuple(np.round(seen[:3], DECIMALS).ravel() + 0.0)


def apart(ones: np.ndarray, others: np.ndarray) -> np.ndarray:
    """Returns how far boxes (n × 2 × 3 and m × 2 × 3) are from each other (n × m)."""
    gaps = np.maximum(ones[:, None, 0] - others[None, :, 1], others[None, :, 0] - ones[:, None, 1])
    return np.linalg.norm(np.maximum(gaps, 0), axis=2)


def close(one: Component, other: Component, far: float) -> tuple[np.ndarray, np.ndarray]:
    """Returns which faces of each of two components are so near to one of the other, by their boxes."""
    mine, theirs = (np.flatnonzero(apart(a.faces, b.box[None])[:, 0] <= far) for a, b in ((one, other), (other, one)))
    both = apart(one.faces[mine], other.faces[theirs]) <= far
    return mine[both.any(1)], theirs[both.any(0)]


def common(one: Component, other: Component) -> float | None:
    """Returns the volume that two components have in common, 0 for those that touch, None if the kernel fails."""
    smaller = min(one.body.volume, other.body.volume)
    least = max(COMMON_MM3, COMMON_PART * smaller)
    room = np.minimum(one.box[1], other.box[1]) - np.maximum(one.box[0], other.box[0])
    if (room <= 0).any() or room.prod() <= least:
        return 0.0
    if not close(one, other, 0.0)[0].size:
        return inner(one, other)
    shapes = [one.shape, other.shape]
    filler = BOPAlgo_PaveFiller()
    filler.SetRunParallel(False)
    filler.SetArguments(exact.listed(shapes))
    filler.Perform(Message_ProgressRange())
    if filler.HasErrors():
        return None
    made = exact.combined(filler, shapes[:1], shapes[1:], BOPAlgo_Operation.BOPAlgo_COMMON)
    volume = None if made is None else exact.volume(made)
    if volume is None or not -EXACT * smaller <= volume <= (1 + EXACT) * smaller:
        return None
    return measure.significant(volume) if volume > least else 0.0


def inner(one: Component, other: Component) -> float:
    """Returns the volume of the smaller of two components whose faces do not meet if it lies in the other, else 0."""
    small, large = sorted((one, other), key=lambda each: each.body.volume)
    if (small.box[0] < large.box[0]).any() or (small.box[1] > large.box[1]).any():
        return 0.0
    node = small.matrix[:3, :3] @ small.body.nodes[0] + small.matrix[:3, 3]
    place = BRepClass3d_SolidClassifier(large.shape, gp_Pnt(*node.tolist()), TOUCH_MM)
    return measure.significant(small.body.volume) if place.State() == TopAbs_IN else 0.0


def gap(one: Component, other: Component) -> float | None:
    """Returns how far two components that do not interfere are apart; infinity beyond 2 mm, None if it fails.

    Triangles say roughly how far, so that the kernel, which is slow, is asked about the faces there alone.
    """
    slack, far = one.slack + other.slack, NEAR_MM
    if one.skin is not None and other.skin is not None:
        rough = one.skin.min_gap(other.skin, NEAR_MM + 2 * slack)
        if rough > NEAR_MM + slack:
            return np.inf
        far = min(NEAR_MM, rough + slack)
    mine, theirs = close(one, other, far)
    if not mine.size:
        return np.inf
    least = BRepExtrema_DistShapeShape(*(leaf.compound(a.some(b)) for a, b in ((one, mine), (other, theirs))))
    return round(least.Value(), DECIMALS) if least.IsDone() else None
