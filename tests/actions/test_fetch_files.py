"""Large files come along with an import and a mirror: from where the server says, checked, and no further."""

import io
import json
from types import SimpleNamespace

import pytest
from flask import Flask, Response, request
from houses import settle_in, start
from lfs_client import oid_of, pointer
from remotes import house_elsewhere, served

from opendesign.actions.import_design import import_job, want_import
from opendesign.actions.mirror import fetch_soon, mirror_job
from opendesign.actions.take_file import take_file
from opendesign.app import create_app
from opendesign.core.lfs import Pointer
from opendesign.git import elsewhere
from opendesign.records.arrival import arrival_by_id
from opendesign.records.design import design_by_path
from opendesign.records.lfs import large_files
from opendesign.records.mirror import mirror_of

STEP, LID = b"ISO-10303-21;\n" * 9, b"ISO-10303-21;\nLID;\n" * 9
HEAVY = bytes(range(256)) * 1600
FILES = {"motor.step": pointer(STEP), "lid.step": pointer(LID), "README.md": "# Motor\n"}


def named(content: bytes) -> Pointer:
    return Pointer(oid_of(content), len(content))


@pytest.fixture(scope="module")
def there(tmp_path_factory):
    """Cleo's house with a design of which one large file was sent and one was not, and its address."""
    with house_elsewhere(tmp_path_factory.mktemp("elsewhere")) as (house, address):
        _, cleo = settle_in(house, "operator", "cleo")
        start(house, cleo, "motor", FILES)
        take_file(house, cleo, 1, named(STEP), io.BytesIO(STEP))
        start(house, cleo, "heavy", {"heavy.step": pointer(HEAVY)})
        take_file(house, cleo, 2, named(HEAVY), io.BytesIO(HEAVY))
        yield SimpleNamespace(
            house=house, app=create_app(house), cleo=cleo, address=address, url=f"{address}/cleo/motor.git"
        )


@pytest.fixture
def ada(house):
    object.__setattr__(house.settings, "private_hosts", "127.0.0.1")
    return settle_in(house, "operator", "ada")[1]


def brought(house, visitor, url: str, **more):
    with house.writing(visitor) as work:
        key = want_import(work, url, **more).id
    import_job(house, str(key))
    with house.reading() as work:
        return arrival_by_id(work.session, key)


def kept(house, name: str = "motor") -> set[bytes]:
    """Which of the two files a design has."""
    with house.reading() as work:
        design = design_by_path(work.session, "ada", name)
        known = large_files(work.session, design.id, [oid_of(STEP), oid_of(LID)])
        return {each for each in (STEP, LID) if oid_of(each) in known and house.store.lfs.holds(named(each))}


def test_an_import_brings_what_there_is_and_says_what_is_missing(house, ada, there):
    arrival = brought(house, ada, there.url)
    assert arrival.state == "done" and kept(house) == {STEP} and arrival.bytes >= 0
    assert (
        arrival.problem.startswith("Of 2 files that Git LFS keeps 1 did not come")
        and oid_of(LID)[:12] in arrival.problem
    )
    with house.reading() as work:
        design = design_by_path(work.session, "ada", "motor")
        assert design.visibility == "public" and large_files(work.session, design.id, [oid_of(STEP)])


def test_a_mirror_brings_what_was_missing_later(house, ada, there):
    assert brought(house, ada, there.url, follow=True).state == "done"
    assert kept(house) == {STEP}
    with house.reading() as work:
        mirror = mirror_of(work.session, design_by_path(work.session, "ada", "motor"))
    assert "1 did not come" in mirror.problem and not mirror.failures
    take_file(there.house, there.cleo, 1, named(LID), io.BytesIO(LID))
    with house.writing(ada) as work:
        fetch_soon(work, design_by_path(work.session, "ada", "motor"))
    mirror_job(house, str(mirror.id))
    assert kept(house) == {STEP, LID}
    with house.reading() as work:
        assert mirror_of(work.session, design_by_path(work.session, "ada", "motor")).problem == ""


@pytest.mark.parametrize(
    ("setting", "most", "design"),
    [("lfs_owner_bytes", 10, "motor"), ("lfs_file_bytes", 10, "motor"), ("import_bytes", 200_000, "heavy")],
)
def test_limits_hold_and_the_rest_of_the_import_comes(house, ada, there, setting, most, design):
    object.__setattr__(house.store.limits if setting == "import_bytes" else house.settings, setting, most)
    arrival = brought(house, ada, f"{there.address}/cleo/{design}.git")
    assert arrival.state == "done" and setting in arrival.problem
    assert not [each for each in house.store.lfs.root.rglob("*") if each.is_file()]


def middle(there, href: str, content: bytes = STEP, status: int = 200, location: str = "") -> Flask:
    """A git server whose files of Git LFS lie where it likes."""
    app, seen = Flask("middle"), []
    app.config["seen"] = seen

    @app.route("/<path:place>", methods=["GET", "POST"])
    def answer(place: str) -> Response:
        if place.endswith("objects/batch"):
            action = {"href": href.format(here=request.host_url), "header": {"X-Ours": "1", "Host": "evil"}}
            objects = [dict(each, actions={"download": action}) for each in request.get_json(force=True)["objects"]]
            return Response(json.dumps({"objects": objects}), content_type=elsewhere.JSON)
        if place.startswith("store/"):
            seen.append((place, request.headers.get("X-Ours"), request.host))
            return Response(content, status, {"Location": location.format(here=request.host_url)} if location else {})
        query = request.query_string.decode()
        there_too = there.app.test_client().open(
            f"/{place}?{query}", method=request.method, data=request.get_data(), headers=list(request.headers)
        )
        return Response(there_too.data, there_too.status_code, list(there_too.headers))

    return app


@pytest.fixture
def through(house, ada, there):
    """Imports Cleo's design through a server in the middle; returns what was said, what is kept, and what was asked."""

    def imported(href: str, **more):
        app = middle(there, href, **more)
        with served(app) as address:
            arrival = brought(house, ada, f"{address}/cleo/motor.git")
        assert arrival.state == "done", arrival.problem
        return arrival.problem, kept(house), app.config["seen"]

    return imported


def test_a_store_of_objects_with_a_query_and_fields_is_asked(through):
    _, had, seen = through("{here}store/one?X-Sign=a%2Fb&n=1")
    assert had == {STEP} and seen[0][1] == "1" and seen[0][2].startswith("127.0.0.1")


@pytest.mark.parametrize(
    ("href", "more"),
    [
        ("http://169.254.169.254/latest", {}),
        ("http://localhost:1/x", {}),
        ("file:///etc/passwd", {}),
        ("http://ada:secret@127.0.0.1/x", {}),
        ("{here}store/x", {"status": 302, "location": "http://169.254.169.254/latest"}),
        ("{here}store/x", {"status": 302, "location": "{here}store/x"}),
        ("{here}store/x", {"content": b"z" * len(STEP)}),
    ],
)
def test_no_other_machine_is_asked_and_no_other_bytes_are_kept(through, house, monkeypatch, href, more):
    asked = []
    connect = elsewhere.socket.create_connection
    monkeypatch.setattr(elsewhere.socket, "create_connection", lambda to, **o: asked.append(to[0]) or connect(to, **o))
    said, had, seen = through(href, **more)
    assert had == set() and "2 did not come" in said and "secret" not in said
    assert set(asked) == {"127.0.0.1"} and len(seen) <= 2 * elsewhere.HOPS
    assert not [each for each in house.store.lfs.root.rglob("*") if each.is_file()]
