"""Which part stands for a design: the assembly, else the first, and one that builds where there is one."""

import pytest

from opendesign.actions.show_parts import Shown, leading
from opendesign.records.build import Build


@pytest.mark.parametrize(
    ("states", "chosen"),
    [
        ("a:made b:made", "a"),
        ("a:failed b:made", "b"),
        ("a:made assembly:made", "assembly"),
        ("a:made assembly:failed", "a"),
        ("a:failed assembly:failed", "assembly"),
        ("", None),
    ],
)
def test_a_part_that_builds_stands_for_the_design(states: str, chosen: str | None):
    parts = [
        Shown(name, name, name, Build(state=state)) for name, state in (each.split(":") for each in states.split())
    ]
    found = leading(parts)
    assert (found.path if found else None) == chosen
