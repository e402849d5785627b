"""A run is what a design did by itself since it left its relatives, or last merged what was theirs."""

from opendesign.core.lineage.run import LONGEST, Run, run_of


def line(*told: str) -> dict[str, tuple[str, ...]]:
    """Commits along first parents: "c b" is c on b, "m b u" a merge of u into b."""
    return {sha: tuple(parents) for sha, *parents in (each.split() for each in told)}


def test_a_run_sets_out_where_the_design_left_its_relatives():
    assert run_of("c", line("c b", "b a", "a"), {"b", "c"}) == Run("a", ("c", "b"))


def test_one_commit_alone_says_the_same_by_itself():
    assert run_of("b", line("b a", "a"), {"b"}) is None


def test_what_was_merged_from_a_relative_is_none_of_it():
    walked = line("d m", "m b u", "b a", "a")
    assert run_of("d", walked, {"d", "m", "b"}) == Run("u", ("d", "b"))


def test_an_own_branch_merged_is_part_of_the_way():
    assert run_of("m", line("m b x", "b a", "a"), {"m", "b", "x"}) is None
    assert run_of("m", line("m c x", "c b", "b a", "a"), {"m", "c", "b", "x"}) == Run("a", ("c", "b"))


def test_what_has_no_relative_or_no_end_is_no_run():
    assert run_of("b", line("b a", "a"), {"a", "b"}) is None
    endless = {str(n): (str(n + 1),) for n in range(LONGEST + 1)}
    assert run_of("0", endless, endless) is None
