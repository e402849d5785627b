"""Files of Git LFS among the inputs of builds: what is made is what its name says."""

import io
from dataclasses import replace

import pytest
from houses import settle_in, start
from lfs_client import oid_of, pointer

from opendesign.actions.adopt import commit_attempt, rebuild_adopted
from opendesign.actions.build import input_files, job_of
from opendesign.actions.change_design import change_design
from opendesign.actions.edit import edit_files
from opendesign.actions.enter import recognise_token
from opendesign.actions.fork import fork
from opendesign.actions.inspect_design import make_claimed_inspection, want_inspection
from opendesign.actions.issue_token import issue_token, revoke_token
from opendesign.actions.read_tree import read_tree
from opendesign.actions.take_file import take_file
from opendesign.actions.try_adoption import Wish, try_adoption
from opendesign.actions.want_build import want_build
from opendesign.core.errors import Forbidden, TooLarge, Unbuildable
from opendesign.core.lfs import Pointer
from opendesign.records.build import Build, build_by_key
from opendesign.records.design import design_by_id, known_refs
from opendesign.records.lfs import LargeFile, large_files

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


def test_what_is_adopted_brings_its_file(house, ada, design):
    """Also of a private relative: it comes along for whoever may write to both, before anything is built."""
    wide, other = STEP + b"wide", STEP + b"not adopted"
    with house.writing(ada) as work:
        copy = fork(work, design_by_id(work.session, design), "private").id
        change_design(work, design_by_id(work.session, copy), visibility="private")
    send(house, ada, copy, wide), send(house, ada, copy, other)
    with house.writing(ada) as work:
        row = design_by_id(work.session, copy)
        sha = edit_files(work, row, "main", {"motor.step": pointer(wide).encode()}, "Widen the motor")
    wish = Wish("ada/private", (sha,))
    with house.reading(ada) as work:
        assert try_adoption(work, design_by_id(work.session, design), wish, {}).mergeable == "clean"
    assert sizes(house, design) == {}
    with pytest.raises(Unbuildable):  # no engine runs here
        rebuild_adopted(house, ada, design, wish, right="It is mine.")
    assert sizes(house, design) == {oid_of(wide): len(wide)}
    with house.writing(ada) as work:
        commit_attempt(work, try_adoption(work, design_by_id(work.session, design), wish, {}), "It is mine.")
        assert head(work, design)[1].absent == []


def sizes(house, design: int) -> dict[str, int]:
    with house.reading() as work:
        return {each.oid: each.size for each in work.session.query(LargeFile).filter_by(design_id=design)}


class Revoking(io.BytesIO):
    """A body whose sender loses the token while it comes."""

    def __init__(self, content: bytes, revoke):
        super().__init__(content)
        self.revoke = revoke

    def read(self, size=-1):
        """Gives bytes; the token is gone once there are none left."""
        piece = super().read(size)
        if not piece:
            self.revoke()
        return piece


def test_a_file_whose_sender_loses_the_token_meanwhile_is_not_the_designs(house, ada, design):
    with house.writing(ada) as work:
        token, secret = issue_token(work, "lfs", ["write"])
    who = recognise_token(house, secret)

    def revoke():
        with house.writing(ada) as work:
            revoke_token(work, token.id)

    with pytest.raises(Forbidden, match="revoked"):
        take_file(house, who, design, Pointer(oid_of(STEP), len(STEP)), Revoking(STEP, revoke))
    with house.reading() as work:
        assert not large_files(work.session, design, [oid_of(STEP)])
