"""Comparisons and proposals: what is shown of a change, beside the geometry that has to be computed for it."""

import re
import time
from collections.abc import Iterator
from pathlib import Path

from service import BOX, Service, Visitor

from bench.building import Floor, publish, widths
from bench.models import ENCLOSURE
from bench.pages import served
from bench.row import Row, median, milliseconds

SHOWN, SEEN, COMMENTS, PAGE_MS = 2.0, 0.6, 200, 60
ROUNDS = 4


def built(person: Visitor, width: float, place: Path) -> None:
    """Builds an enclosure and keeps its exact shape."""
    build = person.built("/designs/bench/enclosure", {"part": "part.py", "parameters": {"WIDTH": width}})
    place.write_bytes(person.ask("GET", f"/builds/{build['key']}/files/brep").content)


def difference(service: Service, person: Visitor, folder: Path) -> Iterator[Row]:
    """From asking for the comparison of two enclosures that are built: to both shapes at the client, for the stage to
    lay over each other, and to the exact volumes on the shelf.
    """
    publish(person, "enclosure", ENCLOSURE, folder)
    sides, floor = (folder / "before.brep", folder / "after.brep"), Floor()
    first, ours, beside = [], [], []
    for _ in range(ROUNDS):
        values = [160 + next(widths) / 100, 170 + next(widths) / 100]
        for value, place in zip(values, sides, strict=True):
            built(person, value, place)
        a, b = (f"main%3FWIDTH={value:.2f}" for value in values)
        began = time.perf_counter()
        first.append(milliseconds(lambda: seen(service, f"/bench/enclosure/compare/{a}...{b}")))  # noqa: B023
        shown(person, f"/designs/bench/enclosure/compare/{a}...{b}")
        ours.append((time.perf_counter() - began) * 1000)
        beside.append(floor.compare(*sides))
    floor.close()
    note = f"{median(ours):.0f} ms beside {median(beside):.0f} ms of exact booleans in process"
    yield Row("difference", median(ours) / median(beside), SHOWN, note=note)
    note = f"{median(first):.0f} ms to the page and both shapes at the client, which lays them over each other itself"
    yield Row("difference-overlay", median(first) / median(beside), SEEN, note=note)


def seen(service: Service, address: str) -> None:
    """Reads the page of a comparison that nobody has asked for yet, and what its stage shows first."""
    page = service.http.get(address).text
    assert "exact volumes are being computed" in page, "both are built, their difference is not"
    stage = page.partition("<od-compare")[2].partition(">")[0]
    for side in ("before", "after"):
        place = re.search(rf'{side}="([^"]+)"', stage)
        assert place and service.http.get(place[1]).content[:4] == b"glTF", stage


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
