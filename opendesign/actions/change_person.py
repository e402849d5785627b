"""Somebody changes what others see of them."""

from opendesign.actions.house import Work
from opendesign.core.errors import Forbidden
from opendesign.core.names import clean_line, clean_text
from opendesign.records.person import Person


def remember_language(work: Work, language: str) -> None:
    """Keeps the language that the acting person reads pages in, for letters to them; nobody's is not kept."""
    if work.person is not None:
        work.person.language = language


def change_person(work: Work, full_name: str, place: str, bio: str) -> Person:
    """Changes the profile of the acting person; raises Forbidden for nobody, Invalid for a text too long."""
    if work.person is None:
        raise Forbidden("Enter first, then change your profile.")
    work.person.full_name = clean_line(full_name, 120, "full name")
    work.person.place = clean_line(place, 120, "place")
    work.person.bio = clean_text(bio, 2000, "bio")
    return work.person
