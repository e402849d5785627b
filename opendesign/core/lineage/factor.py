"""Factors: on how few people a design rests, and how many teams have shown that it can be built."""

from collections.abc import Mapping

from opendesign.core.lineage.number import Event, Number, ordered


def bus_factor(shares: Mapping[str, float]) -> Number:
    """Returns the fewest people who together hold more than half of the credit, 0 where there is none.

    `shares` is what each person holds, in any unit: credit in ppm, or the value of improvements.
    """
    held = ordered(Event(person, value) for person, value in shares.items() if value > 0)
    whole, sum_so_far = sum(each.value for each in held), 0.0
    for count, each in enumerate(held, 1):
        sum_so_far += each.value
        if 2 * sum_so_far > whole:
            return Number(float(count), "people", "bus", held)
    return Number(0.0, "people", "bus")


def build_factor() -> Number:
    """Returns how many teams have a verified build of the last 12 months: not measured, as nobody records them yet."""
    return Number(None, "teams", "builds", (), "no builds are recorded yet")
