"""Who may do what: every verb for every kind of person, role, visibility and token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.access import (
    KNOWN,
    MOVERS,
    SEERS,
    VERBS,
    WRITERS,
    Actor,
    Ground,
    has_scope,
    may,
    may_move,
    need,
    need_move,
)
from opendesign.core.errors import Forbidden, NotFound
from opendesign.core.rule import Rule

ROLES = {1: "owner", 2: "writer", 3: "reader"}
PUBLIC, PRIVATE = Ground("public", ROLES), Ground("private", ROLES)
OWNER, WRITER, READER, STRANGER = (Actor(id) for id in (1, 2, 3, 4))
OPERATOR = Actor(5, admin=True)


def token(person: Actor, *scopes: str) -> Actor:
    return Actor(person.id, person.admin, frozenset(scopes))


EVERYTHING, NOTHING = set(VERBS), set()
SEE, TAKE_PART, WRITE = set(SEERS), {*SEERS, *KNOWN}, {*SEERS, *KNOWN, *WRITERS}


@pytest.mark.parametrize(
    ("person", "in_public", "in_private"),
    [
        (None, SEE, NOTHING),
        (STRANGER, TAKE_PART, NOTHING),
        (READER, TAKE_PART, TAKE_PART),
        (WRITER, WRITE, WRITE),
        (OWNER, EVERYTHING, EVERYTHING),
        (OPERATOR, EVERYTHING, EVERYTHING),
        (token(OWNER), SEE, NOTHING),
        (token(OWNER, "read"), SEE, SEE),
        (token(OWNER, "write"), WRITE, WRITE),
        (token(OWNER, "read", "admin"), EVERYTHING, EVERYTHING),
        (token(OWNER, "nonsense"), SEE, NOTHING),
        (token(WRITER, "admin"), WRITE, WRITE),
        (token(READER, "admin"), TAKE_PART, TAKE_PART),
        (token(STRANGER, "admin"), TAKE_PART, NOTHING),
        (token(OPERATOR, "write"), WRITE, WRITE),
        (Actor(5, admin=True, bare=True), TAKE_PART, NOTHING),
    ],
)
def test_exactly_these_verbs_are_allowed(person, in_public, in_private):
    assert {verb for verb in VERBS if may(person, verb, PUBLIC)} == in_public
    assert {verb for verb in VERBS if may(person, verb, PRIVATE)} == in_private


def test_what_may_not_be_seen_is_not_found_and_the_rest_forbidden():
    with pytest.raises(NotFound):
        need(STRANGER, "push", PRIVATE)
    with pytest.raises(NotFound):
        need(token(OWNER), "see", PRIVATE)
    with pytest.raises(Forbidden, match="Enter first to comment on this design"):
        need(None, "comment", PUBLIC)
    with pytest.raises(Forbidden, match="lacks the scope “write”"):
        need(token(OWNER, "read"), "push", PUBLIC)
    with pytest.raises(Forbidden, match="only its owners may"):
        need(WRITER, "delete", PUBLIC)
    need(WRITER, "merge", PRIVATE)


def test_another_verb_is_a_mistake_of_ours():
    with pytest.raises(KeyError):
        may(OWNER, "borrow", PUBLIC)


@pytest.mark.parametrize(
    ("person", "unruled", "ruled", "exempt"),
    [
        (None, False, False, False),
        (STRANGER, False, False, False),
        (READER, False, False, False),
        (WRITER, True, False, False),
        (OWNER, True, False, True),
        (OPERATOR, True, False, True),
        (token(OWNER, "read"), False, False, False),
        (token(OWNER, "write"), True, False, False),
        (token(OWNER, "admin"), True, False, True),
        (token(WRITER, "admin"), True, False, False),
    ],
)
def test_a_branch_with_a_rule_is_moved_by_nobody_but_an_exempt_owner(person, unruled, ruled, exempt):
    rules = (None, Rule("main"), Rule("main", owners_exempt=True))
    assert tuple(may_move(person, PUBLIC, rule) for rule in rules) == (unruled, ruled, exempt)


def test_who_is_named_pushes_to_a_branch_with_a_rule_as_long_as_they_may_write():
    named = Rule("main", pushers=frozenset({WRITER.id, READER.id}))
    assert [may_move(person, PUBLIC, named) for person in (WRITER, READER, OWNER, None)] == [True, False, False, False]
    assert not may_move(token(WRITER, "read"), PUBLIC, named)


def test_whoever_may_not_move_a_branch_is_told_the_way():
    with pytest.raises(Forbidden, match="main takes proposals only; push to another branch and propose it"):
        need_move(WRITER, PUBLIC, Rule("main"))
    with pytest.raises(Forbidden, match="only people who may write to it may"):
        need_move(READER, PUBLIC, Rule("main"))
    with pytest.raises(NotFound):
        need_move(STRANGER, PRIVATE, Rule("main"))
    need_move(OWNER, PUBLIC, Rule("main", owners_exempt=True))


people = st.builds(
    Actor, st.integers(1, 5), st.booleans(), st.none() | st.frozensets(st.sampled_from(["read", "write", "admin"]))
)
grounds = st.builds(
    Ground,
    st.sampled_from(["public", "private"]),
    st.dictionaries(st.integers(1, 4), st.sampled_from(["reader", "writer", "owner"])),
)


@given(people, grounds, st.sampled_from(VERBS))
def test_whoever_may_do_anything_may_see_and_no_token_adds_a_right(person, design, verb):
    if may(person, verb, design):
        assert may(person, "see", design)
        assert may(Actor(person.id, person.admin), verb, design)


@given(people, st.sampled_from(["read", "write", "admin"]))
def test_scopes_include_the_smaller_ones(person, scope):
    if has_scope(person, scope):
        assert has_scope(person, "read")


@pytest.mark.parametrize("person", [None, READER, WRITER, OWNER, OPERATOR, token(OWNER, "admin")])
def test_nobody_moves_a_mirror(person):
    for ground in (Ground("public", ROLES), Ground("private", ROLES)):
        mirror = Ground(ground.visibility, ROLES, mirrored=True)
        assert {verb for verb in VERBS if may(person, verb, mirror)} == {
            verb for verb in VERBS if may(person, verb, ground) and verb not in MOVERS
        }
        assert not may_move(person, mirror, None)
        with pytest.raises(Forbidden, match="mirrors"):
            need_move(person, mirror, None)
    with pytest.raises(NotFound):
        need(STRANGER, "push", Ground("private", ROLES, mirrored=True))
