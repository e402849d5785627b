"""The rules of docs/architecture.md, read from the source."""

import ast
import sys
from pathlib import Path

import pytest

ROOT = Path(__file__).parent.parent
PACKAGE = ROOT / "opendesign"
SOURCES = sorted(path for path in PACKAGE.rglob("*.py") if not {"demo", "node_modules"} & set(path.parts))
TESTS = sorted((ROOT / "tests").rglob("*.py"))
RINGS = {
    "core": 0,
    "records": 1,
    "git": 1,
    "cad": 1,
    "queue": 1,
    "mail": 1,
    "oidc": 1,
    "actions": 2,
    "web": 3,
    "api": 3,
    "worker": 3,
    "cli": 3,
    "app": 4,
    "__main__": 5,
}
# Who may import what; a path that starts with one of the folders may.
ONLY = {
    "flask": ("app.py", "web/", "api/"),
    "sqlalchemy": ("records/",),
    "alembic": ("records/",),
    "git": ("git/",),
    "cadquery": ("cad/inside/",),
    "OCP": ("cad/inside/",),
    "build123d": ("cad/inside/",),
    "huey": ("queue/",),
    "smtplib": ("mail/",),
    "botocore": ("cad/bucket.py",),
    "authlib": ("oidc/",),
    "joserfc": ("oidc/",),
    "requests": ("oidc/",),
    # web/assets/ is the build hook, which runs npm.
    "subprocess": ("git/", "cad/", "web/assets/hatch_build.py"),
}
LONGEST_FILE, LONGEST_FUNCTION = 300, 40
BANNED = {"manager", "handler", "processor", "service", "helper", "util", "utils", "common", "misc", "data", "info"}
SQLALCHEMY = {"process_bind_param", "process_result_value"}  # names its TypeDecorator calls
GENERATED = "records/migrations/versions/"  # written by alembic, one function a schema


def place(path: Path) -> str:
    return path.relative_to(PACKAGE).as_posix()


def ring_of(module: str) -> str:
    parts = module.split(".")
    return parts[1] if len(parts) > 1 else ""


def imports(path: Path) -> list[tuple[str, int, bool]]:
    """(module, line, at the top level) of every import."""
    tree = ast.parse(path.read_text())
    top = {id(node) for node in tree.body}
    found = []
    for node in ast.walk(tree):
        if isinstance(node, ast.Import):
            found += [(alias.name, node.lineno, id(node) in top) for alias in node.names]
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{path}:{node.lineno} imports relatively"
            module = node.module or ""
            found += [
                (f"{module}.{a.name}" if module == "opendesign" else module, node.lineno, id(node) in top)
                for a in node.names
            ]
    return found


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_imports_point_downwards_only(path):
    own = place(path).split("/")[0].removesuffix(".py")
    for module, line, _ in imports(path):
        if not module.startswith("opendesign."):
            continue
        other = ring_of(module)
        if own not in RINGS or other not in RINGS or other == own:
            continue
        assert RINGS[other] < RINGS[own], f"{place(path)}:{line} imports {module}, which is not below {own}"


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_libraries_stay_in_their_rooms(path):
    for module, line, _ in imports(path):
        rooms = ONLY.get(module.split(".")[0])
        if rooms and not module.startswith("opendesign"):
            assert place(path).startswith(rooms), f"{place(path)}:{line} imports {module}; only {rooms} may"


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_imports_stand_at_the_top(path):
    if place(path).startswith("cad/inside/") or place(path) == "web/assets/hatch_build.py":
        return  # the jail imports late on purpose: what runs before it is warmed must stay small
    late = [(module, line) for module, line, top in imports(path) if not top]
    assert not late, f"{place(path)} imports inside functions: {late}"


def test_core_is_the_standard_library_only():
    for path in PACKAGE.glob("core/*.py"):
        for module, line, _ in imports(path):
            root = module.split(".")[0]
            assert root in sys.stdlib_module_names or module.startswith("opendesign.core"), f"{path}:{line} {module}"


def test_the_jail_imports_nothing_of_ours():
    for path in (PACKAGE / "cad" / "inside").rglob("*.py"):
        for module, line, _ in imports(path):
            ours = module.startswith("opendesign") and not module.startswith("opendesign.cad.inside")
            assert not ours, f"{path}:{line} imports {module}"


def test_fork_is_called_only_where_processes_are_made():
    for path in SOURCES:
        if not place(path).startswith(("git/", "cad/")):
            assert "os.fork(" not in path.read_text(), place(path)


@pytest.mark.parametrize("path", SOURCES + TESTS, ids=lambda p: p.relative_to(ROOT).as_posix())
def test_files_and_functions_are_short(path):
    text = path.read_text()
    if path.is_relative_to(PACKAGE) and place(path).startswith(GENERATED):
        return
    assert len(text.splitlines()) <= LONGEST_FILE, f"{path} is longer than {LONGEST_FILE} lines"
    for node in ast.walk(ast.parse(text)):
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef):
            length = (node.end_lineno or 0) - node.lineno + 1
            assert length <= LONGEST_FUNCTION, f"{path}:{node.lineno} {node.name} has {length} lines"


@pytest.mark.parametrize("path", SOURCES, ids=place)
def test_names_are_nouns_and_verbs_of_the_domain(path):
    assert not set(path.stem.lower().split("_")) & BANNED, f"{place(path)} is named for a role"
    for node in ast.walk(ast.parse(path.read_text())):
        if isinstance(node, ast.FunctionDef):
            role = node.name.startswith(("do_", "handle_", "process_")) and node.name not in SQLALCHEMY
            assert not role, f"{place(path)}:{node.lineno} {node.name}"
