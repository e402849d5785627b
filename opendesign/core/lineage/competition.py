"""Competition: what two designs of a family have both changed since they were one, each in its own way."""

from opendesign.core.lineage.number import Event, Number, ordered, share
from opendesign.core.lineage.trait import Traits, changed


def competition(begun: Traits | None, one: Traits | None, other: Traits | None) -> Number:
    """Returns the share, 0 to 1, of the changed traits that both changed with different results; not measured for None.

    `begun` is what both began with. What both changed alike, as after an adoption, is changed and not contested.
    """
    if begun is None or one is None or other is None:
        return Number(None, "share", "competition", (), "not read yet")
    ours, theirs = changed(begun, one), changed(begun, other)
    contested = {key for key in ours & theirs if one.get(key) != other.get(key)}
    events = ordered(Event(" · ".join(filter(None, key)), 1.0) for key in contested)
    return Number(share(len(contested), len(ours | theirs)), "share", "competition", events)
