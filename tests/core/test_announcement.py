"""A letter about a proposal says who did what, the numbers, and shows a few small pictures."""

from html.parser import HTMLParser

import pytest

from opendesign.core.announcement import Announcement, PartTold, write_announcement
from opendesign.core.comparison import facts
from opendesign.core.news import EVENTS

BEFORE = {"volume_mm3": 15870.0, "bbox_mm": [[0, 0, 0], [80, 50, 4]]}
AFTER = {"volume_mm3": 19870.0, "bbox_mm": [[0, 0, 0], [80, 50, 5]]}
LINK = "https://example.org/ada/laptop-case/proposals/3"
PICTURE = b"\x89PNG"


def part(path="lid.py", **more) -> PartTold:
    told = {"title": "Lid", "status": "changed", "facts": facts(BEFORE, AFTER, ("PLA", "PLA")), "picture": PICTURE}
    return PartTold(path, **{**told, **more})


def told(*parts, **more) -> Announcement:
    return Announcement("opened", "bia", "A thicker lid", "ada/laptop-case", 3, LINK, parts=parts, **more)


def test_the_text_stands_alone_with_the_numbers_before_and_after():
    written = write_announcement(told(part(promises=[("broken", "london-base", 0.8), ("kept", "seat", None)])))
    assert written.subject == "OpenDesign: ada/laptop-case 3: A thicker lid"
    assert written.text == (
        "bia proposes “A thicker lid” to ada/laptop-case (proposal 3).\n"
        "\n"
        "Lid (lid.py): changed\n"
        "  Volume: 15.87 → 19.87 cm³\n"
        "  Mass, solid: 19.68 → 24.64 g\n"
        "  Box: 80.00 × 50.00 × 4.00 → 80.00 × 50.00 × 5.00 mm\n"
        "  no longer fits london-base: 0.80 mm off\n"
        "  still fits seat\n"
        "  difference-1.png: added in green, removed in red with stripes\n"
        "\n"
        f"See it, say something, decide:\n{LINK}\n"
    )
    assert written.images == [("difference-1.png", PICTURE)] and 'src="cid:difference-1.png"' in written.html
    assert "Box: 80.00 × 50.00 × 4.00 → 80.00 × 50.00 × 5.00 mm" in written.html


def test_what_stays_is_said_once_and_a_side_that_is_not_there_is_a_dash():
    text = write_announcement(told(part(status="added", facts=facts(None, AFTER, ("", "")), assumed=True))).text
    assert "Lid (lid.py): new\n  Volume: – → 19.87 cm³\n" in text
    assert "g (no known material is named: counted with PLA)" in text and "Box: – → 80.00 × 50.00 × 5.00 mm" in text
    assert "Volume: 15.87 cm³\n" in write_announcement(told(part(facts=facts(BEFORE, BEFORE)))).text


def test_there_are_three_small_pictures_at_most():
    written = write_announcement(told(*(part(f"{number}.py") for number in range(8)), more=12))
    assert len(written.images) == 3 and "7.py" in written.text
    assert "More parts that change: 12." in written.text and "The page shows more of the difference." in written.text
    heavy = write_announcement(told(part(picture=b"0" * 150_001)))
    assert heavy.images == [] and "cid:" not in heavy.html and "The page shows more" in heavy.text


def test_pictures_that_are_not_ready_are_said_to_be_on_the_page():
    written = write_announcement(told(part(picture=None), drawing=True))
    for said in (written.text, written.html):
        assert "Pictures of the difference were not ready when this was written" in said and LINK in said
    assert written.images == []


class Reader(HTMLParser):
    """Keeps the names of what stands in a page."""

    def __init__(self, page: str):
        super().__init__()
        self.tags: set[str] = set()
        self.feed(page)

    def handle_starttag(self, tag, attrs):
        self.tags.add(tag)
        assert {name for name, _ in attrs} <= {"style", "src", "alt", "width", "href"}


def test_what_people_wrote_is_neither_markup_nor_a_header():
    evil = '<script>alert(1)</script>"><img src=x onerror=1>\r\nBcc: mallory@example.org'
    written = write_announcement(
        Announcement(
            "commented", "mallory", evil, "ada/box", 1, LINK, words=f"{evil}\n{{who}}", parts=[part(evil, title=evil)]
        )
    )
    assert Reader(written.html).tags <= {"html", "body", "p", "br", "blockquote", "h2", "div", "img", "a"}
    assert "\n" not in written.subject and "\r" not in written.subject and "{who}" in written.text


@pytest.mark.parametrize("event", EVENTS)
def test_each_event_has_its_sentence_in_the_language_of_the_reader(event):
    french = {EVENTS[event]: "{who}, « {title} », {design}, {number}", "Volume": "Volumen"}
    text = write_announcement(
        Announcement(event, "bia", "Lid", "ada/box", 3, LINK, parts=[part()]), lambda word: french.get(word, word)
    ).text
    assert text.startswith("bia, « Lid », ada/box, 3\n") and "Volumen: 15.87" in text
