"""Sliders: from a moved slider to the viewer's file in the client's hands."""

import threading
import time
from collections.abc import Iterator

import httpx

from bench.building import Floor, publish, wider, widths
from bench.models import BOX, ENCLOSURE
from bench.row import Row, interleaved, median, milliseconds

SLIDER_BOX_MS, SLIDER_ENCLOSURE = 150, 1.25  # the goals of issue 2
CHANGES, PACE = 20, 0.02  # a hand moves a slider over twenty values in 0.4 s
LAST_OF_MANY = 1.3
ROUNDS, TRIES = 4, 12


class Overtaken(Exception):
    """On a machine under load a stale request may arrive after the last one, and then is the newest."""


class Slider:
    """A part's slider in one browser: every request in the same lane."""

    def __init__(self, url: str, name: str, width: float, client: httpx.Client):
        self.url, self.name, self.width, self.client = url, name, width, client

    def asked(self) -> httpx.Response:
        """Asks for a width nobody has built yet."""
        value = f"{self.width + next(widths) / 100:.2f}"
        return self.client.get(
            f"{self.url}/bench/{self.name}/previews/part.py", params={"p.WIDTH": value, "lane": "bench"}
        )

    def shown(self) -> None:
        """Asks, and fetches the viewer's file."""
        answer = self.asked()
        if answer.json()["state"] == "stopped":
            raise Overtaken
        assert answer.json()["state"] == "made", answer.text
        assert self.client.get(self.url + answer.json()["viewer"]).content[:4] == b"glTF"

    def dragged(self) -> tuple[float, int]:
        """Asks for twenty values in a hurry; returns the ms of the last, and how many before it were stopped."""
        states: list[str] = []
        stale = [
            threading.Thread(target=lambda: states.append(self.asked().json()["state"])) for _ in range(CHANGES - 1)
        ]
        for thread in stale:
            thread.start()
            time.sleep(PACE)
        try:
            taken = milliseconds(self.shown)
        finally:
            for thread in stale:
                thread.join()
        return taken, states.count("stopped")


def slid(name: str, source: str, width: float, rounds: int, args: tuple) -> tuple[list[float], list[float]]:
    """Returns ms from a moved slider to the viewer's file in the client's hands, and of the floor."""
    service, person, folder = args
    publish(person, name, source, folder)
    floor = Floor()
    with httpx.Client(timeout=60) as client:
        slider = Slider(service.url, name, width, client)
        slider.shown()
        floor.build(wider(source, width), ["viewer"])
        taken = interleaved(rounds, slider.shown, lambda: floor.build(wider(source, width), ["viewer"]))
    floor.close()
    return taken[0], taken[1]


def slider_box(*args) -> Iterator[Row]:
    """A slider of the box model, end to end."""
    ours, floor = slid("box", BOX, 60, 25, args)
    yield Row("slider-box", median(ours), SLIDER_BOX_MS, "ms", f"{median(floor):.0f} ms in process")


def slider_enclosure(*args) -> Iterator[Row]:
    """A slider of the enclosure beside its geometry and viewer file in process."""
    ours, floor = slid("enclosure", ENCLOSURE, 160, 6, args)
    note = f"{median(ours):.0f} ms beside {median(floor):.0f} ms in process"
    yield Row("slider-enclosure", median(ours) / median(floor), SLIDER_ENCLOSURE, note=note)


def slider_last(*args) -> Iterator[Row]:
    """The last of twenty changes of the enclosure, and what becomes of the others."""
    service, person, folder = args
    publish(person, "enclosure", ENCLOSURE, folder)
    floor = Floor()
    floor.build(wider(ENCLOSURE, 160), ["viewer"])
    ours, beside, stopped = [], [], []
    with httpx.Client(timeout=60, limits=httpx.Limits(max_connections=CHANGES)) as client:
        slider = Slider(service.url, "enclosure", 160, client)
        slider.shown()  # a browser has the cookie that names its lane before its sliders move
        for _ in range(TRIES):
            try:
                taken, count = slider.dragged()
            except Overtaken:
                continue
            ours.append(taken)
            stopped.append(count)
            beside.append(floor.build(wider(ENCLOSURE, 160), ["viewer"]))
            if len(ours) == ROUNDS:
                break
    floor.close()
    note = f"{median(ours):.0f} ms beside {median(beside):.0f} ms in process"
    yield Row("slider-last-of-20", median(ours) / median(beside), LAST_OF_MANY, note=note)
    yield Row("slider-stale-stopped", min(stopped), CHANGES - 1, "of", "19 stale builds, each cancelled", at_least=True)
