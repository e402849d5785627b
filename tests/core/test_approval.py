"""The people's side of the gate: which verdicts hold, and whether they are enough."""

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.approval import WORDS, Opinion, Standing, current, objection, standing

NEW, OLD = "n", "o"
opinions = st.lists(
    st.builds(
        Opinion, st.none() | st.integers(1, 4), st.sampled_from([NEW, OLD]), st.sampled_from(WORDS), st.booleans()
    )
)


def test_only_the_last_word_about_the_newest_commit_holds():
    said = [
        Opinion(1, NEW, "request_changes", True),
        Opinion(1, NEW, "approve", True),
        Opinion(2, OLD, "approve", True),
        Opinion(3, NEW, "approve", False),
        Opinion(None, NEW, "approve", True),
    ]
    assert current(said, NEW) == [False, True, False, True, False]
    assert standing(said, NEW, 1) == Standing(1, approvals=1, objections=0)


def test_what_is_missing_is_said():
    assert objection(Standing()) is None and objection(Standing(0, 0, 3)) is None
    assert "asks for 2 approvals" in objection(Standing(2, 1)) and "has 1" in objection(Standing(2, 1))
    assert "asks for changes" in objection(Standing(1, 5, 1))
    assert objection(Standing(1, 1)) is None


@given(opinions, st.integers(0, 5))
def test_a_person_counts_once_and_a_newer_commit_forgets_everything(said, required):
    found = standing(said, NEW, required)
    assert found.approvals + found.objections <= len({each.person for each in said if each.person and each.writer})
    assert standing(said, "another", required) == Standing(required)


@given(opinions, st.integers(1, 4))
def test_whoever_asks_for_changes_holds_the_merge_until_they_approve(said, person):
    asked = [*said, Opinion(person, NEW, "request_changes", True)]
    assert not standing(asked, NEW, 1).enough
    assert standing([*asked, Opinion(person, NEW, "approve", True)], NEW, 1).approvals >= 1
