"""Writes curves and words as SVG: black on white or, where the reader's system is dark, white on black."""

import unicodedata
from collections.abc import Sequence
from xml.sax.saxutils import escape

import numpy as np

from opendesign.cad.inside.curves import Arc, Curve

# Without scripts, links or anything from elsewhere; widths and letters as ISO 128 and ISO 3098 want them, in mm.
STYLE = (
    ":root{color:#14171c;background:#fff}@media(prefers-color-scheme:dark){:root{color:#e9ecf1;background:#15181d}}"
    "path,line,rect,circle{fill:none;stroke:currentColor;stroke-width:.18;stroke-linecap:round;stroke-linejoin:round}"
    ".v{stroke-width:.4}.s{stroke-width:.13;opacity:.55}.h{stroke-width:.2;stroke-dasharray:2.2 1.1;opacity:.75}"
    ".c{stroke-width:.13;stroke-dasharray:4 .8 .6 .8}.f{stroke-width:.5}.a{fill:currentColor;stroke:none}"
    ".cut{stroke-width:.5;fill:currentColor;fill-opacity:.12;fill-rule:evenodd}"
    "text{fill:currentColor;font-family:'Source Sans 3','Source Sans Pro',Arial,Helvetica,sans-serif;"
    "font-size:3.2px;font-variant-numeric:tabular-nums}.k{font-size:1.9px;opacity:.65}.b{font-size:4.4px;font-weight:600}"
    ".d{text-anchor:middle}"
)
STRAIGHT = 1e-4  # mm of paper; more, and small round corners lose all their points at once
LETTER = 0.52  # the mean width of a letter as a share of its height


def document(size: tuple[float, float], title: str, body: list[str]) -> bytes:
    """Returns a whole drawing of a size in mm."""
    wide, high = size
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" width="{wide:g}mm" height="{high:g}mm"'
        f' viewBox="0 0 {wide:g} {high:g}">'
        f"<title>{plain(title)}</title><style>{STYLE}</style>\n"
    )
    return (head + "\n".join(body) + "\n</svg>\n").encode("utf-8", "replace")


def path(runs: list[list[Curve]], placed, kind: str) -> str:
    """Returns runs of curves as one path; `placed` moves points onto the paper and has a scale."""
    steps = "".join(run_steps(run, placed) for run in runs)
    return f'<path class="{kind}" d="{steps}"/>' if steps else ""


def run_steps(run: list[Curve], placed) -> str:
    """Returns one run as steps of a path."""
    start = placed.on_paper(run[0].points[:1])[0]
    steps = [f"M{point(start)}"]
    for one in run:
        if isinstance(one, Arc):
            steps += arc_steps(one, placed)
        elif following := thinned(placed.on_paper(one.points))[1:]:
            steps.append("L" + " ".join(following))
    if len(steps) == 1:
        return ""  # smaller than the paper shows; a browser stops at a step without numbers
    last = placed.on_paper(run[-1].points[-1:])[0]
    closes = len(steps) > 1 and np.abs(last - start).max() < 1e-3 and sum(len(one.points) for one in run) > 3
    return "".join(steps) + ("Z" if closes else "")


def thinned(points: np.ndarray) -> list[str]:
    """Returns points as text, without those in the middle of straight lines and those that repeat the one before."""
    if len(points) > 2:
        before, after = points[1:-1] - points[:-2], points[2:] - points[:-2]
        off = np.abs(before[:, 0] * after[:, 1] - before[:, 1] * after[:, 0]) > STRAIGHT * np.hypot(*after.T)
        back = (before * (after - before)).sum(axis=1) <= 0
        points = points[np.concatenate([[True], off | back, [True]])]
    texts = [point(one) for one in points.tolist()]
    return [text for number, text in enumerate(texts) if number == 0 or text != texts[number - 1]]


def arc_steps(one: Arc, placed) -> list[str]:
    """Returns an arc as steps of less than half a turn."""
    count = 3 if abs(one.sweep) > 3 else 1
    major = one.radius * placed.scale
    turned = -np.degrees(np.arctan2(one.half[1], one.half[0]))
    way = 0 if one.sweep > 0 else 1
    radii = f"{number(major)} {number(major * one.ratio)} {number(turned)} 0 {way} "
    ends = [one.at(one.start + one.sweep * step / count) for step in range(1, count + 1)]
    return [f"A{radii}{point(end)}" for end in placed.on_paper(np.array(ends))]


def point(place: Sequence[float]) -> str:
    """Returns a point of the paper to 0.01 mm."""
    return f"{number(place[0])} {number(place[1])}"


def number(value: float) -> str:
    """Returns a number with two digits at most."""
    text = f"{value:.2f}".rstrip("0").rstrip(".")
    return "0" if text in ("-0", "") else text


def line(x1: float, y1: float, x2: float, y2: float, kind: str = "") -> str:
    """Returns a line."""
    named = f' class="{kind}"' if kind else ""
    return f'<path{named} d="M{number(x1)} {number(y1)}L{number(x2)} {number(y2)}"/>'


def text(x: float, y: float, words: str, kind: str = "", turned: bool = False) -> str:
    """Returns words; `turned` ones are read from the right."""
    named = f' class="{kind}"' if kind else ""
    turn = f' transform="rotate(-90 {number(x)} {number(y)})"' if turned else ""
    return f'<text{named} x="{number(x)}" y="{number(y)}"{turn}>{plain(words)}</text>'


def plain(words: str) -> str:
    """Returns words without what XML cannot hold, escaped."""
    return escape("".join("\ufffd" if unicodedata.category(letter)[0] == "C" else letter for letter in words))


def shortened(words: str, room: float, height: float = 3.2) -> str:
    """Returns words cut to the room they have, mm."""
    most = max(1, int(room / (height * LETTER)))
    return words if len(words) <= most else words[: most - 1] + "…"
