"""Checks binary glTF files that come out of the jail, before anyone's browser sees them.

What is allowed is what our own writers make: glTF 2.0 in one file, tightly packed, without extensions, pictures or
anything to fetch (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html).
"""

import json
import math
import struct
from collections.abc import Iterable

from opendesign.core.errors import Invalid, TooLarge

LARGEST = 256 << 20
LARGEST_JSON = 4 << 20
DEEPEST = 20
JSON_CHUNK, BIN_CHUNK = 0x4E4F534A, 0x004E4942
COMPONENTS = {5120: "b", 5121: "B", 5122: "h", 5123: "H", 5125: "I", 5126: "f"}
INDEX_COMPONENTS = (5121, 5123, 5125)
WIDTHS = {"SCALAR": 1, "VEC2": 2, "VEC3": 3, "VEC4": 4}
FORBIDDEN = {"uri", "extensions", "extensionsRequired", "extensionsUsed", "sparse", "byteStride"}
SECTIONS = {
    "scenes", "nodes", "materials", "meshes", "accessors", "bufferViews", "buffers", "asset", "scene", "extras",
}  # fmt: skip


def check(blob: bytes, limit: int = LARGEST) -> None:
    """Raises Invalid if a file is not a sound GLB of our kind, TooLarge if it has more bytes than the limit."""
    if len(blob) > limit:
        raise TooLarge(f"The GLB has {len(blob)} bytes; {limit} are allowed.")
    text, body = chunks(blob)
    scene = parsed(text)
    check_values(scene)
    check_sections(scene, len(body))
    views = [check_view(view, len(body)) for view in listed(scene, "bufferViews")]
    accessors = listed(scene, "accessors")
    for accessor in accessors:
        check_accessor(accessor, views)
    for material in listed(scene, "materials"):
        check_material(material)
    for mesh in listed(scene, "meshes"):
        for primitive in demanded_list(mesh, "primitives"):
            check_primitive(primitive, accessors, len(listed(scene, "materials")))
    check_contents(accessors, views, body, listed(scene, "meshes"))
    check_tree(listed(scene, "nodes"), listed(scene, "scenes"), len(listed(scene, "meshes")))


def demand(truth: object, message: str) -> None:
    """Raises Invalid unless something is true."""
    if not truth:
        raise Invalid(f"The GLB is not sound: {message}.")


def chunks(blob: bytes) -> tuple[bytes, memoryview]:
    """Returns the JSON and the binary part."""
    demand(len(blob) >= 20 and len(blob) % 4 == 0, "it is cut short")
    magic, version, length, text_length, kind = struct.unpack_from("<4sIIII", blob)
    demand(magic == b"glTF" and version == 2, "it is not glTF 2")
    demand(length == len(blob), "its length is not the one it names")
    demand(kind == JSON_CHUNK and text_length % 4 == 0, "it does not begin with JSON")
    demand(text_length <= LARGEST_JSON, f"its JSON has more than {LARGEST_JSON} bytes")
    end = 20 + text_length
    demand(end <= len(blob), "its JSON is longer than the file")
    if end == len(blob):
        return blob[20:end], memoryview(b"")
    demand(end + 8 <= len(blob), "its second part is cut short")
    body_length, kind = struct.unpack_from("<II", blob, end)
    demand(kind == BIN_CHUNK and end + 8 + body_length == len(blob), "its second part is not all of the rest")
    return blob[20:end], memoryview(blob)[end + 8 :]


def refuse_constant(name: str) -> float:
    """Refuses NaN and Infinity."""
    raise ValueError(name)


def finite(text: str) -> float:
    """Returns a number that is one."""
    number = float(text)
    if not math.isfinite(number):
        raise ValueError(text)
    return number


def parsed(text: bytes) -> dict:
    """Returns the JSON as a dictionary."""
    try:
        scene = json.loads(text.decode(), parse_constant=refuse_constant, parse_float=finite)
    except (ValueError, RecursionError) as trouble:
        raise Invalid("The GLB is not sound: its JSON cannot be read.") from trouble
    demand(isinstance(scene, dict), "its JSON is no object")
    return scene


def check_values(scene: dict) -> None:
    """Refuses what would be fetched or interpreted, texts longer than 1,000 letters, and depth."""
    waiting: list[tuple[object, int]] = [(scene, 0)]
    while waiting:
        value, depth = waiting.pop()
        demand(depth <= DEEPEST, f"its JSON is more than {DEEPEST} deep")
        if isinstance(value, dict):
            demand(not FORBIDDEN.intersection(value), "it uses uri, extensions, sparse or byteStride")
            waiting += [(inner, depth + 1) for inner in value.values()]
        elif isinstance(value, list):
            waiting += [(inner, depth + 1) for inner in value]
        elif isinstance(value, str):
            demand(len(value) <= 1000, "a text has more than 1,000 letters")
        elif isinstance(value, int):
            demand(abs(value) < 2**53, "a number is too large")


def check_sections(scene: dict, body_length: int) -> None:
    """Checks what the file is made of, its version and its one buffer."""
    demand(SECTIONS.issuperset(scene), "it has sections that our files never have")
    asset = scene.get("asset")
    demand(isinstance(asset, dict) and asset.get("version") == "2.0", "its asset is not of version 2.0")
    buffers = listed(scene, "buffers")
    demand(len(buffers) == 1, "it does not have one buffer")
    if "scene" in scene:
        index(scene, "scene", len(listed(scene, "scenes")))
    length = natural(buffers[0], "byteLength")
    demand(length <= body_length <= length + 3, "its buffer is not its binary part")


def listed(scene: dict, section: str) -> list[dict]:
    """Returns a section as a list of objects."""
    values = scene.get(section, [])
    demand(isinstance(values, list) and all(isinstance(value, dict) for value in values), f"{section} is no list")
    return values


def demanded_list(owner: dict, key: str) -> list[dict]:
    """Returns a list of objects that may not be empty."""
    values = listed(owner, key)
    demand(values, f"{key} is empty")
    return values


def natural(owner: dict, key: str, default: int | None = None) -> int:
    """Returns a whole number from 0 on."""
    number = owner.get(key, default)
    if not isinstance(number, int) or isinstance(number, bool) or number < 0:
        raise Invalid(f"The GLB is not sound: {key} is not a number.")
    return number


def index(owner: dict, key: str, count: int) -> int:
    """Returns a number below a count."""
    number = natural(owner, key)
    demand(number < count, f"{key} points to nothing")
    return number


def check_view(view: dict, body_length: int) -> tuple[int, int]:
    """Returns a buffer view's begin and length."""
    demand(natural(view, "buffer") == 0, "a view is of another buffer")
    begin, length = natural(view, "byteOffset", 0), natural(view, "byteLength")
    demand(begin + length <= body_length, "a view reaches beyond the binary part")
    return begin, length


def check_accessor(accessor: dict, views: list[tuple[int, int]]) -> None:
    """Checks that an accessor stays in its view."""
    begin, length = views[index(accessor, "bufferView", len(views))]
    component = natural(accessor, "componentType")
    known = isinstance(accessor.get("type"), str) and accessor["type"] in WIDTHS
    demand(component in COMPONENTS and known, "an accessor is of an unknown type")
    size = struct.calcsize(COMPONENTS[component])
    offset = natural(accessor, "byteOffset", 0)
    demand((begin + offset) % size == 0, "an accessor is not aligned")
    demand(natural(accessor, "count") > 0, "an accessor is empty")
    used = offset + accessor["count"] * size * WIDTHS[accessor["type"]]
    demand(used <= length, "an accessor reaches beyond its view")
    for bound in ("min", "max"):
        if bound in accessor:
            check_numbers(accessor[bound], WIDTHS[accessor["type"]])


def check_numbers(values: object, count: int) -> None:
    """Checks a list of that many numbers."""
    demand(isinstance(values, list) and len(values) == count, "a list of numbers has another length")
    numbers = isinstance(values, list) and all(type(value) in (int, float) for value in values)
    demand(numbers, "a list of numbers holds something else")


def check_material(material: dict) -> None:
    """Checks that a material is a colour and no more."""
    surface = material.get("pbrMetallicRoughness", {})
    demand(isinstance(surface, dict), "a material is none")
    demand(not {"baseColorTexture", "metallicRoughnessTexture"} & set(surface), "a material has a picture")
    demand(not {"normalTexture", "occlusionTexture", "emissiveTexture"} & set(material), "a material has a picture")
    if "baseColorFactor" in surface:
        check_numbers(surface["baseColorFactor"], 4)


def check_primitive(primitive: dict, accessors: list[dict], materials: int) -> None:
    """Checks a primitive's accessors, material and mode."""
    attributes = primitive.get("attributes")
    if not isinstance(attributes, dict):
        raise Invalid("The GLB is not sound: a primitive has no attributes.")
    demand({"POSITION"} <= set(attributes) <= {"POSITION", "NORMAL"}, "odd attributes")
    counts = set()
    for name in attributes:
        accessor = accessors[index(attributes, name, len(accessors))]
        demand((accessor["componentType"], accessor["type"]) == (5126, "VEC3"), f"{name} is not of floats")
        counts.add(accessor["count"])
    demand(len(counts) == 1, "positions and normals differ in number")
    indices = accessors[index(primitive, "indices", len(accessors))]
    demand(indices["componentType"] in INDEX_COMPONENTS and indices["type"] == "SCALAR", "indices are not numbers")
    mode = natural(primitive, "mode", 4)
    demand(mode in (1, 4) and indices["count"] % (2 if mode == 1 else 3) == 0, "it is neither triangles nor lines")
    demand("targets" not in primitive, "it moves")
    if "material" in primitive:
        index(primitive, "material", materials)


def check_contents(accessors: list[dict], views: list[tuple[int, int]], body: memoryview, meshes: list[dict]) -> None:
    """Checks that all coordinates are numbers, and indices within their positions."""
    highest: dict[int, int] = {}
    left = len(body)
    for place, accessor in enumerate(accessors):
        begin = views[accessor["bufferView"]][0] + accessor.get("byteOffset", 0)
        code = COMPONENTS[accessor["componentType"]]
        length = accessor["count"] * WIDTHS[accessor["type"]] * struct.calcsize(code)
        # Or a small file that names the same bytes a thousand times would keep us busy for hours.
        left -= length
        demand(left >= 0, "its accessors share their bytes")
        values = memoryview(bytes(body[begin : begin + length])).cast(code)  # type: ignore[call-overload]
        if code == "f":
            demand(all(map(math.isfinite, values)), "a coordinate is not a number")
        else:
            highest[place] = max(values)
    for mesh in meshes:
        for primitive in mesh["primitives"]:
            count = accessors[primitive["attributes"]["POSITION"]]["count"]
            demand(highest[primitive["indices"]] < count, "an index points to no position")


def check_tree(nodes: list[dict], scenes: list[dict], meshes: int) -> None:
    """Checks that the nodes are trees, each with its place, its mesh, and one parent at most."""
    parents: dict[int, int] = {}
    for place, node in enumerate(nodes):
        if "mesh" in node:
            index(node, "mesh", meshes)
        for key, count in (("matrix", 16), ("translation", 3), ("rotation", 4), ("scale", 3)):
            if key in node:
                check_numbers(node[key], count)
        for child in whole_numbers(node.get("children", []), len(nodes)):
            demand(child not in parents, "a node has two parents")
            parents[child] = place
    for scene in scenes:
        for root in whole_numbers(scene.get("nodes", []), len(nodes)):
            demand(root not in parents, "a scene begins below the top")
    settled: set[int] = set()
    for place in range(len(nodes)):
        path: set[int] = set()
        while place in parents and place not in settled:
            demand(place not in path, "its nodes go round in a circle")
            path.add(place)
            place = parents[place]
        settled |= path


def whole_numbers(values: object, count: int) -> Iterable[int]:
    """Returns a list of numbers below a count."""
    demand(isinstance(values, list), "a list is none")
    numbers = values if isinstance(values, list) else []
    demand(all(type(value) is int and 0 <= value < count for value in numbers), "a node points to nothing")
    return numbers
