"""An operator imports a repository as a design."""

from opendesign.actions.create_design import create_design
from opendesign.actions.house import Work
from opendesign.actions.sync import sync
from opendesign.git.importing import import_repository
from opendesign.records.design import Design


def import_design(work: Work, source: str, name: str, title: str = "", visibility: str = "public") -> Design:
    """Makes a design of the acting person with the branches and tags of a repository (a folder or an https URL).

    Raises Invalid for a source that is neither, NotFound when git cannot read it, and what `create_design` raises.
    """
    design = create_design(work, name, title, visibility=visibility)
    import_repository(work.house.store.path(design.key), source)
    sync(work, design)
    return design
