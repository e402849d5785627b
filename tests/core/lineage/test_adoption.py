"""What counts as taken over, and what only looks like it."""

from dataclasses import replace
from datetime import UTC, datetime, timedelta

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.adoption import Change, Fetched, findings, firsts
from opendesign.core.lineage.unit import unit

LONDON, BRAZIL = 1, 2
START = datetime(2026, 3, 1, tzinfo=UTC)
RIBS = ["for x in (-4, 4):", "    plate = plate.union(rib(x, RIB_HEIGHT, RIB_THICKNESS))"]
SLIT = ["upper = upper.cut(cq.Workplane(origin=(0, OUTER, 0)).box(2 * WIDTH, 2 * OUTER, SLIT))"]
KNUCKLES = ["KNUCKLES = 5"]


def change(sha, design, day, *texts, who="bia@example.org", patch="", named=()):
    found = [unit("hinge.py", [], text) for text in texts]
    return Change(
        sha * 40, design, START + timedelta(days=day), frozenset({who}), patch, tuple(found), frozenset(named)
    )


def only(fresh, other, **more):
    found = list(findings([fresh], [other], **more))
    return found[0] if found else None


def test_a_cherry_pick_of_the_same_author_is_a_pick():
    theirs, ours = change("a", BRAZIL, 0, KNUCKLES, patch="p"), change("b", LONDON, 30, KNUCKLES, patch="p")
    found = only(ours, theirs)
    assert (found.kind, found.evidence, found.share) == ("pick", ("author",), 1.0)


def test_an_equal_patch_alone_is_solved_twice():
    theirs = change("a", BRAZIL, 0, KNUCKLES, patch="p")
    ours = change("b", LONDON, 90, KNUCKLES, patch="p", who="ada@example.org")
    assert only(ours, theirs).kind == "twice"


@pytest.mark.parametrize(
    ("more", "evidence"),
    [
        ({"named": ["a" * 40]}, ("trailer",)),
        ({"named": ["a" * 12]}, ("trailer",)),
        ({"named": ["b" * 12]}, ()),
    ],
)
def test_a_trailer_that_names_the_commit_is_evidence(more, evidence):
    theirs = change("a", BRAZIL, 0, KNUCKLES, patch="p")
    assert only(change("b", LONDON, 9, KNUCKLES, patch="p", who="ada@example.org", **more), theirs).evidence == evidence


def test_what_came_first_is_never_taken_from_what_came_later():
    later = change("a", BRAZIL, 40, RIBS, SLIT, patch="p")
    assert only(change("b", LONDON, 30, RIBS, SLIT, patch="p"), later) is None


def test_a_squash_of_two_commits_is_a_port_of_both():
    ribs, slit = change("a", BRAZIL, 0, RIBS), change("b", BRAZIL, 1, SLIT)
    squash = change("c", LONDON, 40, RIBS, SLIT, ["# renamed", "GAP = 0.3"], who="ada@example.org")
    found = list(findings([squash], [ribs, slit]))
    assert [(each.kind, each.change.sha[0], each.share) for each in found] == [("port", "a", 1.0), ("port", "b", 1.0)]


def test_half_of_a_change_is_no_port():
    theirs = change("a", BRAZIL, 0, RIBS, SLIT)
    assert only(change("b", LONDON, 40, KNUCKLES), theirs) is None
    half = only(change("b", LONDON, 40, RIBS), change("a", BRAZIL, 0, RIBS, SLIT, SLIT[:1] + RIBS))
    assert half is None


def test_a_part_s_share_that_names_its_source_is_a_port_of_as_much():
    theirs = change("a", BRAZIL, 0, RIBS, SLIT, SLIT[:1] + RIBS)
    found = only(change("b", LONDON, 1, RIBS, who="ada@example.org", named=["a" * 40]), theirs)
    assert (found.kind, found.evidence) == ("port", ("trailer",)) and 0 < found.share < 0.6
    assert only(change("b", LONDON, 1, RIBS, who="ada@example.org", named=["c" * 40]), theirs) is None


def test_the_rest_of_a_change_may_have_come_before():
    before, ours = change("c", LONDON, 20, SLIT[:1]), change("b", LONDON, 40, RIBS)
    (found,) = findings([before, ours], [change("a", BRAZIL, 0, RIBS, RIBS[:1], SLIT[:1])])
    assert found.arrived == ours and 0.6 < found.share < 1


def test_what_a_fork_began_with_is_not_adopted():
    theirs = change("a", BRAZIL, 0, RIBS)
    assert only(change("b", LONDON, 40, RIBS), theirs, had={theirs.units[0].id: START}) is None
    later = START + timedelta(days=50)
    assert only(change("b", LONDON, 40, RIBS), theirs, had={theirs.units[0].id: later}).kind == "port"
    assert only(change("b", LONDON, 40, RIBS), theirs, has={theirs.sha: START}) is None
    assert only(change("b", LONDON, 40, RIBS), theirs, has={theirs.sha: later}).kind == "port"


def test_a_small_unit_alone_is_chance():
    assert (
        only(change("b", LONDON, 40, ["WALL = 2.4  "], ["DEPTH = 3"]), change("a", BRAZIL, 0, ["WALL = 2.4"])) is None
    )


def test_the_same_within_a_fortnight_without_contact_is_solved_twice():
    theirs = change("a", BRAZIL, 0, RIBS)
    assert only(change("b", LONDON, 13, RIBS, who="ada@example.org"), theirs).kind == "twice"
    assert only(change("b", LONDON, 13, RIBS), theirs).kind == "port"
    assert only(change("b", LONDON, 15, RIBS, who="ada@example.org"), theirs).kind == "port"


def test_a_claim_that_nothing_else_shows_is_only_declared():
    theirs = change("a", BRAZIL, 0, RIBS, patch="p")
    found = only(change("b", LONDON, 3, SLIT, patch="q", named=["a" * 40]), theirs)
    assert (found.kind, found.share) == ("declared", 0.0)


def test_a_commit_that_is_there_itself_is_a_merge_and_told_elsewhere():
    theirs = change("a", BRAZIL, 0, RIBS, patch="p")
    assert list(findings([change("a", LONDON, 3, RIBS, patch="p")], [theirs])) == []


TEXTS = st.lists(st.sampled_from([KNUCKLES, RIBS, SLIT, ["GAP = 0.3"], ["x = f(1, 2, 3)"]]), max_size=3)


@given(TEXTS, TEXTS, st.integers(0, 60), st.sampled_from(["", "p"]), st.booleans())
def test_nothing_is_credited_without_evidence_or_substance(theirs, ours, day, patch, same):
    who = "bia@example.org" if same else "ada@example.org"
    source = change("a", BRAZIL, 0, *theirs, patch=patch)
    for found in findings([change("b", LONDON, day, *ours, patch=patch, who=who)], [source]):
        if found.kind in ("pick", "port"):
            assert found.evidence or source.tokens >= 8
            assert found.share >= 0.6 and found.units <= {each.id for each in source.units}


def test_a_fetch_in_between_shows_a_way_and_one_before_or_after_does_not():
    theirs = change("a", BRAZIL, 2, RIBS)
    ours = replace(change("b", LONDON, 9, RIBS, who="ada@example.org"), by=1)
    kinds = [only(ours, theirs, fetches={BRAZIL: [Fetched(1, START + timedelta(days=day))]}) for day in (1, 5, 10)]
    assert [(each.kind, each.evidence) for each in kinds] == [("twice", ()), ("port", ("fetch",)), ("twice", ())]
    assert only(replace(ours, by=2), theirs, fetches={BRAZIL: [Fetched(1, START + timedelta(days=5))]}).kind == "twice"
    assert only(replace(ours, by=None), theirs, fetches={BRAZIL: [Fetched(1, ours.received_at)]}).kind == "twice"
    assert only(ours, theirs, fetches={LONDON: [Fetched(1, START + timedelta(days=5))]}).kind == "twice"


def test_a_commit_that_names_a_copy_came_by_the_road_of_that_copy():
    theirs, copy = change("a", BRAZIL, 0, RIBS, patch="p"), change("c", 3, 2, RIBS, patch="p", who="c@example.org")
    (first,) = firsts([theirs, copy])
    assert first.copies == (("c" * 40, 3, copy.received_at),)
    by_copy = only(change("b", LONDON, 3, RIBS, who="ada@example.org", named=["c" * 40]), first)
    assert (by_copy.kind, by_copy.evidence, by_copy.road, by_copy.change.design) == ("port", ("trailer",), 3, BRAZIL)
    straight = only(change("b", LONDON, 3, RIBS, who="ada@example.org", named=["a" * 40, "c" * 40]), first)
    assert straight.road is None
    own = only(change("b", 3, 3, RIBS, who="ada@example.org", named=["c" * 40]), first)
    assert own.road is None
