"""A store in a temporary folder, and designs with a little history."""

import shutil
from collections.abc import Callable, Iterator, Mapping
from datetime import UTC, datetime
from functools import partial
from pathlib import Path

import pytest

from opendesign.git.commits import Signature
from opendesign.git.limits import GitLimits
from opendesign.git.store import Store
from opendesign.git.writing import write_files
from tests.git.served import served

ANA = Signature("Ana", "ana@example.org", datetime(2024, 5, 1, 12, tzinfo=UTC))
BEN = Signature("Ben", "ben@example.org", datetime(2024, 5, 2, 12, tzinfo=UTC))
MEGABYTE = 1 << 20
LIMITS = {"push_bytes": 18 * MEGABYTE, "file_bytes": 16 * MEGABYTE, "push_refs": 20, "refs": 30} | {
    "request_bytes": MEGABYTE
}
"""Small enough to be passed in a test."""
Commits = Callable[..., str]


@pytest.fixture
def store(tmp_path: Path) -> Store:
    """An empty store."""
    return Store(tmp_path / "repos", GitLimits(**LIMITS))


@pytest.fixture(scope="session")
def server(tmp_path_factory: pytest.TempPathFactory) -> Iterator[str]:
    """The address of a live server for the stores of all tests."""
    with served(tmp_path_factory.getbasetemp(), **LIMITS) as address:
        yield address


@pytest.fixture
def url(server: str, design: str, store: Store, tmp_path: Path) -> str:
    """Where git finds the design on the live server."""
    return f"{server}/{tmp_path.name}/{store.root.name}/{design}.git"


def commit_to(
    store: Store, key: str, changes: Mapping[str, bytes | None], message: str = "Change", branch: str = "main", who=ANA
) -> str:
    """Write files on a branch of a design whatever its tip is, and return the commit."""
    with store.open(key) as repo:
        tip = repo.refs().get(f"refs/heads/{branch}")
        return write_files(repo, branch, changes, message, who, expected=tip)


@pytest.fixture
def commit(store: Store) -> Commits:
    """Write files in the test's store."""
    return partial(commit_to, store)


@pytest.fixture(scope="session")
def begun(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A repository with three commits on main, to be copied."""
    store = Store(tmp_path_factory.mktemp("begun"))
    store.create("1")
    commit_to(store, "1", {"README.md": b"# Box\n", "parts/lid.py": b"WIDTH = 10\nDEPTH = 20\n"}, "Start")
    second = "Add a base\n\nIt holds the lid.\n\nCo-authored-by: Ben <b@c>"
    commit_to(store, "1", {"parts/base.py": b"HEIGHT = 5\n"}, second)
    commit_to(store, "1", {"README.md": b"# A box\n"}, "Say more")
    return store.path("1")


@pytest.fixture
def design(store: Store, begun: Path) -> str:
    """The key of a design with three commits on main."""
    shutil.copytree(begun, store.path("1"))
    return "1"
