"""A push on its way into a repository: the body is measured and fed to git while git's answer is read."""

import subprocess
import time
from collections.abc import Callable, Collection, Generator, Iterator, Mapping
from contextlib import ExitStack, suppress
from dataclasses import dataclass
from pathlib import Path
from threading import Thread, Timer

from opendesign.core.errors import Refusal
from opendesign.git import locks, pktlines, processes
from opendesign.git.bodies import Body
from opendesign.git.commits import NOT_IN_NAMES
from opendesign.git.fetching import Answer
from opendesign.git.gauge import Gauge
from opendesign.git.guarding import guarded
from opendesign.git.limits import GitLimits
from opendesign.git.orders import Orders
from opendesign.git.pktlines import FLUSH, REPORT, banded, line, said

GRACE_SECONDS = 60
"""How long git may go on with a push that came in whole when its client has gone."""
QUITTING_SECONDS = 5
"""git removes its quarantine when its input ends too early, not when it is killed (since 2.37)."""
TRUSTED_SECONDS = 0.2
"""How old an answer to what a pusher may is at most when git is given more: asking costs up to 3 ms."""
LONGEST_REPORT = 1 << 20
FORWARD_ONLY = b"non-fast-forward"
DECLINED, LOCKED = b"pre-receive hook declined", b"it changes a file that somebody else has locked"
KEPT = (
    " only moves forward, so that nobody's work is lost. Fetch, merge and push again, "
    "or push to another branch and propose it."
)
ALONG_WITH_KEPT = "beside a branch that only moves forward nothing can be forced. Push this one on its own."


@dataclass(frozen=True)
class Pusher:
    """Who pushes, for git's own records."""

    name: str
    email: str
    address: str = ""

    def environment(self) -> dict[str, str]:
        """The variables that receive-pack writes to reflogs."""
        names = ("GIT_COMMITTER_NAME", "GIT_COMMITTER_EMAIL", "REMOTE_ADDR")
        return dict(
            zip(names, (NOT_IN_NAMES.sub("", text) for text in (self.name, self.email, self.address)), strict=True)
        )


def report(orders: Orders, faults: Mapping[bytes, str], sentences: list[str], unpacked: str = "ok") -> bytes:
    """The answer to a push that is refused: `sentences` for people, git's report for their git."""
    lines = [line(f"unpack {unpacked}\n".encode())]
    for order in orders.orders:
        lines.append(line(b"ng %b %b\n" % (order.ref, faults.get(order.ref, "refused").encode())))
    inner = b"".join(lines) + FLUSH if b"report-status" in orders.can or b"report-status-v2" in orders.can else b""
    if b"side-band-64k" not in orders.can:
        return inner
    return said(sentences) + banded(REPORT, inner) + FLUSH


class Refused(Answer):
    """An answer without git; what the client is still sending is read, so that it gets to see the answer."""

    def __init__(self, content: bytes, body: Body, limits: GitLimits):
        self._content = content
        self._body = body
        self._limits = limits
        self._steps = self._go()

    def _go(self) -> Iterator[bytes]:
        yield self._content
        self._body.drain(self._limits.push_bytes)

    def __next__(self) -> bytes:
        return next(self._steps)


def refuse(orders: Orders, faults: Mapping[bytes, str], body: Body, limits: GitLimits) -> Answer:
    """The answer to a push whose refs may not move, each with its reason."""
    sentences = [f"{order.name}: {faults[order.ref]}" for order in orders.orders[:20] if order.ref in faults]
    return Refused(report(orders, faults, sentences), body, limits)


class Push(Answer):
    """A push that git takes in, but for the refs that are `held`; iterating moves it on."""

    def __init__(
        self,
        path: Path,
        env: dict[str, str],
        orders: Orders,
        body: Body,
        after: Callable[[], list[str]],
        protect: Collection[str],
        held: Mapping[bytes, str],
        limits: GitLimits,
        locked: Mapping[str, str],
        still: Callable[[], None],
    ):
        self._still, self._asked = still, time.monotonic()
        self._orders = orders
        self._taken = orders.without(held) if held else orders
        self._faults = held
        self._body = body
        self._after = after
        self._protected = [order.name for order in self._taken.orders if order.name in protect]
        self._limits = limits
        self._refusal: Refusal | None = None
        self._delivered = False
        self._held = ExitStack()
        words, names = self._held.enter_context(guarded(path, locked))
        self._held.enter_context(locks.together(path))
        rules = ("-c", "receive.denyNonFastForwards=true") if self._protected else ()
        ask = (*rules, *words, "receive-pack", "--stateless-rpc")
        self._process = processes.start(path, *ask, stdin=subprocess.PIPE, env=env | names)
        self._stdin, self._out = processes.pipes(self._process)
        self._steps = self._go()
        self._feeder = Thread(target=self._feed, name="push", daemon=True)
        self._feeder.start()

    def __next__(self) -> bytes:
        return next(self._steps)

    def close(self) -> None:
        """Let a push that came in whole finish, end any other; `after` has been called when this returns."""
        clock = Timer(GRACE_SECONDS if self._delivered else QUITTING_SECONDS, processes.stop, [self._process])
        if self._process.poll() is None:
            clock.start()
        if not self._delivered:
            self._shut()
        for _ in self._steps:
            continue
        clock.cancel()

    def _go(self) -> Iterator[bytes]:
        try:
            yield from self._answer()
            self._feeder.join()
        finally:
            self._out.close()
            self._held.close()

    def _answer(self) -> Iterator[bytes]:
        banded_client = b"side-band-64k" in self._orders.can
        inner = (yield from self._bands()) if banded_client else self._out.read(LONGEST_REPORT)
        self._process.wait()
        if self._refusal:
            why = self._refusal.message
            yield report(self._orders, {}, [why], unpacked=why)
            return
        answer = self._completed(inner)
        end = banded(REPORT, answer) + FLUSH if banded_client else answer
        sentences = self._explained(inner)
        if not inner or b"ok refs/" in inner:
            try:
                sentences += self._after()
            except Refusal as refusal:
                sentences.append(refusal.message)
            except BaseException:
                yield end
                raise
        yield said(sentences) + end if banded_client else end

    def _bands(self) -> Generator[bytes, None, bytes]:
        """Pass on what git tells people while it works; returns its report, which `after` must come before."""
        inner = b""
        while content := self._line():
            if content[0] == REPORT and len(content) > 1:
                inner += content[1:]
            elif not self._refusal:
                yield line(content)
        return inner

    def _line(self) -> bytes | None:
        digits = self._out.read(4)
        size = int(digits, 16) if len(digits) == 4 else 0
        return self._out.read(size - 4) if size else None

    def _completed(self, inner: bytes) -> bytes:
        """Git's report, with the refs that it was not asked to move."""
        if DECLINED in inner:
            inner = b"".join(line(text.replace(DECLINED, LOCKED)) for text in pktlines.lines_in(inner)) + FLUSH
        if not inner or not self._faults:
            return inner
        held = b"".join(line(b"ng %b %b\n" % (ref, why.encode())) for ref, why in self._faults.items())
        return inner.removesuffix(FLUSH) + held + FLUSH

    def _explained(self, inner: bytes) -> list[str]:
        """Sentences for the refs that git did not move because they would lose commits."""
        lost = [text.split(b" ")[1].decode("utf-8", "replace") for text in pktlines.lines_in(inner) if _is_lost(text)]
        return [
            f"{ref.removeprefix('refs/heads/')}{KEPT}" if ref in self._protected else f"{ref}: {ALONG_WITH_KEPT}"
            for ref in lost
        ]

    def _feed(self) -> None:
        """Runs in a thread of its own: the body into git, until one of them ends."""
        gauge = Gauge(self._limits) if self._orders.brings_pack else None
        try:
            self._write(self._taken.raw)
            while piece := self._piece():
                if gauge:
                    gauge.feed(piece)
                self._write(piece)
            self._delivered = True
        except Refusal as refusal:
            self._refusal = refusal
            self._shut()
            self._drain()
        except BrokenPipeError:
            self._drain()
        except Exception:
            return  # the client has gone: servers differ in what they raise then
        finally:
            self._shut()

    def _piece(self) -> bytes:
        """The next of the body, which may have been held back; before git sees it all must still hold."""
        piece = self._body.read()
        if time.monotonic() > self._asked + TRUSTED_SECONDS:
            self._still()
            self._asked = time.monotonic()
        return piece

    def _drain(self) -> None:
        with suppress(Exception):  # the client has gone: there is nothing left to read
            self._body.drain(self._limits.push_bytes)

    def _write(self, piece: bytes) -> None:
        left = memoryview(piece)
        while left:
            left = left[self._stdin.write(left) :]

    def _shut(self) -> None:
        with suppress(BrokenPipeError):  # git has ended before us
            self._stdin.close()


def _is_lost(text: bytes) -> bool:
    return text.startswith(b"ng ") and text.rstrip().endswith(b" " + FORWARD_ONLY)
