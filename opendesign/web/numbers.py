"""Numbers of a family as pages show them: a name, a value, what it means, the formula and the events it came from."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import datetime

from flask_babel import format_decimal, format_percent, ngettext
from flask_babel import gettext as _

from opendesign.core.lineage.formula import FORMULAS
from opendesign.core.lineage.number import Event, Number

MOST_EVENTS = 30  # that are listed on a page; the API has all


@dataclass(frozen=True)
class EventView:
    """One thing a number came from, with the page it is told on."""

    name: str
    value: str
    href: str
    at: datetime | None
    born: str


@dataclass(frozen=True)
class NumberView:
    """A number in words: `value` is empty while it is not measured, and `note` says why."""

    key: str
    title: str
    value: str
    means: str
    formula: str
    note: str
    events: list[EventView]
    more: int


def number_view(number: Number, design: str, paths: Mapping[int, str]) -> NumberView:
    """Returns a number as a page of this design shows it; `paths` names the designs that may be seen."""
    title, means = said(number.formula)
    events = [_event(each, number, design, paths) for each in number.events[:MOST_EVENTS]]
    value = "" if number.value is None else shown(number.value, number.unit)
    more = max(0, len(number.events) - MOST_EVENTS)
    return NumberView(number.formula, title, value, means, FORMULAS[number.formula], noted(number.note), events, more)


def shown(value: float, unit: str) -> str:
    """Returns a number with its unit as the language writes it."""
    if unit == "share":
        return str(format_percent(value, "#,##0.#%"))
    text = str(format_decimal(value, "#,##0.##"))
    if unit == "days":
        return ngettext("%(number)s day", "%(number)s days", 1 if value == 1 else 2, number=text)
    return _("%(number)s value · years", number=text) if unit == "value · years" else text


def said(formula: str) -> tuple[str, str]:
    """Returns what a number is called, and what it means."""
    return {
        "offered": (_("There to take"), _("What was born in the last year and was not there at the fork, by value.")),
        "flow": (_("Taken"), _("What was taken and has lived there for 30 days, by value.")),
        "young": (_("Taken lately"), _("Taken within the last 30 days: seen at once, counted when it has stayed.")),
        "cooperation": (
            _("Cooperation"),
            _("How much of what could flow between the two does; what flows one way only counts half."),
        ),
        "competition": (
            _("Competition"),
            _(
                "Of the parameters, functions and features that either has changed since they parted, how many both"
                " have changed, each in its own way."
            ),
        ),
        "code": (_("Code"), _("How much of the value that lives in either does not live in both.")),
        "parameters": (_("Parameters"), _("How far the values of the parameters are apart on average.")),
        "geometry": (_("Geometry"), _("How much of the volume of the parts that both have is not common to both.")),
        "complementarity": (
            _("What would stand together"),
            _("Of what lives in only one of the two, how much merges cleanly and rebuilds validly, by value."),
        ),
        "debt": (_("Not taken"), _("What is there to take and was not taken, weighed by its age.")),
        "median": (_("Usual time"), _("Half of what was taken was taken within this time from its birth.")),
        "p90": (_("Slow time"), _("Nine of ten that were taken were taken within this time.")),
        "bus": (
            _("People it rests on"),
            _("The fewest authors whose improvements are worth more than half of all there are."),
        ),
        "builds": (
            _("Teams that have built it"),
            _("Teams of which somebody independent confirms, within 12 months, that they made a part that works."),
        ),
        "left": (_("Left after 90 days"), _("Of what is older than 90 days, how much was not taken within them.")),
    }[formula]


def noted(note: str) -> str:
    """Returns in words why something is not measured, or what it leaves out."""
    return {
        "one team": _("One team: what goes from one hand into the other is no flow."),
        "nothing taken": _("Nothing was taken."),
        "too young": _("Nothing is that old."),
        "not read yet": _("Not measured: the newest parts have not been read yet."),
        "not compared yet": _("Not measured: the parts have not been built and compared."),
        "no part in common": _("Not measured: they have no part of the same name."),
        "not tried yet": _("Not measured: nobody has tried to merge the two as they stand."),
        "not rebuilt yet": _("Not measured yet: the merged parts are still being built."),
    }.get(note, note)


def _event(event: Event, number: Number, design: str, paths: Mapping[int, str]) -> EventView:
    born = paths.get(event.design or 0, "")
    href = f"/{design}/improvements/{event.sha}" if event.sha else ""
    href = (f"/{born}/made/{event.made}" if born else "") if event.made else href
    own_unit = "value" if event.sha and number.unit == "share" else number.unit
    value = "" if number.formula == "competition" else shown(event.value, own_unit)  # each counts one
    return EventView(event.name, value, href, event.at, born)
