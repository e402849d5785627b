"""What the parts at the heads of a family measure, and what came of its designs' own checks; from the records alone."""

from collections.abc import Collection, Sequence

from opendesign.actions.house import Work
from opendesign.core.lineage.measure import Facts, Part
from opendesign.records.design import Design
from opendesign.records.family import Measured, Piece, Relative, inspected_at, measured, pieces_of

WANTED = Measured("wanted", None)


def measure_family(work: Work, design: Design, relatives: Sequence[Relative]) -> dict[int, Facts]:
    """Returns what is known of each of these relatives, by its number.

    Checks are those run over exactly the head of the default branch; of a head that was never run nothing is said.
    """
    pieces: dict[int, list[Piece]] = {each.id: [] for each in relatives}
    for piece in pieces_of(work.session, list(pieces)):
        pieces[piece.design].append(piece)
    builds = measured(work.session, {piece.build for those in pieces.values() for piece in those})
    checks = _checks(work, design, {each.head for each in relatives if each.head})
    known: dict[tuple, Facts] = {}  # most forks show what their parent shows
    facts = {}
    for each in relatives:
        checked, shown = checks.get(each.head or ""), pieces[each.id]
        same = (checked, *(piece[1:] for piece in shown))
        if same not in known:
            known[same] = Facts([_part(piece, builds.get(piece.build, WANTED)) for piece in shown], checked)
        facts[each.id] = known[same]
    return facts


def _part(piece: Piece, build: Measured) -> Part:
    return Part(piece.path, piece.title, build.state, build.total)


def _checks(work: Work, design: Design, heads: Collection[str]) -> dict[str, tuple[int, int]]:
    return {
        head: (sum(check.get("state") == "held" for check in checks), len(checks))
        for head, (state, checks) in inspected_at(work.session, design, heads).items()
        if state == "made" and checks
    }
