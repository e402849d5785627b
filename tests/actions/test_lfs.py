"""Files of Git LFS among the inputs of builds: what is made is what its name says."""

import io
from dataclasses import replace

import pytest
from houses import settle_in, start
from lfs_client import oid_of, pointer

from opendesign.actions.build import input_files, job_of
from opendesign.actions.inspect_design import make_claimed_inspection, want_inspection
from opendesign.actions.read_tree import read_tree
from opendesign.actions.take_file import take_file
from opendesign.actions.want_build import want_build
from opendesign.core.errors import TooLarge
from opendesign.core.lfs import Pointer
from opendesign.records.build import Build, build_by_key
from opendesign.records.design import design_by_id, known_refs

STEP = b"ISO-10303-21;\n" * 9
SCRIPT = """import cadquery as cq
result = cq.importers.importStep("motor.step")
"""
CHECKS = """def check_motor():
    assert open("motor.step").read()
"""


@pytest.fixture
def ada(house):
    return settle_in(house, "ada")[0]


@pytest.fixture
def design(house, ada):
    """A script that reads a file that Git LFS keeps, and a check that does; the file has not been sent."""
    files = {"case.py": SCRIPT, "checks.py": CHECKS, "motor.step": pointer(STEP)}
    return start(house, ada, "case", files)


def send(house, person, design: int, content: bytes) -> None:
    take_file(house, person, design, Pointer(oid_of(content), len(content)), io.BytesIO(content))


def head(work, design: int):
    row = design_by_id(work.session, design)
    return row, read_tree(work, row, known_refs(work.session, row)["refs/heads/main"])


@pytest.mark.parametrize("part", ["case.py", "motor.step"])
def test_a_build_that_was_wanted_without_the_file_is_never_made_with_it(house, ada, design, part):
    with house.writing(ada) as work:
        row, snapshot = head(work, design)
        early = want_build(work, row, snapshot, part).key
        assert input_files(work, row, snapshot, part, {})["motor.step"] == pointer(STEP).encode()
    send(house, ada, design, STEP)
    with house.writing(ada) as work:
        row, snapshot = head(work, design)
        late = want_build(work, row, snapshot, part).key
        assert late != early
        assert input_files(work, row, snapshot, part, {})["motor.step"] == STEP
        assert job_of(work, build_by_key(work.session, early), (), False, "") is None
        assert job_of(work, build_by_key(work.session, late), (), False, "").files["motor.step"] == STEP


def test_checks_that_were_wanted_without_the_file_are_never_run_with_it(house, ada, design):
    with house.writing(ada) as work:
        early = want_inspection(work, *head(work, design)).key
        for build in work.session.query(Build):
            build.state, build.error = "failed", {"message": "It waits for nothing."}
    send(house, ada, design, STEP)
    with house.writing(ada) as work:
        assert want_inspection(work, *head(work, design)).key != early
    assert make_claimed_inspection(house, early, False) == "gone"


def test_what_one_build_reads_is_limited_before_it_is_read(house, ada, design):
    with house.writing(ada) as work:
        row, snapshot = head(work, design)
        named = Pointer("a" * 64, house.limits.closure_bytes + 1)
        pointed = replace(snapshot, pointers={"motor.step": named}, _having={})
        with pytest.raises(TooLarge, match="closure_bytes"):
            input_files(work, row, pointed.having({named.oid: named.size}), "motor.step", {})
