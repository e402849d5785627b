"""Members: who has which role in a design."""

from datetime import datetime
from typing import Literal

from opendesign.actions.change_design import give_role, take_role
from opendesign.actions.house import Work
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, Name, Page, Shown, example
from opendesign.records.design import Design, Member
from opendesign.records.person import person_by_name

Role = Literal["reader", "writer", "owner"]


class MemberShown(Shown):
    """A person's role in a design."""

    model_config = example({"person": "bia", "role": "writer", "at": "2024-05-01T12:00:00Z"})
    person: Name
    role: Role
    at: datetime


class RoleWanted(Body):
    """The role a person is to have: a reader sees, a writer also changes, an owner also decides."""

    model_config = Body.model_config | example({"role": "writer"})
    role: Role


@operation("GET", f"{DESIGN}/members", list[MemberShown], verb="see", query=Page)
def list_all(work: Work, design: Design, query: Page) -> Answer:
    """Lists who has a role in a design, its owner first."""
    owner = MemberShown(person=design.owner.name, role="owner", at=design.made_at)
    members = [owner, *(_shown(member) for member in sorted(design.members, key=lambda each: each.person.name))]
    return Answer(query.of(members), total=len(members))


@operation("PUT", f"{DESIGN}/members/{{person}}", MemberShown, verb="invite", body=RoleWanted)
def give(work: Work, design: Design, person: str, body: RoleWanted) -> Answer:
    """Gives a person a role in a design, instead of the one they had."""
    return Answer(_shown(give_role(work, design, person_by_name(work.session, person), body.role)))


@operation("DELETE", f"{DESIGN}/members/{{person}}", {204: None}, verb="invite")
def take(work: Work, design: Design, person: str) -> Answer:
    """Takes a person's role in a design away."""
    take_role(work, design, person_by_name(work.session, person))
    return Answer(None, 204)


def _shown(member: Member) -> MemberShown:
    return MemberShown.of(person=member.person.name, role=member.role, at=member.at)
