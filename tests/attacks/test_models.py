"""Hostile model files against a real engine: each is refused in words, and the next honest build is right."""

import functools
import io
import struct
import zipfile

import ezdxf
import pytest
from attacks.honest import Honest

from opendesign.cad.engine import Engine, Job

CORE = "http://schemas.microsoft.com/3dmanufacturing/core/2015/02"
SECRET = "/etc/passwd"


def package(text: str | bytes, name: str = "3D/3dmodel.model") -> bytes:
    """Returns a 3MF of one model file."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive:
        archive.writestr(name, text)
    return stream.getvalue()


@functools.cache
def zip_bomb() -> bytes:
    """A 3MF whose model is a gigabyte of blanks."""
    stream = io.BytesIO()
    with zipfile.ZipFile(stream, "w", zipfile.ZIP_DEFLATED) as archive, archive.open("3D/3dmodel.model", "w") as file:
        for _ in range(500):
            file.write(b" " * (1 << 20))
    return stream.getvalue()


def lying_zip() -> bytes:
    """The same with a directory that says the file has ten bytes."""
    content = bytearray(zip_bomb())
    place = content.rindex(b"PK\x01\x02")
    content[place + 24 : place + 28] = struct.pack("<I", 10)
    return bytes(content)


def entities(body: str) -> str:
    """XML whose entities unfold to gigabytes."""
    levels = "".join(f'<!ENTITY e{n} "{f"&e{n - 1};" * 10}">' for n in range(1, 12))
    return f'<?xml version="1.0"?><!DOCTYPE x [<!ENTITY e0 "0123456789">{levels}]>{body}'


def components(count: int) -> str:
    """Objects that are each twice in the next: two to the power of `count` of them."""
    objects = '<object id="1"/>' + "".join(
        f'<object id="{n}"><components>{f"""<component objectid="{n - 1}"/>""" * 2}</components></object>'
        for n in range(2, count + 1)
    )
    return f'<model xmlns="{CORE}"><resources>{objects}</resources><build><item objectid="{count}"/></build></model>'


def triangle(corner: str) -> str:
    """A 3MF's model of one triangle with a corner of that x."""
    points = f'<vertex x="{corner}" y="0" z="0"/><vertex x="1" y="0" z="0"/><vertex x="0" y="1" z="0"/>'
    mesh = f'<mesh><vertices>{points}</vertices><triangles><triangle v1="0" v2="1" v3="2"/></triangles></mesh>'
    return (
        f'<model xmlns="{CORE}"><resources><object id="1">{mesh}</object></resources>'
        '<build><item objectid="1"/></build></model>'
    )


def blocks() -> bytes:
    """A DXF whose blocks hold each other ten times, twelve deep, and the last one the first."""
    drawing = ezdxf.new()
    for number in range(12):
        block = drawing.blocks.new(f"B{number}")
        for _ in range(10):
            block.add_blockref(f"B{(number + 1) % 12}", (0, 0))
    drawing.modelspace().add_blockref("B0", (0, 0))
    stream = io.StringIO()
    drawing.write(stream)
    return stream.getvalue().encode()


def grid() -> bytes:
    """A DXF that inserts a block a billion times by one entity."""
    drawing = ezdxf.new()
    drawing.blocks.new("B").add_line((0, 0), (1, 1))
    insert = drawing.modelspace().add_blockref("B", (0, 0))
    insert.dxf.row_count = insert.dxf.column_count = 30_000
    insert.dxf.row_spacing = insert.dxf.column_spacing = 1
    stream = io.StringIO()
    drawing.write(stream)
    return stream.getvalue().encode()


def use_bomb() -> str:
    """An SVG that uses each group ten times in the next."""
    groups = "".join(f'<g id="g{n}">{f"""<use href="#g{n - 1}"/>""" * 10}</g>' for n in range(1, 9))
    return f'<svg xmlns="http://www.w3.org/2000/svg"><g id="g0"><path d="M0 0H1"/></g>{groups}</svg>'


def binary_stl(count: int, *numbers: float) -> bytes:
    """A binary STL that promises `count` triangles and holds one of these nine numbers."""
    return bytes(80) + struct.pack("<I12fH", count, 0, 0, 0, *numbers, 0)


STEP = b"ISO-10303-21;\nHEADER;\nFILE_DESCRIPTION((''),'2;1');\nFILE_NAME('','',(''),(''),'','','');\n"
FLAT = (0, 0, 0, 1, 0, 0, 0, 1, 0)
NAN = float("nan")
HOSTILE = {
    "zip bomb": ("a.3mf", zip_bomb, "400 MiB"),
    "zip that lies": ("a.3mf", lying_zip, "a.3mf"),
    "no zip": ("a.3mf", lambda: b"PK\x03\x04" + bytes(100), "not a zip"),
    "zip elsewhere": ("a.3mf", lambda: package("x", "../../etc/x"), "holds no"),
    "3MF entities": ("a.3mf", lambda: package(entities("<model>&e11;</model>")), "entities"),
    "3MF outside": (
        "a.3mf",
        lambda: package(f'<!DOCTYPE m [<!ENTITY x SYSTEM "{SECRET}">]><model>&x;</model>'),
        "entities",
    ),
    "3MF components": ("a.3mf", lambda: package(components(28)), "without end"),
    "3MF in itself": ("a.3mf", lambda: package(components(2).replace('objectid="1"', 'objectid="2"')), "without end"),
    "3MF deep": ("a.3mf", lambda: package("<a>" * 100_000), "deep"),
    "3MF NaN": ("a.3mf", lambda: package(triangle("nan")), "no numbers"),
    "3MF infinite": ("a.3mf", lambda: package(triangle("1e400")), "no numbers"),
    "3MF index": ("a.3mf", lambda: package(triangle("0").replace('v3="2"', 'v3="9999999"')), "does not hold"),
    "STL false count": ("a.stl", lambda: binary_stl(4_000_000_000, *FLAT), "cut short"),
    "STL NaN": ("a.stl", lambda: binary_stl(1, NAN, *FLAT[1:]), "no numbers"),
    "STL infinite": ("a.stl", lambda: binary_stl(1, 1e38, *FLAT[1:]), "no numbers"),
    "STL of nothing": ("a.stl", lambda: binary_stl(0, *FLAT), "cut short"),
    "STL of words": (
        "a.stl",
        lambda: b"solid x\nfacet normal 0 0 0\nvertex a b c\nvertex 1 2 3\nvertex 1 2 3\n",
        "a.stl",
    ),
    "STEP cut": ("a.step", lambda: STEP, "a.step"),
    "STEP garbage": ("a.step", lambda: STEP + b"ENDSEC;\nDATA;\n" + b"#1=X((((((" * 3_000_000, "a.step"),
    "STEP loops": (
        "a.step",
        lambda: STEP + b"ENDSEC;\nDATA;\n#1=SHAPE_REPRESENTATION('',(#1),#1);\nENDSEC;\nEND-ISO-10303-21;\n",
        "a.step",
    ),
    "IGES rubbish": ("a.igs", lambda: b"rubbish in every column".ljust(72) + b"S      1\n", "a.igs"),
    "BREP rubbish": (
        "a.brep",
        lambda: b"DBRep_DrawableShape\n\nCASCADE Topology V1, (c)\nLocations 999999999\n",
        "a.brep",
    ),
    "BREP points": ("a.brep", lambda: b"CASCADE Topology V1\nLocations 0\nCurve2ds 4000000000\n1 0 0 1 0\n", "a.brep"),
    "DXF blocks": ("a.dxf", blocks, "a.dxf"),
    "DXF grid": ("a.dxf", grid, "a.dxf"),
    "DXF rubbish": ("a.dxf", lambda: b"0\nSECTION\n2\nENTITIES\n0\nLINE\n10\nNaN\n", "a.dxf"),
    "SVG entities": ("a.svg", lambda: entities("<svg>&e11;</svg>").encode(), "entities"),
    "SVG uses": ("a.svg", lambda: use_bomb().encode(), "without end"),
    "SVG outside": (
        "a.svg",
        lambda: (
            f'<svg xmlns:x="http://www.w3.org/1999/xlink"><use x:href="file://{SECRET}#a"/><script>1</script></svg>'
        ),
        "draws no lines",
    ),
    "SVG numbers": ("a.svg", lambda: '<svg viewBox="0 0 nan nan"><path d="M0 0L1e400 1"/></svg>', "a.svg"),
}


@pytest.mark.parametrize("attack", HOSTILE)
def test_a_hostile_model_is_refused_in_words(engine: Engine, attack: str, honest: Honest) -> None:
    name, made, says = HOSTILE[attack]
    content = made()
    content = content.encode() if isinstance(content, str) else content
    outcome = engine.build(Job(name, {name: content}, formats=("viewer", "stl"), seconds=60))
    assert not outcome.ok
    assert outcome.error["kind"] in ("geometry", "empty", "output", "memory", "time", "crash"), outcome.error
    assert says in outcome.error["message"] and name in outcome.error["message"], outcome.error
    assert "root:" not in outcome.log + str(outcome.error)
    honest.check(engine)
