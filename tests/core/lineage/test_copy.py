"""A whole file that was a relative's before is a copy; a short one, one's own, and what came first are none."""

from datetime import UTC, datetime, timedelta

from opendesign.core.lineage.adoption import NEVER, Change
from opendesign.core.lineage.copy import added, copied
from opendesign.core.lineage.unit import hunks

LONDON, BRAZIL = 1, 2
START = datetime(2026, 3, 1, tzinfo=UTC)


def change(sha, design, day, who="bia@example.org", named=()):
    return Change(sha * 40, design, START + timedelta(days=day), frozenset({who}), named=frozenset(named))


def found(arrived, birth, own=NEVER):
    return [
        (each.kind, each.change.sha[0], each.evidence) for each in copied([(arrived, {"oid"})], {"oid": birth}, own)
    ]


def test_a_content_that_was_a_relatives_before_is_a_copy():
    theirs, ours = change("a", BRAZIL, 0), change("b", LONDON, 3, "ada@example.org")
    assert found(ours, theirs) == [("copy", "a", ("weight",))]
    assert found(change("b", LONDON, 3, named=["a" * 9]), theirs) == [("copy", "a", ("author", "trailer", "weight"))]
    assert found(ours, change("a", BRAZIL, 4)) == found(ours, change("a", LONDON, 0)) == []
    assert found(ours, theirs, own={"a" * 40: START}) == []
    assert found(ours, theirs, own={"a" * 40: START + timedelta(days=4)}) == found(ours, theirs)


def test_new_source_files_of_twenty_lines_that_are_not_blank_count():
    def patch(path, lines):
        text = "".join(f"+{line}\n" for line in lines)
        return f"--- /dev/null\n+++ b/{path}\n@@ -0,0 +1,{len(lines)} @@\n{text}".encode()

    lines = [f"x{number} = 1" for number in range(20)]
    assert added(hunks(patch("lid.py", lines))).keys() == {"lid.py"}
    named = added(hunks(patch("lib/a.py", ["# it", *lines])))["lib/a.py"]
    assert added(hunks(patch("lid.py", lines))) == {"lid.py": named}
    for none in ([*lines[1:], " ", ""], ["# nothing"] * 40):
        assert added(hunks(patch("lid.py", none))) == {}
    others = patch("LICENSE", lines) + patch("vendor/lid.py", lines) + patch("lid.step", lines)
    assert added(hunks(others)) == {}
