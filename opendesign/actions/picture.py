"""A larger picture of a difference: drawn when somebody first asks, and kept beside the small one."""

from opendesign.actions.house import House, Visitor
from opendesign.actions.make_comparison import shape_of
from opendesign.core.errors import Conflict, Unbuildable
from opendesign.records.build import comparison_by_key

LARGE = "png-large"


def picture(house: House, visitor: Visitor, key: str) -> None:
    """Puts the large picture of a made comparison on the shelf, once however many ask.

    Raises NotFound for no such comparison, Conflict for one that is not made, Unbuildable when it cannot be drawn now.
    """
    with house.shelf.alone(key, LARGE):
        with house.reading() as work:
            row = comparison_by_key(work.session, key)
            if row.state != "made":
                raise Conflict(f"This comparison is {row.state}, so there is no picture of it.")
            if LARGE in (row.files or {}):
                return
            before, after, method = row.before_key, row.after_key, (row.result or {}).get("method")
        shapes = shape_of(house, before), shape_of(house, after)
        # What only triangles could tell is not tried by the kernel again: that may have taken minutes.
        way = "mesh" if method == "mesh" else "exact"
        outcome = house.engine.difference(*shapes, (LARGE,), method=way, owner=visitor.asker)
        if not outcome.ok or LARGE not in outcome.files:
            raise Unbuildable(
                f"The picture could not be drawn: {(outcome.error or {}).get('message', 'it is missing')}"
            )
        house.shelf.lay(key, {LARGE: outcome.files[LARGE]})
        names = house.shelf.names(key)
        with house.writing() as work:
            comparison_by_key(work.session, key).files = names
