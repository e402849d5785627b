"""Lineage: the tree of forks, and whose commits arrived in a merge."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime


@dataclass(frozen=True)
class Node:
    """A design in its family; `parent` is the design it was forked from, None for the first one."""

    id: int
    owner: str
    name: str
    parent: int | None = None
    title: str = ""
    at: datetime | None = None


def tree(nodes: Iterable[Node]) -> list[tuple[int, Node]]:
    """Every design once with its depth, each fork below its parent, siblings by owner and name.

    A design whose parent is not among them stands at the top; in a cycle, which only damaged records can hold,
    the design with the lowest id does.
    """
    known = {node.id: node for node in sorted(nodes, key=_order)}
    children: dict[int | None, list[Node]] = {}
    for node in known.values():
        children.setdefault(node.parent if node.parent in known else None, []).append(node)
    listed: dict[int, tuple[int, Node]] = {}
    _list_below(children.get(None, []), children, listed)
    for id in sorted(known.keys() - listed.keys()):
        if id not in listed:
            _list_below([known[id]], children, listed)
    return list(listed.values())


def taken(
    new: Iterable[str], seen: Mapping[str, Sequence[tuple[int, datetime]]], target: int | None = None
) -> dict[int, list[str]]:
    """Of the commits that are new in a target: which design received each first, and in which order given.

    `seen` maps a commit to (design, received at) wherever it was received. The earliest receiver is its origin,
    the lower id when two are equal. Commits first received in `target` itself, or nowhere else, are its own and
    left out.
    """
    origins: dict[int, list[str]] = {}
    for sha in dict.fromkeys(new):
        receipts = seen.get(sha, ())
        if not receipts:
            continue
        origin = min(receipts, key=lambda receipt: (receipt[1], receipt[0]))[0]
        if origin != target:
            origins.setdefault(origin, []).append(sha)
    return origins


def road(seen: Mapping[str, Sequence[tuple[int, datetime]]], source: int) -> int | None:
    """Returns the design by which commits of a source came, where that was another.

    `seen` maps each commit that arrived to its receipts elsewhere. A design that had all of them gave them; None
    where the source had, or where nobody did.
    """
    having = [{design for design, _ in receipts} for receipts in seen.values() if receipts]
    givers = set.intersection(*having) if having else set()
    return min(givers) if givers and source not in givers else None


def _list_below(
    first: list[Node], children: Mapping[int | None, list[Node]], listed: dict[int, tuple[int, Node]]
) -> None:
    """Adds nodes and all below them, depth first; without recursion, since a chain of forks can be long."""
    waiting = [(0, node) for node in reversed(first)]
    while waiting:
        depth, node = waiting.pop()
        if node.id in listed:
            continue
        listed[node.id] = (depth, node)
        waiting += [(depth + 1, child) for child in reversed(children.get(node.id, []))]


def _order(node: Node) -> tuple[str, str, int]:
    return node.owner, node.name, node.id
