"""A family of designs, and pushes to them, for tests below the web."""

from houses import BOX, settle_in, start

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.heal import late_lineage
from opendesign.actions.house import NOBODY, Visitor
from opendesign.actions.sync import sync
from opendesign.git.commits import Signature
from opendesign.git.writing import write_files
from opendesign.records.design import design_by_id

ADA, BIA, CAIO = (Signature(name, f"{name.lower()}@example.org") for name in ("Ada", "Bia", "Caio"))
RIBS = "for x in (-4, 4):\n    result = result.union(rib(x, HEIGHT / 2, THICKNESS))\n"
SLIT = "result = result.cut(cq.Workplane(origin=(0, 3, 0)).box(2 * WIDTH, 2 * DEPTH, 1.2))\n"


def three_cases(house) -> list[int]:
    """London's case, and the numbers of two forks of it in Brazil."""
    ada, bia, caio = settle_in(house, "ada", "bia", "caio")
    case = start(house, ada, "case", {"box.py": BOX, "NOTES.md": "one\n"})
    made = [case]
    for who in (bia, caio):
        with house.writing(who) as work:
            made.append(fork(work, design_by_id(work.session, case)).id)
    return made


def settle_lineage(house) -> None:
    """The worker looks wherever lineage has still to find something, until there is nothing left but builds."""
    late, seen = set(), None
    while late != seen:
        for each in sorted(late):
            lineage_job(house, str(each))
        with house.reading() as work:
            seen, late = late, late_lineage(work)


def commit(house, design: int, changes: dict, message: str, who: Signature, by: Visitor = NOBODY) -> str:
    """Somebody's push of one commit, and what the worker makes of it; returns the commit."""
    with house.store.open(str(design)) as repository:
        tip = repository.refs()["refs/heads/main"]
        files = {path: text.encode() if text else None for path, text in changes.items()}
        sha = write_files(repository, "main", files, message, who, tip)
    with house.writing(by) as work:
        sync(work, design_by_id(work.session, design))
    lineage_job(house, str(design))
    return sha
