"""Draws misfits over a part's drawing: what is promised in dashes, what is there in full, the mm between both.

A picture shows those of the drawing's three views in which the misfits are seen best, and the worst again, larger.
"""

import json
import math
import re
from collections.abc import Sequence
from dataclasses import replace
from itertools import chain
from xml.sax.saxutils import escape

from opendesign.core.errors import Invalid
from opendesign.core.misfit import Misfit, Point, Shape, middle
from opendesign.core.paper import Paper, View, faces, number, outline, shape_of, text

WHERE = re.compile(r"<metadata>(\{[^<>]{1,2000}\})</metadata>")
WHOLE = re.compile(r"<svg\b[^>]*>(.*)</svg>", re.DOTALL)
NO_DRAWING = "This drawing does not say where its views are."
TOO_FAR = "What does not fit is too far away to be drawn."
FARTHEST = 1e7  # mm of paper: far beyond it, adding the height of a letter changes nothing
VIEWS = {"top": (0, 1), "front": (0, 2), "right": (1, 2)}  # the axes across and up
MARGIN = 7.0  # mm of paper around a view: nothing of its neighbours or dimensions is as near
NICE = (2, 3, 4, 5, 8, 10, 15, 20, 30, 40, 50, 100, 200, 500, 1000)
DARK = "@media(prefers-color-scheme:dark)"
STYLE = (
    ":root{--promised:#2743d2;--there:#c2352c;--paper:#fff}"
    f"{DARK}{{"
    ":root{--promised:#9db0ff;--there:#ff8a80;--paper:#15181d}}"
    "path.mp,circle.mp{stroke:var(--promised);stroke-dasharray:1.8 1}path.mf,circle.mf{stroke:var(--there)}"
    "path.mr{stroke:none;fill:var(--there);fill-opacity:.3}path.ml{stroke:currentColor}"
    "circle.mb{fill:var(--paper);stroke:currentColor}circle.mo{stroke:currentColor;opacity:.6}"
    "path:not([class]),.a,.d{display:none}"  # the drawing's dimensions: they would be cut
    "text.mt{stroke:var(--paper);paint-order:stroke;font-weight:600}text.mk{opacity:.75}"
)


def drawn_over(drawing: str, box: Sequence[Point], misfits: Sequence[Misfit], labels: Sequence[str], key: str) -> str:
    """Returns an SVG of misfits over the drawing of a part with this box; a label for each, and the colours explained.

    `key` is two words, such as “promised|as it is”. Raises Invalid for a drawing that does not say where its views are,
    and for places too far away.
    """
    views = _views(drawing)
    groups: dict[str, list[tuple[Misfit, str]]] = {}
    for one in zip(misfits, labels, strict=True):
        groups.setdefault(max(views, key=lambda name: _seen(one[0], views[name])), []).append(one)
    papers = {name: _paper(views[name], box, [one for one, _ in group]) for name, group in groups.items()}
    letter = max(max(paper.width, paper.height) for paper in papers.values()) / 24
    body, wide, high = [], 0.0, 0.0
    for name, group in groups.items():
        size, panel = _panel(drawing, views[name], replace(papers[name], letter=letter), group, name)
        moved = f"translate({number(-papers[name].left)} {number(high - papers[name].top)})"
        body += [f'<g transform="{moved}">', *panel, "</g>"]
        wide, high = max(wide, size[0]), high + size[1]
    body += _legend(key, high, letter)
    high += letter * 2.4
    head = (
        f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {number(wide)} {number(high)}" width="{number(wide)}mm"'
        f' height="{number(high)}mm"><title>{escape("; ".join(labels))}</title>'
    )
    return head + "\n".join(body) + f"<style>{STYLE}{_sizes(letter)}</style></svg>\n"


def sentence(words: str) -> str:
    """Returns an SVG that says in words why there is nothing to be drawn."""
    wide = number(10 + 2.5 * len(words))
    head = f'<svg xmlns="http://www.w3.org/2000/svg" viewBox="0 0 {wide} 16" width="{wide}mm" height="16mm">'
    rules = f":root{{color:#14171c}}{DARK}{{:root{{color:#e9ecf1}}}}text{{fill:currentColor;font:5px sans-serif}}"
    return f"{head}<style>{rules}</style>{text(5, 10, words, 'mk')}</svg>\n"


def _panel(
    drawing: str, view: View, paper: Paper, group: Sequence[tuple[Misfit, str]], name: str
) -> tuple[tuple[float, float], list[str]]:
    """Returns the size and the content of one view with its misfits."""
    body = [_inner(drawing, paper)]
    body += [each for one, _ in group for each in _figure(one, view, paper.pen)]
    body += _labels(group, view, paper)
    worst, _ = max(group, key=lambda one: (one[0].figure.line is not None, one[0].by_mm or 0.0))
    size, lens = _lens(worst, view, paper, name)
    return size, body + lens


def _sizes(letter: float) -> str:
    """Returns how wide lines and how high letters are: rules, as the drawing's own would win over attributes."""
    pen = letter / 10
    return (
        f"path.mp,path.mf,circle.mp,circle.mf{{stroke-width:{number(pen)}}}"
        f"path.ml,circle.mo,circle.mb{{stroke-width:{number(pen * 0.7)}}}"
        f"text.mt{{font-size:{number(letter)}px;stroke-width:{number(letter / 4)}px}}"
        f"text.mk{{font-size:{number(letter * 0.8)}px}}"
    )


def _views(drawing: str) -> dict[str, View]:
    """Returns where a drawing says that its views are; what it says is not believed to be more than numbers."""
    found = WHERE.search(drawing)
    try:
        table = json.loads(found[1]) if found else {}
        views = {}
        for name, axes in VIEWS.items():
            left, bottom, scale, low, lowest = (float(each) for each in table[name])
            if not all(map(math.isfinite, (left, bottom, scale, low, lowest))) or scale <= 0:
                raise ValueError
            views[name] = View(axes, scale, left - low * scale, bottom + lowest * scale)
    except (KeyError, TypeError, ValueError, OverflowError, RecursionError):
        raise Invalid(NO_DRAWING) from None
    return views


def _seen(misfit: Misfit, view: View) -> float:
    """Returns how well a misfit is seen in a view: the length of its line, then whether it faces the eye."""
    line, shape = misfit.figure.line, misfit.figure.promised
    far = math.dist(*(view.place(point) for point in line)) if line else 0.0
    facing = faces(shape, view) if shape.ends else 0.0
    area = _area([view.place(point) for point in shape.corners]) if shape.corners and not line else 0.0
    return far / view.scale + 1e-3 * facing + 1e-9 * area


def _area(points: Sequence[Point]) -> float:
    pairs = zip(points, [*points[1:], points[0]], strict=True)
    return abs(sum(a[0] * b[1] - b[0] * a[1] for a, b in pairs)) / 2


def _paper(view: View, box: Sequence[Point], misfits: Sequence[Misfit]) -> Paper:
    """Returns the part of the sheet on which the part and all of its misfits are. Raises Invalid for none so large."""
    points, lengths = [*box], [0.0]
    for one in misfits:
        for shape in (one.figure.promised, one.figure.found):
            points += [*(shape.ends or ()), *(shape.corners or ()), *(shape.box or ())] if shape else []
            lengths.append((shape.diameter or 0.0) * view.scale if shape else 0.0)
        lengths += [each for point in one.figure.line or () for each in view.place(point)]
    places = [view.place(point) for point in points]
    if not all(abs(each) <= FARTHEST for each in (*lengths, *chain(*places))):
        raise Invalid(TOO_FAR)
    (left, top), (right, bottom) = ([*map(end, zip(*places, strict=True))] for end in (min, max))
    return Paper(left - MARGIN, top - MARGIN, right - left + 2 * MARGIN, bottom - top + 2 * MARGIN)


def _inner(drawing: str, paper: Paper) -> str:
    """Returns the drawing, cut to the paper."""
    inside = WHOLE.search(drawing)
    if inside is None:
        raise Invalid(NO_DRAWING)
    place = " ".join(map(number, (paper.left, paper.top, paper.width, paper.height)))
    left, top, wide, high = place.split()
    shown = f'x="{left}" y="{top}" width="{wide}" height="{high}" viewBox="{place}" overflow="hidden"'
    return f"<svg {shown}>{inside[1]}</svg>"


def _figure(misfit: Misfit, view: View, pen: float) -> list[str]:
    """Returns what is promised, what is there, and the line between both."""
    figure = misfit.figure
    drawn = []
    if figure.between and "xyz".index(figure.name[-1]) in view.axes:
        drawn.append(f'<path class="mr" d="{outline(Shape(box=figure.between), view)}"/>')
    if figure.found and figure.kind != "side":
        drawn.append(shape_of(figure.found, view, "mf"))
    drawn.append(shape_of(figure.promised, view, "mp"))
    if figure.line:
        start, end = (view.place(point) for point in figure.line)
        if math.dist(start, end) > pen:
            steps = f"M{number(start[0])} {number(start[1])}L{number(end[0])} {number(end[1])}"
            drawn.append(f'<path class="ml" d="{steps}"/>')
    return drawn


def _labels(group: Sequence[tuple[Misfit, str]], view: View, paper: Paper) -> list[str]:
    """Returns the words beside each misfit, none over another."""
    taken: list[tuple[float, float, float]] = []
    drawn = []
    for one, words in group:
        x, y = view.place(_point(one))
        room = len(words) * paper.letter * 0.55
        reach = paper.letter * 0.9 + (one.figure.promised.diameter or 0.0) / 2 * view.scale
        left = min(max(x - room / 2, paper.left + 1), max(paper.left + 1, paper.left + paper.width - room - 1))
        down = y - reach if y - reach > paper.top + paper.letter else y + reach + paper.letter
        for other in sorted(b for a, b, wide in taken if left < a + wide and a < left + room):
            if abs(down - other) < paper.letter * 1.1:
                down = other + paper.letter * 1.15
        taken.append((left, down, room))
        drawn.append(text(left, down, words, "mt"))
    return drawn


def _point(misfit: Misfit) -> Point:
    figure = misfit.figure
    if figure.line:
        return middle(figure.line)
    return middle(figure.promised.ends or figure.promised.corners or figure.promised.box or [(0, 0, 0)])


def _lens(misfit: Misfit, view: View, paper: Paper, name: str) -> tuple[tuple[float, float], list[str]]:
    """Returns the size of view and lens, and a misfit enlarged in a circle beside or below the view."""
    line, wheel = misfit.figure.line, (misfit.figure.promised.diameter or 0.0) / 2 * view.scale
    far = math.dist(*(view.place(point) for point in line)) if line else 0.0
    radius = paper.letter * 4.8
    times = max((each for each in NICE if far * each <= radius * 0.9), default=0)
    whole = max((each for each in NICE if each <= times and wheel * each <= radius * 0.8), default=0)
    if far * whole >= radius / 12:
        times = whole  # a circle that is seen whole
    if not times or far <= 0:
        return (paper.width, paper.height), []
    wide = paper.width < 1.4 * paper.height
    centre = (
        (paper.left + paper.width + radius + 2, paper.top + paper.height / 2)
        if wide
        else (paper.left + paper.width / 2, paper.top + paper.height + radius + 2)
    )
    x, y = view.place(_point(misfit))
    if line and wheel * times > radius:  # the rim, as the middle is far from it
        (ax, ay), (bx, by) = (view.place(point) for point in line)
        x, y = x + (bx - ax) / far * wheel, y + (by - ay) / far * wheel
    low = centre[1] + radius + (paper.letter if wide else 0)
    enlarged = View(view.axes, view.scale * times, *(_shifted(view, times, (x, y), centre)))
    cx, cy, r = number(centre[0]), number(centre[1]), number(radius)
    inside = "".join(_figure(misfit, enlarged, paper.pen))
    drawn = [
        f'<circle class="mo" cx="{number(x)}" cy="{number(y)}" r="{number(max(radius / times, paper.pen * 6))}"/>',
        f'<clipPath id="lens-{name}"><circle cx="{cx}" cy="{cy}" r="{r}"/></clipPath>',
        f'<circle class="mb" cx="{cx}" cy="{cy}" r="{r}"/><g clip-path="url(#lens-{name})">{inside}</g>',
        text(centre[0] + (radius * 0.75 if not wide else -radius), low, f"× {times}", "mk"),
    ]
    more = 2 * radius + 4
    high = paper.height + more
    return ((paper.width + more, max(paper.height, more + paper.letter)) if wide else (paper.width, high)), drawn


def _shifted(view: View, times: float, old: Point, new: Point) -> tuple[float, float]:
    """Returns where the origin of an enlarged view lies, so that a point of the old one comes to the new place."""
    return new[0] + (view.left - old[0]) * times, new[1] + (view.bottom - old[1]) * times


def _legend(key: str, top: float, letter: float) -> list[str]:
    """Returns what the two kinds of lines mean, below everything."""
    x, y = letter, top + letter * 1.4
    drawn = []
    for words, kind in zip(key.split("|"), ("mp", "mf"), strict=False):
        drawn.append(f'<path class="{kind}" d="M{number(x)} {number(y - letter / 3)}h{number(letter * 2)}"/>')
        drawn.append(text(x + letter * 2.6, y, words, "mk"))
        x += letter * (4.0 + 0.45 * len(words))
    return drawn
