"""Comparisons and proposals: what is shown of a change, beside the geometry that has to be computed for it."""

import time
from collections.abc import Iterator
from pathlib import Path

from service import BOX, Service, Visitor

from bench.building import Floor, publish, widths
from bench.models import ENCLOSURE
from bench.pages import served
from bench.row import Row, median, milliseconds

SHOWN, COMMENTS, PAGE_MS = 2.0, 200, 60
ROUNDS = 4


def built(person: Visitor, width: float, place: Path) -> None:
    """Builds an enclosure and keeps its exact shape."""
    build = person.built("/designs/bench/enclosure", {"part": "part.py", "parameters": {"WIDTH": width}})
    place.write_bytes(person.ask("GET", f"/builds/{build['key']}/files/brep").content)


def difference(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """From asking for the comparison of two enclosures that are built, to volumes and overlay on the shelf."""
    publish(person, "enclosure", ENCLOSURE, folder)
    sides, floor = (folder / "before.brep", folder / "after.brep"), Floor()
    ours, beside = [], []
    for _ in range(ROUNDS):
        values = [160 + next(widths) / 100, 170 + next(widths) / 100]
        for value, place in zip(values, sides, strict=True):
            built(person, value, place)
        a, b = (f"main%3FWIDTH={value:.2f}" for value in values)
        ours.append(milliseconds(lambda: shown(person, f"/designs/bench/enclosure/compare/{a}...{b}")))  # noqa: B023
        beside.append(floor.compare(*sides))
    floor.close()
    note = f"{median(ours):.0f} ms beside {median(beside):.0f} ms of exact booleans in process"
    yield Row("difference", median(ours) / median(beside), SHOWN, note=note)


def shown(person: Visitor, address: str) -> None:
    """Asks for a comparison until it is made."""
    end = time.monotonic() + 120
    while (found := person.get(address))["state"] != "made":
        assert time.monotonic() < end and found["state"] == "making", found
        time.sleep(0.02)
    assert found["parts"][0]["volume_mm3"]["added"] > 0, found["parts"]


def proposal_page(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """The page of a proposal with 200 comments, whole request at the client."""
    person.start_design("talk", {"box.py": BOX}, folder / "talk")
    wider = BOX.replace("WIDTH = 40.0", "WIDTH = 50.0")
    person.post("/designs/bench/talk/branches", {"name": "wide"})
    change = {"content": wider, "message": "Wider"}
    answer = person.ask("PUT", "/designs/bench/talk/files/wide/box.py", json=change)
    assert answer.status_code < 300, answer.text
    wish = {"title": "Wider", "source": "bench/talk", "source_branch": "wide", "target_branch": "main"}
    number = person.post("/designs/bench/talk/proposals", wish)["number"]
    for each in range(COMMENTS):
        person.post(f"/designs/bench/talk/proposals/{number}/comments", {"body": f"Number {each}: is it wide enough?"})
    page, floor = served(service, f"/bench/talk/proposals/{number}")
    yield Row("page-proposal-200", page, PAGE_MS, "ms", f"200 comments; healthz of the same server {floor:.1f} ms")
