"""A pass for a file of Git LFS ends with what it was given for."""

import pytest
from lfs_client import LfsClient, oid_of, pointer

from opendesign.actions.change_design import change_design, give_role
from opendesign.actions.enter import change_password
from opendesign.actions.issue_token import issue_token, revoke_token
from opendesign.records.base import now
from opendesign.records.design import design_by_path
from opendesign.records.person import person_by_id, person_by_name
from opendesign.records.token import tokens_of

PASSWORD = "correct horse battery"
STEP = b"ISO-10303-21;\n" + b"DATA;\n" * 40


@pytest.fixture
def design(site, request):
    """A private design of ada's with a STEP file in Git LFS, sent."""
    address = site.design("ada", request.node.callspec.id, {"case.step": pointer(STEP)}, visibility="private")
    assert LfsClient(site.app, "ada", PASSWORD).send(address, STEP).status_code == 200
    return address


def row(work, design: str):
    return design_by_path(work.session, *design.strip("/").split("/"))


@pytest.fixture
def lent(site, design):
    """A new person who may write to the design, with a token and with a password."""
    name = f"w{design.rpartition('/')[2]}"
    visitor = site.visitor(name)
    with site.house.writing(visitor) as work:
        _, secret = issue_token(work, "lfs", ["write"])
    with site.house.writing(site.visitor("ada")) as work:
        give_role(work, row(work, design), person_by_name(work.session, name), "writer")
    return visitor, LfsClient(site.app, name, secret), LfsClient(site.app, name, PASSWORD)


def revoke(site, who):
    with site.house.writing(who) as work:
        (token,) = tokens_of(work.session, work.person)
        revoke_token(work, token.id)


def keep_out(site, who):
    with site.house.writing() as work:
        person = person_by_id(work.session, who.person_id)
        person.suspended_at, person.suspended_for = now(), "spam"


def renew(site, who):
    change_password(site.house, who, PASSWORD, "an even better battery", "192.0.2.1")


@pytest.mark.parametrize(
    ("act", "statuses"),
    [(revoke, (401, 200)), (renew, (200, 401)), (keep_out, (401, 401)), (lambda site, who: None, (200, 200))],
    ids=["revoked", "new-password", "suspended", "nothing"],
)
def test_a_pass_ends(site, design, lent, act, statuses):
    """To send, to ask whether it arrived, and to have; also of what is public, as the pass says who one is."""
    who, *clients = lent
    new = STEP + design.encode()
    sent = [client.told(design, "upload", new)["actions"] for client in clients]
    had = [client.told(design, "download", STEP)["actions"]["download"] for client in clients]
    with site.house.writing(site.visitor("ada")) as work:
        change_design(work, row(work, design), visibility="public")
    act(site, who)
    browser, named = site.app.test_client(), {"oid": oid_of(new), "size": len(new)}
    assert tuple(browser.get(each["href"], headers=each["header"]).status_code for each in had) == statuses
    up = [each["upload"] for each in sent]
    assert tuple(browser.put(each["href"], data=new, headers=each["header"]).status_code for each in up) == statuses
    asked = [each["verify"] for each in sent]
    told = tuple(browser.post(each["href"], json=named, headers=each["header"]).status_code for each in asked)
    assert told == statuses
