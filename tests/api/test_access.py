"""Every operation, asked by everybody: each is admitted or refused exactly as the document says."""

import base64
from datetime import timedelta

import pytest
from photos import photo
from sqlalchemy import select

from opendesign import api
from opendesign.actions.find_adoptions import lineage_job
from opendesign.api.operation import OPERATIONS, Operation
from opendesign.records.base import now
from opendesign.records.deed import Deed
from opendesign.records.person import person_by_name

ASKERS = ("nobody", "stranger", "reading token", "reader", "writer", "writing token", "owner", "operator")
MEMBERS = ("reading token", "reader", "writer", "writing token", "owner", "operator")
KNOWN = ("stranger", "reader", "writer", "writing token", "owner", "operator")
# Who may use a verb on a public design; on a private one the same without the strangers.
MAY = {
    "see": ASKERS,
    "build": ASKERS,
    **dict.fromkeys(("fork", "propose", "comment", "review", "make", "vouch"), KNOWN),
    **dict.fromkeys(("edit", "merge", "release"), ("writer", "writing token", "owner", "operator")),
    **dict.fromkeys(("settings", "delete", "invite", "recall"), ("owner", "operator")),
}
# Who may write may decline, make ready and enter; the author, here the owner, may withdraw and make ready too.
DECLINERS = MAY["merge"]
CLOSING = ("merges.decline_it", "merges.ready", "merges.unready", "merges.take", "merges.take_in", "challenges.enter")
SCOPES = {
    "read": ("reading token", *KNOWN),
    "write": KNOWN,
    "admin": ("stranger", "reader", "writer", "owner", "operator"),
}
GOAL = {"title": "Lightest", "part": "box.py", "measure": "mass", "deadline": f"{now() + timedelta(days=9):%FT%TZ}"}
PHOTOS = [base64.b64encode(photo()).decode()]
# What is asked of each operation; what is not listed needs nothing but its places.
BODIES = {
    "people.join_here": {"name": "new", "email": "new@example.org", "password": "difference-engine"},
    "letters.ask_for_reset": {"name": "guest"},
    "letters.use_reset": {"secret": "guessed", "password": "difference-engine"},
    "letters.use_proof": {"secret": "guessed"},
    "letters.ask_for_move": {"email": "moved@example.org", "password": "difference-engine"},
    "letters.choose_often": {"often": "daily"},
    "tokens.issue": {"label": "test", "scopes": ["read"]},
    "designs.create": {"name": "another"},
    "imports.bring": {"url": "https://git.example.org/brought.git"},
    "mirrors.push_to": {"url": "https://git.example.org/case.git"},
    "designs.change": {"title": "Renamed"},
    "designs.fork_it": {},
    "parts.set_values": {"values": {"width": 31}},
    "parts.say": {"title": "Another name"},
    "presets.keep": {"values": {"width": 32}},
    "presets.rename": {"name": "other"},
    "builds.want": {"part": "box.py"},
    "files.write": {"content": "print('more')\n"},
    "branches.start": {"name": "fresh"},
    "bisections.search": {"property": "volume"},
    "trials.apply": {"commit": "side"},
    "adoptions.take": {"source": "owner/nowhere", "commit": "0" * 40},
    "proposals.open_one": {"source_branch": "second"},
    "merges.merge_it": {},
    "reviews.give": {"verdict": "request_changes", "body": "Thicker."},
    "branches.rule": {"required_approvals": 1},
    "merges.decline_it": {"reason": "Not now."},
    "merges.say": {"body": "Well."},
    "improvements.say_it": {"body": "Well."},
    "improvements.change": {"body": "Well."},
    "members.give": {"role": "reader"},
    "challenges.open_one": GOAL,
    "made.tell": {"result": "worked"},
    "made.change": {"result": "worked"},
    "made.speak": {"word": "confirmed"},
    "releases.give_out": {"tag": "v2"},
    "releases.reword": {"notes": "More."},
    "challenges.enter": {"source": "owner/public"},
    "accounts.change_person": {"suspended": True, "reason": "Spam."},
    "takedowns.take": {"design": "owner/nowhere", "reason": "Not theirs."},
    "admin.set_mode": {"read_only": False},
    "stock.switch": {"act": "off", "reason": "Nothing runs here."},
}
PLACES = {
    "token": "999",
    "comment": "999",
    "challenge": "1",
    "adoption": "999",
    "arrival": "999",
    "report": "999",
    "job": "999",
    "path": "box.py",
    "ref": "main",
    "branch": "side",
    "tag": "v1",
    "sha": "main",
    "range": "main...side",
    "preset": "thick",
}
NOWHERE = ("private", "improvements")  # what is private is no improvement of anybody
# Writes that leave no deed: they have something made or looked at that can be made again, or answer a question.
DERIVED = ("builds.want", "builds.cancel", "inspections.want", "inspections.cancel", "history.want")
DERIVED += ("admin.set_mode", "mirrors.push_now")  # the mode is what it was; what is pushed elsewhere is there
DERIVED += ("bisections.search", "trials.apply", "family.try_both", "reviews.see", "notices.read")
DERIVED += ("letters.ask_for_reset", "letters.ask_for_move")  # nothing changes until a letter is answered
DERIVED += ("letters.choose_often",)  # asked again, it is what it was
LAST = {"designs.delete": 2, "files.write": 1, "files.delete": 1, "branches.delete": 1}
OPERATIONS_IN_ORDER = sorted(OPERATIONS, key=lambda each: LAST.get(each.name, 0))


@pytest.fixture(scope="module")
def askers(shared):
    """Everybody, and two designs of the owner's: one public, one private, each with a branch and a proposal."""
    owner = shared.person("owner")
    found = {
        "nobody": shared.nobody(),
        "stranger": shared.person("stranger"),
        "reading token": shared.person("owner", "read"),
        "reader": shared.person("reader"),
        "writer": shared.person("writer"),
        "writing token": shared.person("owner", "write"),
        "owner": owner,
        "operator": shared.person("operator"),
    }
    shared.person("guest")
    with shared.house.writing() as work:
        person_by_name(work.session, "operator").admin = True
    for visibility in ("public", "private"):
        where = shared.box(owner, visibility, visibility=visibility)
        for role in ("reader", "writer"):
            owner.made("PUT", f"{where}/members/{role}", {"role": role})
        for branch in ("side", "second", "third"):
            owner.made("POST", f"{where}/branches", {"name": branch})
            owner.made("PUT", f"{where}/files/{branch}/{branch}.txt", {"content": "more"})
        owner.made("POST", f"{where}/proposals", {"source_branch": "third"})
        owner.made("PUT", f"{where}/files/main/checks.py", {"content": "def check_nothing():\n    pass\n"})
        owner.made("POST", f"{where}/challenges", GOAL)
        shared.person("reader").made("POST", f"{where}/made", {"result": "worked", "photos": PHOTOS})
        owner.made("POST", f"{where}/releases", {"tag": "v1"})
        owner.made("POST", f"{where}/forks", {"name": f"{visibility}-fork"})
        for role in ("reader", "writer"):
            owner.made("PUT", f"{where}-fork/members/{role}", {"role": role})
    for number in ("1", "2", "3", "4"):
        lineage_job(shared.house, number)
    return found


def address(operation: Operation, visibility: str, owner) -> str:
    """Returns an address that exists, as far as the operation has places."""
    places = PLACES | {"owner": "owner", "name": visibility, "number": "1", "person": "guest", "key": "0" * 64}
    places |= {"relative_owner": "owner", "relative_name": f"{visibility}-fork"}
    if operation.tag == "builds" and "{key}" in operation.path:
        key = owner.get(f"/designs/owner/{visibility}/parts").json[0]["build"]["key"]
        places |= {"key": key, "name": "step"}
    if operation.tag == "improvements":
        places |= {"sha": owner.get(f"/designs/owner/{visibility}/revisions").json[-1]["sha"]}
    if operation.tag in ("made", "photos"):
        seen = owner.get(f"/designs/owner/{visibility}/made/1").json
        places |= {"made": "999" if operation.writes else "1", "photo": seen["photos"][0]["name"]}
    if operation.tag == "comparisons":
        places |= {"name": visibility if operation.verb else "overlay"}
    path = operation.path
    for name, value in places.items():
        path = path.replace(f"{{{name}}}", value)
    return path


def deeds_in(house, request: str) -> list[Deed]:
    """Returns what the record of deeds says of a request."""
    with house.reading() as work:
        return list(work.session.scalars(select(Deed).where(Deed.request == request)))


def admitted(operation: Operation, asker: str, visibility: str) -> bool:
    """Says whether somebody may use an operation."""
    if operation.operator:
        return asker == "operator"
    if operation.scope:
        return asker in SCOPES[operation.scope]
    if operation.name == "builds.cancel":
        return asker in MAY["edit"]
    if operation.tag == "builds" and not operation.verb:
        return visibility == "public" or asker in MEMBERS
    if not operation.verb:
        return True
    may = DECLINERS if operation.name in CLOSING else MAY[operation.verb]
    return asker in may and (visibility == "public" or asker in MEMBERS)


@pytest.mark.parametrize("visibility", ["public", "private"])
@pytest.mark.parametrize("operation", OPERATIONS_IN_ORDER, ids=lambda each: each.name)
def test_each_is_admitted_or_refused_as_documented(operation, visibility, askers, shared):
    told = set()
    documented = api.document()["paths"][operation.path][operation.method.lower()]["responses"]
    path = address(operation, visibility, askers["owner"])
    for asker in ASKERS:
        answer = askers[asker](operation.method, path, BODIES.get(operation.name))
        said = f"{asker}: {operation.method} {path} → {answer.status_code} {answer.data[:300]!r}"
        assert str(answer.status_code) in documented, said
        if admitted(operation, asker, visibility):
            assert answer.status_code not in (401, 403), said
            if operation.writes and answer.status_code < 300:
                told.add(bool(deeds_in(shared.house, answer.headers["X-Request-Id"])))
            if operation.verb and operation.method == "GET" and (visibility, operation.tag) != NOWHERE:
                assert answer.status_code == 200, said
            continue
        if operation.name == "builds.cancel" and asker != "nobody" and answer.status_code in (200, 409):
            continue  # whoever of them had asked for this build may stop it too, unless it has ended by now
        hidden = visibility == "private" and asker in ("nobody", "stranger") and not operation.scope
        hidden = hidden or operation.operator
        known = asker != "nobody" or operation.name == "builds.cancel"
        expected = 404 if hidden else 403 if known else 401
        assert answer.status_code == expected, said
        assert answer.content_type == "application/problem+json"
        assert ("WWW-Authenticate" in answer.headers) == (answer.status_code == 401)
    assert not told or True in told or operation.name in DERIVED, f"{operation.name} leaves no deed"
