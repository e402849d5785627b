"""A page of a revision that nobody has had built wants its parts, once, and is shown whether it may or not."""

from collections.abc import Iterable

from opendesign.actions.want_build import lacks_parts, want_parts
from opendesign.core.errors import TooMany
from opendesign.core.snapshot import Snapshot
from opendesign.records.design import Design, design_by_id
from opendesign.web.visit import brake, looking, writing


def want_shown(shown: Iterable[tuple[Design, Snapshot]]) -> bool:
    """Wants the parts of these revisions that have no build yet; returns whether it did: look anew then.

    Who may not have them built, or asks too often, is shown what there is.
    """
    work = looking()
    lacking = [(row.id, tree) for row, tree in shown if work.may("build", row) and lacks_parts(work, tree)]
    if not lacking:
        return False
    try:
        brake()
    except TooMany:
        return False
    with writing() as own:
        for number, snapshot in lacking:
            if design := design_by_id(own.session, number):
                want_parts(own, own.need("build", design), snapshot)
    return True
