"""Which GLB files are let through to browsers."""

import copy
import json
import struct
import time

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendesign.core import glb
from opendesign.core.errors import Invalid, TooLarge

POSITIONS = struct.pack("<9f", 0, 0, 0, 1, 0, 0, 0, 1, 0)
NORMALS = struct.pack("<9f", *(0, 0, 1) * 3)
INDICES = struct.pack("<3H", 0, 1, 2)
BODY = POSITIONS + NORMALS + INDICES + b"\0\0"
SCENE = {
    "asset": {"version": "2.0"},
    "scene": 0,
    "scenes": [{"nodes": [0]}],
    "nodes": [
        {"name": "model", "children": [1]},
        {"mesh": 0, "matrix": [1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1, 0, 0, 0, 0, 1]},
    ],
    "materials": [{"pbrMetallicRoughness": {"baseColorFactor": [1, 0, 0, 1]}}],
    "meshes": [{"primitives": [{"attributes": {"POSITION": 0, "NORMAL": 1}, "indices": 2, "material": 0}]}],
    "accessors": [
        {"bufferView": 0, "componentType": 5126, "count": 3, "type": "VEC3", "min": [0, 0, 0], "max": [1, 1, 0]},
        {"bufferView": 1, "componentType": 5126, "count": 3, "type": "VEC3"},
        {"bufferView": 2, "componentType": 5123, "count": 3, "type": "SCALAR"},
    ],
    "bufferViews": [
        {"buffer": 0, "byteOffset": 0, "byteLength": 36},
        {"buffer": 0, "byteOffset": 36, "byteLength": 36},
        {"buffer": 0, "byteOffset": 72, "byteLength": 6},
    ],
    "buffers": [{"byteLength": 78}],
}  # fmt: skip


def packed(scene: object, body: bytes = BODY) -> bytes:
    """Returns a GLB of a scene and a body."""
    text = scene if isinstance(scene, bytes) else json.dumps(scene).encode()
    text += b" " * (-len(text) % 4)
    head = struct.pack("<4sIIII", b"glTF", 2, 28 + len(text) + len(body), len(text), glb.JSON_CHUNK)
    return head + text + struct.pack("<II", len(body), glb.BIN_CHUNK) + body


def changed(path: str, value: object) -> bytes:
    """Returns a GLB with one value of the scene replaced; None removes it."""
    scene = copy.deepcopy(SCENE)
    *steps, last = [int(step) if step.isdigit() else step for step in path.split(".")]
    owner: dict = scene
    for step in steps:
        owner = owner[step]
    owner[last] = value
    return packed(scene)


def test_a_sound_file_passes():
    glb.check(packed(SCENE))


def test_the_limit_is_in_bytes():
    blob = packed(SCENE)
    glb.check(blob, len(blob))
    with pytest.raises(TooLarge):
        glb.check(blob, len(blob) - 1)


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("asset.version", "1.0"),
        ("buffers.0.uri", "https://example.org/x.bin"),
        ("buffers.0.byteLength", 10_000),
        ("images", [{"uri": "data:,"}]),
        ("extensionsRequired", ["KHR_draco_mesh_compression"]),
        ("nodes.1.extensions", {"KHR_lights": {}}),
        ("nodes.1.mesh", 1),
        ("nodes.1.mesh", True),
        ("nodes.1.matrix", [1, 2, 3]),
        ("nodes.1.matrix", ["1"] * 16),
        ("nodes.1.children", [0]),
        ("nodes.1.children", [1]),
        ("nodes.1.children", [7]),
        ("nodes.0.children", [1, 1]),
        ("scenes.0.nodes", [1]),
        ("bufferViews.2.byteLength", 100),
        ("bufferViews.0.byteOffset", -4),
        ("bufferViews.0.byteStride", 12),
        ("accessors.0.count", 4),
        ("accessors.0.count", 10**12),
        ("accessors.0.count", 0),
        ("accessors.0.byteOffset", 2),
        ("accessors.0.type", "MAT4"),
        ("accessors.0.min", [0, 0]),
        ("accessors.0.sparse", {}),
        ("accessors.1.count", 2),
        ("accessors.2.componentType", 5126),
        ("meshes.0.primitives", []),
        ("meshes.0.primitives.0.indices", 3),
        ("meshes.0.primitives.0.attributes", {"NORMAL": 1}),
        ("meshes.0.primitives.0.attributes.TEXCOORD_0", 0),
        ("meshes.0.primitives.0.material", 1),
        ("meshes.0.primitives.0.mode", 6),
        ("meshes.0.primitives.0.targets", []),
        ("materials.0.normalTexture", {"index": 0}),
        ("materials.0.pbrMetallicRoughness.baseColorTexture", {"index": 0}),
        ("nodes.0.name", "x" * 1001),
        ("nodes.0.extras", 2**60),
    ],
)
def test_a_fault_is_found(path: str, value: object):
    with pytest.raises(Invalid):
        glb.check(changed(path, value))


def test_a_circle_away_from_the_first_node_is_found():
    scene = copy.deepcopy(SCENE)
    scene["nodes"] = [{"name": "below"}, {"children": [0, 2]}, {"children": [1]}]
    scene["scenes"] = [{"nodes": []}]
    with pytest.raises(Invalid, match="circle"):
        glb.check(packed(scene))


def test_an_index_beyond_its_positions_is_found():
    with pytest.raises(Invalid, match="no position"):
        glb.check(packed(SCENE, POSITIONS + NORMALS + struct.pack("<3H", 0, 1, 3) + b"\0\0"))


def test_a_coordinate_that_is_no_number_is_found():
    with pytest.raises(Invalid, match="not a number"):
        glb.check(packed(SCENE, struct.pack("<f", float("nan")) + BODY[4:]))


@pytest.mark.parametrize("text", [b'{"asset": NaN}', b'{"a": 1e999}', b"[" * 100_000, b"[]", b"\xff\xfe", b""])
def test_json_that_is_none_is_found(text: bytes):
    with pytest.raises(Invalid):
        glb.check(packed(text))


def test_depth_is_limited():
    deep: object = 1
    for _ in range(30):
        deep = [deep]
    with pytest.raises(Invalid, match="deep"):
        glb.check(changed("nodes.0.extras", deep))


@settings(max_examples=300, deadline=None)
@given(st.data())
def test_nothing_but_a_refusal_comes_of_damage(data):
    blob = bytearray(packed(SCENE))
    for _ in range(data.draw(st.integers(1, 4))):
        place = data.draw(st.integers(0, len(blob) - 1))
        blob[place] = data.draw(st.integers(0, 255))
    cut = data.draw(st.integers(0, len(blob)))
    for version in (bytes(blob), bytes(blob[:cut])):
        try:
            glb.check(version)
        except (Invalid, TooLarge):
            continue


values = st.recursive(
    st.none() | st.booleans() | st.integers() | st.floats(allow_nan=False) | st.text(max_size=5),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=6), inner, max_size=4),
    max_leaves=8,
)


@settings(max_examples=300, deadline=None)
@given(st.sampled_from(sorted(SCENE)), values)
def test_nothing_but_a_refusal_comes_of_odd_sections(section: str, value: object):
    try:
        glb.check(packed({**SCENE, section: value}))
    except (Invalid, TooLarge):
        return


def places(value: object, path: tuple = ()) -> list[tuple]:
    """Returns the way to every value inside a value."""
    inner = value.items() if isinstance(value, dict) else enumerate(value) if isinstance(value, list) else ()
    return [each for key, part in inner for each in [(*path, key), *places(part, (*path, key))]]


ODD = st.sampled_from(
    [[], {}, -1, 2**31, 2**53 - 1, 2**53, 2**64, 10**400, 1e308, True, None, "", "VEC3", [[]], "\0", 0]
)


@settings(max_examples=400, deadline=None)
@given(st.lists(st.tuples(st.sampled_from(places(SCENE)), ODD | values), min_size=1, max_size=3))
def test_nothing_but_a_refusal_comes_of_odd_values_anywhere(changes: list):
    scene = copy.deepcopy(SCENE)
    for path, value in changes:
        owner: object = scene
        for step in path[:-1]:
            try:
                owner = owner[step]
            except (KeyError, IndexError, TypeError):
                break
        if isinstance(owner, dict) or (isinstance(owner, list) and isinstance(path[-1], int) and path[-1] < len(owner)):
            owner[path[-1]] = value
    try:
        glb.check(packed(scene))
    except (Invalid, TooLarge):
        return


@pytest.mark.parametrize(
    ("path", "value"),
    [
        ("accessors.0.type", []),
        ("accessors.0.count", 2**31),
        ("accessors.0.byteOffset", 2**52),
        ("accessors.0.min", [float("nan")] * 3),
        ("bufferViews.0.byteLength", 2**40),
        ("bufferViews.0.byteOffset", -4),
        ("nodes.1.children", [0]),
        ("nodes.1.children", [1]),
        ("scenes.0.nodes", [99]),
        ("scene", 7),
        ("buffers.0.byteLength", 10**400),
    ],
)
def test_lies_about_places_and_counts_are_refused(path: str, value: object):
    with pytest.raises(Invalid):
        glb.check(changed(path, value))


def test_a_small_file_cannot_keep_us_busy():
    scene = copy.deepcopy(SCENE)
    body = bytes(4 << 20)
    scene["bufferViews"] = [{"buffer": 0, "byteLength": len(body)}]
    scene["buffers"] = [{"byteLength": len(body)}]
    scene["accessors"] = [{"bufferView": 0, "componentType": 5126, "count": 1 << 20, "type": "SCALAR"}] * 20_000
    scene["meshes"] = []
    scene["nodes"] = [{"children": [place + 1]} for place in range(30_000)] + [{}]
    began = time.process_time()
    with pytest.raises(Invalid, match="share their bytes"):
        glb.check(packed(scene, body))
    assert time.process_time() - began < 5
    scene["accessors"] = []
    began = time.process_time()
    glb.check(packed(scene, body))
    assert time.process_time() - began < 5
