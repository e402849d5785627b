"""Writes binary glTF 2.0 files (https://registry.khronos.org/glTF/specs/2.0/glTF-2.0.html)."""

import json
import struct

import numpy as np

from opendesign.cad.inside import colour

POINTS, INDICES = 34962, 34963
LINES, TRIANGLES = 1, 4
MILLIMETRE = 0.001


class Scene:
    """A glTF file in the making: millimetres with z up, turned and scaled at the root to glTF's metres with y up."""

    def __init__(self, stamp: dict[str, str]):
        self.stamp = stamp
        self.body = bytearray()
        self.views: list[dict] = []
        self.accessors: list[dict] = []
        self.materials: list[dict] = []
        self.meshes: list[dict] = []
        # x → x, z → y, -y → z, column by column.
        turned = [MILLIMETRE, 0, 0, 0, 0, 0, -MILLIMETRE, 0, 0, MILLIMETRE, 0, 0, 0, 0, 0, 1]
        self.nodes: list[dict] = [{"name": "model", "matrix": turned, "children": []}]
        self.known: dict[tuple, int] = {}

    def points(self, values: np.ndarray, bounds: bool = False) -> int:
        """Adds vectors (n × 3) and returns their accessor; positions need their bounds."""
        values = np.ascontiguousarray(values, np.float32)
        accessor = {"componentType": 5126, "count": len(values), "type": "VEC3"}
        if bounds:
            accessor |= {"min": values.min(0).tolist(), "max": values.max(0).tolist()}
        return self.accessor(values.tobytes(), accessor, POINTS)

    def indices(self, values: np.ndarray, count: int) -> int:
        """Adds indices below `count` and returns their accessor."""
        small = count <= 0xFFFF
        flat = np.ascontiguousarray(values, np.uint16 if small else np.uint32).ravel()
        accessor = {"componentType": 5123 if small else 5125, "count": len(flat), "type": "SCALAR"}
        return self.accessor(flat.tobytes(), accessor, INDICES)

    def accessor(self, content: bytes, accessor: dict, target: int) -> int:
        """Appends content to the body, aligned to four bytes, and returns its accessor's number."""
        self.body += b"\0" * (-len(self.body) % 4)
        view = {"buffer": 0, "byteOffset": len(self.body), "byteLength": len(content), "target": target}
        self.body += content
        self.views.append(view)
        self.accessors.append({"bufferView": len(self.views) - 1, **accessor})
        return len(self.accessors) - 1

    def material(self, shade: colour.Colour, name: str = "part", roughness: float = 0.55) -> int:
        """Returns the number of a material of that colour; materials are shared."""
        key = ("material", shade, name)
        if key not in self.known:
            surface = {
                "baseColorFactor": colour.linear(shade),
                "metallicFactor": 0,
                "roughnessFactor": roughness,
            }
            material = {"name": name, "pbrMetallicRoughness": surface, "doubleSided": True}
            if shade[3] < 1:
                material["alphaMode"] = "BLEND"
            self.materials.append(material)
            self.known[key] = len(self.materials) - 1
        return self.known[key]

    def mesh(self, name: str, primitives: list[dict]) -> int:
        """Adds a mesh and returns its number."""
        self.meshes.append({"name": name, "primitives": primitives})
        return len(self.meshes) - 1

    def node(self, name: str, mesh: int, matrix: np.ndarray, extras: dict) -> None:
        """Places a mesh by a 4 × 4 matrix in millimetres."""
        node = {"name": name, "mesh": mesh, "extras": extras}
        if not np.array_equal(matrix, np.identity(4)):
            node["matrix"] = [round(float(number), 12) + 0.0 for number in matrix.T.ravel()]
        self.nodes.append(node)
        self.nodes[0]["children"].append(len(self.nodes) - 1)

    def written(self) -> bytes:
        """Returns the file."""
        asset = {"version": "2.0", "generator": "OpenDesign", "extras": {"unit": "mm", "up": "z", **self.stamp}}
        if self.stamp:
            asset["copyright"] = " ".join(self.stamp.get(word, "") for word in ("owner", "licence")).strip()
        scene = {
            "asset": asset,
            "scene": 0,
            "scenes": [{"nodes": [0]}],
            "nodes": self.nodes,
            "materials": self.materials,
            "meshes": self.meshes,
            "accessors": self.accessors,
            "bufferViews": self.views,
            "buffers": [{"byteLength": len(self.body)}],
        }
        text = json.dumps({key: value for key, value in scene.items() if value != []}, separators=(",", ":")).encode()
        text += b" " * (-len(text) % 4)
        body = bytes(self.body) + b"\0" * (-len(self.body) % 4)
        total = 12 + 8 + len(text) + 8 + len(body)
        head = struct.pack("<4sIIII", b"glTF", 2, total, len(text), 0x4E4F534A)
        return head + text + struct.pack("<II", len(body), 0x004E4942) + body
