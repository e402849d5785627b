"""Somebody of a source's team confirms that another design has taken what its message says."""

from opendesign.actions.house import Work
from opendesign.core.errors import Conflict, NotFound
from opendesign.records.confirmation import confirm, confirmations
from opendesign.records.design import Design, design_by_id
from opendesign.records.revision import Adoption


def confirm_adoption(work: Work, source: Design, key: int) -> Adoption:
    """Confirms a declared adoption from a design, which counts from then on; again changes nothing.

    Raises NotFound where there is none that the acting person sees, Conflict for one that needs no word.
    """
    work.need("edit", source)
    adoption = work.session.get(Adoption, key)
    target = design_by_id(work.session, adoption.target_id) if adoption else None
    if adoption is None or target is None or adoption.source_id != source.id or not work.may("see", target):
        raise NotFound(f"There is no adoption {key} from {source.path}.")
    if adoption.kind != "declared" or adoption.source_sha is None:
        raise Conflict("Only what is merely declared is confirmed; what flowed here shows itself.")
    if adoption.confirmed_at is None:
        said = confirmations(work.session, target.id, [adoption.source_sha])
        if (source.id, adoption.source_sha) not in said:
            person = work.person.id if work.person else None
            confirm(work.session, source.id, target.id, adoption.source_sha, person)
            said = confirmations(work.session, target.id, [adoption.source_sha])
        adoption.confirmed_at = said[source.id, adoption.source_sha]
    return adoption
