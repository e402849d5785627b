"""The Pareto front: the designs that none is better than in both of two properties, where less is better."""

from collections.abc import Sequence

Point = tuple[float, float]


def front(points: Sequence[Point]) -> list[int]:
    """Returns the numbers of the points that no other dominates, by their first value; equal ones stand together."""
    found: list[int] = []
    for number in sorted(range(len(points)), key=lambda each: (points[each], each)):
        if not found or points[number][1] < points[found[-1]][1] or points[number] == points[found[-1]]:
            found.append(number)
    return found


def dominates(one: Point, other: Point) -> bool:
    """Says whether one point is better than another in one property and not worse in the other."""
    return one != other and one[0] <= other[0] and one[1] <= other[1]
