"""People: joining, and what others see of somebody."""

from datetime import datetime

from flask import request
from pydantic import Field

from opendesign.actions.house import Work
from opendesign.actions.join import join
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Body, Name, Shown, example
from opendesign.core.language import TAGS
from opendesign.records.person import Person, person_by_name


class PersonShown(Shown):
    """Somebody with a name here."""

    model_config = example(
        {
            "name": "ada",
            "full_name": "Ada Byron",
            "place": "London",
            "bio": "",
            "joined_at": "2024-05-01T12:00:00Z",
        }
    )
    name: Name
    full_name: str
    place: str
    bio: str
    joined_at: datetime


class Joining(Body):
    """What it takes to join."""

    model_config = Body.model_config | example(
        {"name": "ada", "email": "ada@example.org", "password": "difference-engine"}
    )
    name: str = Field(description="a-z, 0-9, dot, hyphen and underscore; at most 63 characters.")
    email: str
    password: str = Field(description="12 to 128 characters, and none of those that are tried first.")
    full_name: str = ""


@operation("POST", "/people", {201: PersonShown}, body=Joining, refusals={403: "Joining is closed here."})
def join_here(work: Work, body: Joining) -> Answer:
    """Joins: makes a person.

    The very first person becomes the operator.
    """
    person = join(work, body.name, body.email, body.password, body.full_name, _language())
    return Answer(person_shown(person), 201, f"/api/v1/people/{person.name}", by=person)


@operation("GET", "/people/{person}", PersonShown)
def show(work: Work, person: str) -> Answer:
    """Shows a person."""
    return Answer(person_shown(person_by_name(work.session, person)))


def _language() -> str:
    """Returns the language for letters: the nearest that the program accepts."""
    return TAGS[request.accept_languages.best_match(TAGS) or "en"]


def person_shown(person: Person) -> PersonShown:
    """Returns what anybody may see of a person."""
    return PersonShown.model_validate(person, from_attributes=True)
