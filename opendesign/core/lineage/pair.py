"""Pairs: what two designs of a family are to each other, in a word."""

# A tenth: all that could flow flows one way by a fifth, or both ways by a tenth. Less is a chance find a year.
COOPERATING = 0.1
# A quarter: of four things that either changed, both changed one, each in its own way. Forks of one model hardly ever
# touch more than half of the same things, so that half would call nobody a rival.
COMPETING = 0.25
CHURNED = 0.5  # of the code changed …
ALIKE = 0.001  # … while the geometry is the same to a thousandth: the text moved, not the thing
STANDING = 0.5  # most of what only one of the two has would stand in both
WORDS = ("apart", "allies", "rivals", "coopetitors")


def word(coop: float | None, competition: float | None) -> str:
    """Returns apart, allies, rivals or coopetitors; empty while one of the two is not measured."""
    if coop is None or competition is None:
        return ""
    return WORDS[(coop >= COOPERATING) + 2 * (competition >= COMPETING)]


def belongs_together(word: str, standing: float | None) -> bool:
    """Says whether two compete while most of what only one of them has would stand if they were merged."""
    return word in ("rivals", "coopetitors") and standing is not None and standing >= STANDING


def is_churn(code: float | None, geometry: float | None) -> bool:
    """Says whether more than half of the code differs while the geometry overlaps by more than 0.999."""
    return code is not None and geometry is not None and code > CHURNED and geometry < ALIKE
