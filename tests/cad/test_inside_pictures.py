"""Pictures are drawn in bands and plain faces coloured once: neither may be seen."""

import numpy as np
import pytest

from opendesign.cad.inside import shading

WIDTH, HEIGHT, FINER = 90, 70, 3
SOLID, GLASS = (0.6, 0.3, 0.1, 1.0), (0.2, 0.5, 0.9, 0.4)


def sight(round_normals: bool = False) -> shading.Sight:
    """A turned cube with a pane of glass that goes through it, as the camera sees them."""
    corners = np.array([[x, y, z] for x in (-1, 1) for y in (-1, 1) for z in (-1, 1)], float)
    quads = [[0, 1, 3, 2], [4, 6, 7, 5], [0, 4, 5, 1], [2, 3, 7, 6], [0, 2, 6, 4], [1, 5, 7, 3]]
    pane = np.array([[-1.6, -1.6, 0.3], [1.6, -1.6, 0.3], [1.6, 1.6, 0.3], [-1.6, 1.6, 0.3]])
    turn = np.linalg.qr(np.array([[2.0, 0.4, 0.6], [-0.5, 1.5, 0.7], [0.3, -0.9, 1.8]]))[0]
    faces = [*(corners[quad] for quad in quads), pane]
    positions = np.concatenate(faces) @ turn.T
    around = np.arange(4 * len(faces)).reshape(-1, 4)
    a, b, d = (positions[around[:, corner]] for corner in (0, 1, 3))
    normals = np.repeat(np.cross(b - a, d - a), 4, axis=0)
    if round_normals:
        normals[:-4] = positions[:-4]
    scale = 18 * FINER
    seen = positions * (scale, -scale, 0.2) + (WIDTH * FINER / 2, HEIGHT * FINER / 2, 0.5)
    triangles = around[:, [[0, 1, 2], [0, 2, 3]]].reshape(-1, 3)
    lines = np.stack([around, np.roll(around, 1, axis=1)], axis=2).reshape(-1, 2)
    owner = np.repeat([0, 1], [4 * len(quads), 4])
    colours, striped = np.array([SOLID, GLASS]), np.array([False, True])
    return shading.Sight(seen, normals, triangles, lines[::2], lines[1::2], owner, colours, striped, scale / 0.2)


def drawn(seen: shading.Sight) -> np.ndarray:
    return shading.Scene(seen, WIDTH, HEIGHT, FINER).drawn()


@pytest.mark.parametrize("round_normals", [False, True])
@pytest.mark.parametrize("rows", [1, 7, 64])
def test_where_a_band_begins_is_not_seen(monkeypatch, rows, round_normals):
    seen = sight(round_normals)
    monkeypatch.setattr(shading, "BAND", HEIGHT)
    whole = drawn(seen)
    assert (whole[:, :, 3] == 255).sum() > 500 and ((whole[:, :, 3] > 0) & (whole[:, :, 3] < 255)).sum() > 500
    monkeypatch.setattr(shading, "BAND", rows)
    assert np.array_equal(drawn(seen), whole)


def test_a_plain_face_has_the_colour_of_each_of_its_points():
    scene = shading.Scene(sight(), WIDTH, HEIGHT, FINER)
    plain = scene.drawn()
    assert not scene.bent[1:13].any() and scene.bent[13:].all(), "the glass has stripes"
    scene.bent[1:] = True
    assert np.abs(scene.drawn().astype(int) - plain).max() <= 1
