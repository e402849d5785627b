"""A letter about a proposal: who did what, which parts change, by how much, in numbers and in a few pictures."""

from collections.abc import Sequence
from dataclasses import dataclass, field
from html import escape

from opendesign.core.comparison import Fact
from opendesign.core.language import N_, Say
from opendesign.core.news import News
from opendesign.core.text import clean_line

MOST_PARTS, MOST_PICTURES, LARGEST_PICTURE = 8, 3, 150_000
LONGEST_WORDS = 2000

STATUSES = {
    "added": N_("new"),
    "removed": N_("removed"),
    "changed": N_("changed"),
    "renamed": N_("renamed"),
}
LABELS = {"volume": N_("Volume"), "mass": N_("Mass, solid"), "size": N_("Box")}
PROMISES = {
    "kept": N_("still fits {name}"),
    "mended": N_("fits {name} now"),
    "broken": N_("no longer fits {name}: {by}"),
    "missed": N_("does not fit {name}: {by}"),
}
NO_MEASURE = N_("something is missing")
OFF = N_("{by} mm off")
ASSUMED = N_("no known material is named: counted with PLA")
DIFFERENCE = N_("{part}: added in green, removed in red with stripes")
MORE = N_("More parts that change: {number}.")
NOT_DRAWN = N_("Pictures of the difference were not ready when this was written; the page shows them.")
LEFT_OUT = N_("The page shows more of the difference.")
GO = N_("See it, say something, decide:")


@dataclass(frozen=True)
class PartTold:
    """A part that changes: its facts before and after, what it promises, and a picture (PNG) of the difference."""

    path: str
    title: str
    status: str
    facts: Sequence[Fact] = ()
    assumed: bool = False
    promises: Sequence[tuple[str, str, float | None]] = ()
    picture: bytes | None = None


@dataclass(frozen=True)
class Announcement:
    """What happened to a proposal, as it is written to somebody; `address` is the proposal's page.

    `parts` are the first of those that change, `more` how many there are beside them; `drawing` while pictures of the
    difference are still being made.
    """

    event: str
    who: str
    title: str
    design: str
    number: int
    address: str
    words: str = ""
    parts: Sequence[PartTold] = ()
    more: int = 0
    drawing: bool = False


@dataclass(frozen=True)
class Written:
    """A letter: its text stands alone; `html` shows the `images` (name, PNG) by `cid:` and their names."""

    subject: str
    text: str
    html: str
    images: list[tuple[str, bytes]] = field(default_factory=list)


def write_announcement(told: Announcement, say: Say = str) -> Written:
    """Returns the letter, as `say` translates it: with at most 3 pictures of 150 kB."""
    first = News(told.event, told.who, told.title, told.design, told.number).sentence(say)
    images: dict[str, tuple[str, bytes]] = {}
    for part in told.parts:
        if part.picture and len(part.picture) <= LARGEST_PICTURE and len(images) < MOST_PICTURES:
            images[part.path] = f"difference-{len(images) + 1}.png", part.picture
    more = [say(MORE).format(number=told.more)] if told.more else []
    if told.drawing:
        more.append(say(NOT_DRAWN))
    elif any(part.picture and part.path not in images for part in told.parts) or more:
        more.append(say(LEFT_OUT))
    parts = [(part, _lines(part, say), images.get(part.path)) for part in told.parts]
    words = told.words[:LONGEST_WORDS].strip()
    return Written(
        f"OpenDesign: {told.design} {told.number}: {clean_line(told.title[:200], 200)}",
        _text(first, words, parts, more, say(GO), told.address, say),
        _html(first, words, parts, more, say(GO), told.address, say),
        [*images.values()],
    )


Part = tuple[PartTold, list[str], tuple[str, bytes] | None]


def _text(first: str, words: str, parts: Sequence[Part], more: list[str], go: str, address: str, say: Say) -> str:
    blocks = [first]
    if words:
        blocks.append("\n".join(f"> {line}" for line in words.splitlines()))
    for part, lines, image in parts:
        drawn = [say(DIFFERENCE).format(part=image[0])] if image else []
        blocks.append("\n".join([_head(part, say), *(f"  {line}" for line in [*lines, *drawn])]))
    return "\n\n".join([*blocks, *more, f"{go}\n{address}"]) + "\n"


def _html(first: str, words: str, parts: Sequence[Part], more: list[str], go: str, address: str, say: Say) -> str:
    body = [f"<p>{escape(first)}</p>"]
    if words:
        lines = "<br>".join(escape(line) for line in words.splitlines())
        body.append(
            f'<blockquote style="margin:0 0 1em;padding-left:12px;border-left:3px solid #888">{lines}</blockquote>'
        )
    for part, told, image in parts:
        body.append(f'<h2 style="font-size:1.1em;margin:1.2em 0 .3em">{escape(_head(part, say))}</h2>')
        body.append("".join(f"<div>{escape(line)}</div>" for line in told))
        if image:
            seen = escape(say(DIFFERENCE).format(part=part.path))
            body.append(
                f'<p><img src="cid:{image[0]}" alt="{seen}" width="480" style="max-width:100%;background:#fff"></p>'
            )
    body += [f"<p>{escape(each)}</p>" for each in more]
    body.append(f'<p>{escape(go)} <a href="{escape(address)}">{escape(address)}</a></p>')
    head = '<!doctype html>\n<html><body style="font-family:sans-serif">'
    return "\n".join([head, *body, "</body></html>\n"])


def _head(part: PartTold, say: Say) -> str:
    path, title = (clean_line(text[:200], 200) for text in (part.path, part.title))
    return f"{f'{title} ({path})' if title not in ('', path) else path}: {say(STATUSES.get(part.status, part.status))}"


def _lines(part: PartTold, say: Say) -> list[str]:
    """Returns volume, mass and box before and after, and how the contracts are kept, a line each."""
    facts = {fact.name: fact for fact in part.facts}
    lines = []
    for name, unit, per in (("volume", "cm³", 1000.0), ("mass", "g", 1.0)):
        if name in facts:
            sides = [_number(side, per) for side in (facts[name].before, facts[name].after)]
            note = f" ({say(ASSUMED)})" if name == "mass" and part.assumed else ""
            lines.append(f"{say(LABELS[name])}: {_turned(*sides)} {unit}{note}")
    axes = [facts[f"size {axis}"] for axis in "xyz" if f"size {axis}" in facts]
    if len(axes) == 3:
        sides = [_box([fact.before for fact in axes]), _box([fact.after for fact in axes])]
        lines.append(f"{say(LABELS['size'])}: {_turned(*sides)} mm")
    for became, name, by in part.promises:
        if became in PROMISES:
            off = say(NO_MEASURE) if by is None else say(OFF).format(by=f"{by:.2f}")
            lines.append(say(PROMISES[became]).format(name=name, by=off))
    return lines


def _turned(before: str, after: str) -> str:
    return after if before == after else f"{before} → {after}"


def _number(value: object, per: float = 1.0) -> str:
    return f"{value / per:,.2f}".replace(",", "\u202f") if isinstance(value, (int, float)) else "–"


def _box(sides: Sequence[object]) -> str:
    return " × ".join(_number(side) for side in sides) if all(side is not None for side in sides) else "–"
