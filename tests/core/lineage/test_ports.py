"""What is called a port is one: judged by hand on a sample of our own making."""

import tomllib
from datetime import UTC, datetime, timedelta
from pathlib import Path

import pytest

from opendesign.core.lineage.adoption import CREDITED, Change, findings
from opendesign.core.lineage.unit import is_source, unit

SAMPLE = tomllib.loads(Path(__file__).with_name("ports.toml").read_text())["case"]
START = datetime(2026, 1, 1, tzinfo=UTC)


def hunks(text: str):
    """The hunks of one change, as ports.toml writes them."""
    for block in text.strip().split("\n\n"):
        path, _, lines = block.partition(": ")
        sides = {"-": [], "+": []}
        for line in lines.splitlines():
            sides[line[0]].append(line[1:])
        if is_source(path):
            yield unit(path, sides["-"], sides["+"])


def change(text: str, design: int, day: int, people: set[str]) -> Change:
    """A commit of a design on a day."""
    own = tuple(each for each in hunks(text) if each)
    return Change(f"{design}{day:039}", design, START + timedelta(days=day), frozenset(people), "", own)


def found(case) -> set[str]:
    """The kinds that the case's arrival is found to be."""
    ours = {"bia@example.org"}
    others = [change(text, 2, day, ours) for day, text in enumerate(case["source"])]
    theirs = ours if case.get("author") else {"ada@example.org"}
    arrived = change(case["arrived"], 1, len(others) - 1 + case["days"], theirs)
    return {each.kind for each in findings([arrived], others)}


@pytest.mark.parametrize("case", SAMPLE, ids=lambda case: case["what"])
def test_a_port_is_found_where_one_was(case):
    assert bool(found(case) & set(CREDITED)) == (case["verdict"] == "taken")
