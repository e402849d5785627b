"""Whatever is sent, the answer is a refusal with a sentence: never a fault of ours, and nothing half-written."""

import json
from urllib.parse import quote

import pytest

from opendesign.api.operation import OPERATIONS

STRANGE = [
    *(None, True, 0, -1, 10**400, 2.5, "", "x", "\x00", "\u202e", "é" * 300, "../x", "a" * 70_000, "-x", ".git/config"),
    *([], [[]], {}, {"a": {"b": []}}, {"width": None}, {"width": [1]}, {"width": "NaN"}, [1, 2, 3], ["x"]),
]
RAW = [
    '{"%s": NaN}',
    '{"%s": 1e999}',
    '{"%s": "\\ud800"}',
    '{"%s": ' + "[" * 100 + "]" * 100 + "}",
    '{"%s": 1, "%s": 2}',
]
PLACES = [
    "x",
    "-x",
    "..",
    "%2e%2e",
    "%00",
    "a%0ab",
    "refs/heads/main",
    "HEAD",
    "main~1",
    "é",
    "0" * 40,
    "9" * 40,
    "a" * 500,
]
QUERIES = [
    "page=0",
    "page=1e9",
    "page=99999999999999999999",
    "sort=x",
    "wait=nan",
    "wait=-1",
    "ref=%00",
    "ref=..",
    "q=%25_\\",
]


@pytest.fixture(scope="module")
def owner(shared):
    owner = shared.person("owner")
    shared.box(owner, "box")
    shared.box(owner, "renamed")
    owner.made("POST", "/designs/owner/box/branches", {"name": "side"})
    owner.made("PUT", "/designs/owner/box/files/side/more.txt", {"content": "more"})
    owner.made("POST", "/designs/owner/box/proposals", {"source_branch": "side"})
    return owner


def told(answer, said: str) -> None:
    """Checks that an answer is no fault, and a problem if it is a refusal."""
    assert answer.status_code < 500, f"{said} → {answer.status_code}"
    if answer.status_code >= 400:
        assert answer.content_type == "application/problem+json", said
        assert len(answer.json["detail"]) > 10, said


def address(template: str, **strange: str) -> str:
    """Returns an address that exists but for its strange places."""
    places = {"owner": "owner", "name": "box", "number": "1", "person": "owner", "ref": "main", "path": "box.py"}
    places |= {"sha": "main", "branch": "side", "range": "main...side", "key": "0" * 64, "token": "999"}
    for name, value in (places | strange).items():
        template = template.replace(f"{{{name}}}", value)
    return template


BODIED = [each for each in OPERATIONS if each.body]


@pytest.mark.parametrize("operation", BODIED, ids=lambda each: each.name)
def test_strange_values_in_bodies(operation, owner):
    path = address(operation.path, name="renamed" if operation.name == "designs.change" else "box")
    example = operation.body.model_json_schema()["examples"][0]
    for name in operation.body.model_fields:
        for value in STRANGE:
            told(owner(operation.method, path, example | {name: value}), f"{operation.name} {name}={value!r:.60}")
        for raw in RAW:
            body = raw.replace("%s", name)
            answer = owner(operation.method, path, data=body, content_type="application/json")
            told(answer, f"{operation.name} {body:.60}")
    for body in (b"", b"null", b"[]", b'"x"', b"{}", json.dumps({"unknown": 1}).encode()):
        told(owner(operation.method, path, data=body, content_type="application/json"), f"{operation.name} {body!r}")


@pytest.mark.parametrize("operation", OPERATIONS, ids=lambda each: each.name)
def test_strange_places_and_queries(operation, owner):
    if operation.method == "DELETE" and operation.name == "designs.delete":
        return  # with every strange owner or name it finds nothing, which test_access tells
    for step in operation.path.split("/"):
        if not step.startswith("{") or (operation.writes and step in ("{owner}", "{name}")):
            continue
        for value in PLACES:
            path = address(operation.path, **{step[1:-1]: value})
            told(owner(operation.method, path), f"{operation.method} {path}")
    for query in QUERIES if operation.method == "GET" else ():
        told(owner.get(f"{address(operation.path)}?{query}"), f"{operation.name}?{query}")
    told(owner.get(f"/designs/owner/box/compare/{quote('...')}"), "compare ...")


def test_after_all_that_the_repository_is_sound_and_the_design_is_served(owner, shared):
    with shared.house.store.open("1") as repository:
        repository.run("fsck", "--strict")
    for path in ("", "/branches", "/revisions", "/proposals", "/proposals/1", "/lineage", "/members"):
        assert owner.get(f"/designs/owner/box{path}").status_code == 200
