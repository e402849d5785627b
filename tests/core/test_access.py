"""Who may do what: every verb for every kind of person, role, visibility and token."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.access import KNOWN, SEERS, VERBS, WRITERS, Actor, Ground, has_scope, may, need
from opendesign.core.errors import Forbidden, NotFound

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
