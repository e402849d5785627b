"""The trailers of a commit's message: `Name: value` lines in its last paragraph, as git reads them."""

from collections.abc import Collection, Iterable


def with_trailers(
    message: str, added: Iterable[tuple[str, str]], has_trailers: bool, without: Collection[str] = ()
) -> str:
    """Returns a message with more trailers at its end, and without those whose lower-case names are given.

    `has_trailers` says whether its last paragraph are trailers: git knows.
    """
    kept = message.rstrip().split("\n")
    if has_trailers:
        start = max((at for at, line in enumerate(kept) if not line.strip()), default=-1) + 1
        last = _without(kept[start:], without)
        kept = [*kept[:start], *last]
    else:
        kept.append("")
    return "\n".join([*kept, *(f"{name}: {value}" for name, value in added)]).rstrip() + "\n"


def _without(lines: Iterable[str], names: Collection[str]) -> list[str]:
    """Drops trailers by name, with the lines that go on from theirs."""
    kept: list[str] = []
    dropping = False
    for line in lines:
        if not line.startswith((" ", "\t")):
            dropping = line.partition(":")[0].strip().lower() in names
        kept += [] if dropping else [line]
    return kept
