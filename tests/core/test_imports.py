"""The closure of a script holds everything that it can read."""

import posixpath
import sys

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendesign.core.imports import closure

# ---------------------------------------------------------------- examples


def reads(sources: dict[str, str], others: str = "", entry: str = "part.py") -> set[str]:
    found = closure(entry, sources, others.split())
    assert list(found) == sorted(found) and entry in found
    return set(found) - {entry}


def test_imports_are_followed_through_every_usual_folder():
    sources = {
        "cad/part.py": "import cadquery\nimport sizes, bolts.m3\nfrom shared import walls\nfrom ..top import x\n",
        "cad/sizes.py": "def later():\n    from inner.deep import z\n",
        "cad/bolts/__init__.py": "",
        "cad/bolts/m3.py": "from . import thread\nfrom .heads import *",
        "cad/bolts/thread.py": "",
        "cad/bolts/heads/__init__.py": "from ..m3 import x",
        "cad/bolts/heads/hex.py": "",
        "cad/bolts/unused.py": "",
        "shared/__init__.py": "",
        "shared/walls.py": "",
        "top.py": "",
        "src/inner/__init__.py": "",
        "src/inner/deep.py": "",
        "cadquery/__init__.py": "",
        "other.py": "",
    }
    assert set(sources) - reads(sources, entry="cad/part.py") == {
        *("cad/bolts/unused.py", "cadquery/__init__.py", "other.py", "cad/part.py")
    }


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("importlib.import_module('a')", {"a.py"}),
        ("__import__('lib.b')", {"lib/b.py"}),
        ("importlib.import_module(name)", {"a.py", "lib/b.py", "lib/sub/c.py"}),
        ("sys.path.append(here)\nimport c", {"lib/sub/c.py"}),
        ("import c", set()),
        ("exec(open('lib/b.py').read())", {"lib/b.py"}),
        ("runpy.run_path('a.py')", {"a.py"}),
        ("from lib import *", {"lib/b.py"}),
        ("from lib import b as q", {"lib/b.py"}),
        ("def broken(", set()),
    ],
)
def test_imports_at_run_time_widen_the_closure(line, expected):
    assert reads({"part.py": line, "a.py": "", "lib/b.py": "", "lib/sub/c.py": ""}) == expected


OTHERS = "board.step models/panel.STEP models/fan.stl data/sizes.json plate_3.dxf README.md docs/lid.png font.ttf"


@pytest.mark.parametrize(
    ("line", "expected"),
    [
        ("importers.importStep('board.step')", {"board.step"}),
        ("importers.importStep(os.path.join(here, 'models', 'panel.step'))", {"models/panel.STEP", "models/fan.stl"}),
        ("importers.importStep(f'{here}/panel.step')", {"models/panel.STEP"}),
        ("importers.importDXF('plate_%d.dxf' % n)", {"plate_3.dxf"}),
        ("importers.importDXF('plate_{}.dxf'.format(n))", {"plate_3.dxf"}),
        ("importers.importDXF(name + '.dxf')", {"plate_3.dxf"}),
        ("load_model('board')", {"board.step"}),
        ("box.text('x', 5, 1, fontPath='font.ttf')", {"font.ttf"}),
        ("box.export('board.step'); show_object(box, name='board')", set()),
        ("'''Fits board.step.'''\nx = 1", set()),
        ("import json\njson.load(open('data/sizes.json'))", {"data/sizes.json"}),
        ("open(some_name).read()", set(OTHERS.split())),
        ("open(some_name, 'w').write(x)", set()),
        ("Path(p).glob('*')", set(OTHERS.split())),
        ("x = json.load(open('sizes.json'))\nimportStep(x['file'])", set(OTHERS.split())),
        ("open('../models/fan.stl', 'rb')", {"models/panel.STEP", "models/fan.stl"}),
    ],
)
def test_data_files_that_the_texts_explain_are_in_the_closure(line, expected):
    assert reads({"part.py": line}, OTHERS) == expected


def test_texts_of_imported_modules_count_and_hidden_files_do_not():
    sources = {"cad/part.py": "import loader", "cad/loader.py": "def f(n): return open(n)"}
    assert reads(sources, ".github/x.yml cad/a.step other/b.step", "cad/part.py") == {"cad/loader.py", "cad/a.step"}


def test_a_large_tree_is_searched_in_reasonable_time():
    others = [f"exports/{n}/part_{n}.step" for n in range(20_000)]
    source = "import os\n" + "\n".join(f"x{n} = 'text {n} {{}}.name%d'" for n in range(2_000)) + "\nopen('part_7.step')"
    assert "exports/7/part_7.step" in closure("part.py", {"part.py": source}, others)


# ---------------------------------------------------------------- soundness: what Python really reads

NAMES = ("zq_a", "zq_b", "zq_c")
FOLDERS = ("", "zq_p", "zq_p/zq_q", "src", "src/zq_p")


@st.composite
def trees(draw):
    """A tree of modules that import one another in every way, and an entry script."""
    sources = {}
    for folder in FOLDERS:
        for name in (*NAMES, "__init__"):
            if draw(st.booleans()):
                sources[posixpath.join(folder, f"{name}.py")] = "\n".join(draw(st.lists(imports(folder), max_size=3)))
    entry = draw(st.sampled_from(["zq_main.py", "zq_p/zq_main.py"]))
    sources[entry] = "\n".join(draw(st.lists(imports(posixpath.dirname(entry), True), min_size=1, max_size=4)))
    return entry, sources


def imports(folder: str, entry: bool = False) -> st.SearchStrategy[str]:
    name, package = st.sampled_from(NAMES), st.sampled_from(["zq_p", "zq_p.zq_q", "zq_q"])
    ways = [
        st.builds("import {}".format, name),
        st.builds("import {}.{} as z".format, package, name),
        st.builds("from {} import {}".format, package, name),
        st.builds("from {} import *".format, package),
        st.builds("from {}.{} import thing".format, package, name),
        st.builds("def later():\n  import {}\nlater()".format, name),
        st.builds("import importlib; importlib.import_module('{}.{}')".format, package, name),
        st.builds("import importlib; n='{}'; importlib.import_module('{}.' + n)".format, name, package),
        st.just("__all__ = ['zq_a', 'zq_b']"),
    ]
    if not entry:
        ways += [st.builds("from {} import {}".format, st.sampled_from([".", "..", ".zq_q"]), name)]
        ways += [st.builds("from .{} import thing".format, name)]
    guarded = "try:\n  {}\nexcept (ImportError, AttributeError, ValueError, RecursionError): pass"
    return st.one_of(ways).map(lambda line: guarded.format(line.replace("\n", "\n  ")))


@settings(max_examples=60, deadline=None, suppress_health_check=[HealthCheck.function_scoped_fixture])
@given(trees())
def test_whatever_python_imports_from_the_design_is_in_the_closure(tmp_path_factory, tree):
    entry, sources = tree
    root = tmp_path_factory.mktemp("tree")
    for path, text in sources.items():
        (root / path).parent.mkdir(parents=True, exist_ok=True)
        (root / path).write_text(text)
    read = imported_by_running(root, entry, sources[entry])
    assert read <= set(closure(entry, sources, []))


def imported_by_running(root, entry: str, text: str) -> set[str]:
    """The design's files that Python loads when the script runs with the folders the engine gives it."""
    folders = [root / posixpath.dirname(entry), root, root / "src"]
    path, modules, unwritten = sys.path[:], set(sys.modules), sys.dont_write_bytecode
    sys.path[:0], sys.dont_write_bytecode = [str(folder) for folder in dict.fromkeys(folders)], True
    try:
        exec(compile(text, entry, "exec"), {"__name__": "__main__"})
        new = [sys.modules[name] for name in set(sys.modules) - modules if name.startswith("zq_")]
        files = [module.__file__ for module in new if getattr(module, "__file__", None)]
        return {posixpath.relpath(file, root) for file in files}
    finally:
        sys.path[:], sys.dont_write_bytecode = path, unwritten
        for name in set(sys.modules) - modules:
            if name.startswith("zq_"):
                del sys.modules[name]
