"""What a push asks for: the refs it wants moved, judged before git sees any of it."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, replace

from opendesign.core.errors import Invalid
from opendesign.git import names, pktlines
from opendesign.git.bodies import Body
from opendesign.git.limits import SETTINGS, GitLimits, too_large

NOTHING = b"0" * 40
WITH_ANOTHER = "not moved, because another ref of this push was refused"


@dataclass(frozen=True)
class Order:
    """One ref to be moved from `old` to `new`; forty zeros stand for not being there."""

    old: bytes
    new: bytes
    ref: bytes

    @property
    def deletes(self) -> bool:
        """Whether the ref is to go."""
        return self.new == NOTHING

    @property
    def creates(self) -> bool:
        """Whether the ref is to be made."""
        return self.old == NOTHING and not self.deletes

    @property
    def name(self) -> str:
        """The ref for people."""
        return self.ref.decode("utf-8", "replace")


@dataclass(frozen=True)
class Orders:
    """The head of a push: its orders, what the client can do, the bytes as they came, and the lines about its depth."""

    orders: list[Order]
    can: frozenset[bytes]
    raw: bytes
    shallow: tuple[bytes, ...] = ()

    @property
    def brings_pack(self) -> bool:
        """Whether objects follow: git sends none when everything is a deletion."""
        return not all(order.deletes for order in self.orders)

    @property
    def atomic(self) -> bool:
        """Whether all refs are to move or none."""
        return b"atomic" in self.can

    def without(self, refs: Collection[bytes]) -> "Orders":
        """The same push as if these refs had not been asked for."""
        kept = [order for order in self.orders if order.ref not in refs]
        lines = [b"%b %b %b" % (order.old, order.new, order.ref) for order in kept]
        head = [line + (b"\0" + b" ".join(sorted(self.can)) if at == 0 else b"") for at, line in enumerate(lines)]
        raw = b"".join([*self.shallow, *map(pktlines.line, head)]) + pktlines.FLUSH
        return replace(self, orders=kept, raw=raw)


def read_orders(body: Body, limits: GitLimits) -> Orders:
    """The orders at the start of a push; raises Invalid for what is none, TooLarge past `request_bytes`."""
    raw = bytearray()
    orders: list[Order] = []
    shallow: list[bytes] = []
    can: frozenset[bytes] = frozenset()
    while (content := pktlines.read_line(body)) is not None:
        raw += pktlines.line(content)
        if len(raw) > limits.request_bytes:
            raise too_large("The list of refs in this push", limits, "request_bytes")
        text, _, abilities = content.partition(b"\0")
        can = can or frozenset(abilities.split())
        if text.startswith(b"shallow "):
            shallow.append(pktlines.line(content))
        else:
            orders.append(_order(text.removesuffix(b"\n")))
    return Orders(orders, can, bytes(raw) + pktlines.FLUSH, tuple(shallow))


def _order(text: bytes) -> Order:
    old, new, ref = (*text.split(b" ", 2), b"", b"")[:3]
    for sha in (old, new):
        if not names.SHA.fullmatch(sha.decode("latin-1")):
            raise Invalid("The push holds a line that git does not know.")
    return Order(old, new, ref)


def judge(orders: Orders, protect: Collection[str], present: int, limits: GitLimits) -> dict[bytes, str]:
    """Why each ref of a push may not move; empty if all may.

    `protect` lists refs that may not be deleted, `present` is how many branches and tags there are. One bad
    ref stops the whole push, so that nothing is half done.
    """
    count = len(orders.orders)
    if count > limits.push_refs:
        return _all(orders, f"more than {limits.push_refs:,} refs in one push ({SETTINGS['push_refs']})")
    if present + sum(order.creates for order in orders.orders) > limits.refs:
        return _all(orders, f"a design holds at most {limits.refs:,} branches and tags ({SETTINGS['refs']})")
    faults = {order.ref: fault for order in orders.orders if (fault := _fault(order, protect))}
    if len({order.ref for order in orders.orders}) < count:
        return _all(orders, "a ref is named twice")
    return _all(orders, WITH_ANOTHER) | faults if faults else {}


def hold(orders: Orders, held: Mapping[str, str]) -> dict[bytes, str]:
    """Why refs of a push may not be moved by pushing, by ref; the others may, unless the push is atomic."""
    faults = {order.ref: held[order.name] for order in orders.orders if order.name in held}
    return _all(orders, WITH_ANOTHER) | faults if faults and orders.atomic else faults


def _all(orders: Orders, reason: str) -> dict[bytes, str]:
    return {order.ref: reason for order in orders.orders}


def _fault(order: Order, protect: Collection[str]) -> str | None:
    try:
        names.check_pushed(order.ref.decode("utf-8", "surrogateescape"))
    except Invalid as bad:
        return bad.message
    if order.deletes and order.name in protect:
        return "it cannot be deleted, being the default branch or one with a rule"
    return None
