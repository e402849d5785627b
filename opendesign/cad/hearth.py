"""Keeps a warm parent: starts it in the best jail there is, replaces it when it is worn, hung or dead."""

import contextlib
import logging
import selectors
import time
from collections.abc import Callable
from pathlib import Path

from opendesign.cad.options import EngineOptions
from opendesign.cad.parent import WarmParent, jobs_root

START_SECONDS = 120
PAUSES = (1, 2, 5, 15, 30)

log = logging.getLogger("opendesign.engine")


class Hearth:
    """The warm parents of one engine: the one in use, the one that warms up, and those that finish their last jobs.

    `on_message(parent, word)` hears what children do; `on_loss(parent)` hears of a parent that died.
    """

    def __init__(
        self,
        address: Path,
        options: EngineOptions,
        selector: selectors.BaseSelector,
        on_message: Callable[[WarmParent, dict], None],
        on_loss: Callable[[WarmParent], None],
    ):
        self.address = address
        self.options = options
        self.selector = selector
        self.on_message = on_message
        self.on_loss = on_loss
        self.current: WarmParent | None = None
        self.coming: WarmParent | None = None
        self.leaving: list[WarmParent] = []
        self.modes = list(options.modes())
        self.trouble: list[str] = []
        self.failures = 0
        self.next_try = 0.0
        self.root: Path | None = None

    @property
    def mode(self) -> str:
        """The kind of jail that is in use or being tried."""
        return self.modes[0]

    def tend(self, now: float) -> None:
        """Starts what is missing, swaps what is worn, lets go of what has finished."""
        if self.coming is None and now >= self.next_try:
            worn = self.current is not None and self.current.served >= self.options.recycle
            if self.current is None or worn:
                self.start()
        if self.coming and self.coming.ready is None and now > self.coming.began + START_SECONDS:
            self.lose(self.coming, f"not warm after {START_SECONDS} s")
        if self.coming and self.coming.ready and self.coming.idle:
            if self.current:
                self.leaving.append(self.current)
            self.current, self.coming = self.coming, None
            self.failures = 0
        for parent in [parent for parent in self.leaving if not parent.running]:
            self.leaving.remove(parent)
            self.selector.unregister(parent.control)
            parent.end()

    def start(self) -> None:
        """Starts a warm parent; its readiness is heard of later."""
        try:
            if self.mode == "plain" and self.root is None:
                self.root = jobs_root(self.address, self.options)
            self.coming = WarmParent(self.options, self.mode, self.root if self.mode == "plain" else None)
        except OSError as trouble:
            self.fail(str(trouble))
            return
        self.selector.register(self.coming.control, selectors.EVENT_READ, self.hear)

    def hear(self, key: selectors.SelectorKey) -> None:
        """Takes the messages of one parent."""
        for parent in [parent for parent in self.parents() if parent.control is key.fileobj]:
            words = parent.hear()
            if words is None:
                self.lose(parent, "it died")
            for word in words or []:
                self.on_message(parent, word)

    def parents(self) -> list[WarmParent]:
        """Returns every living parent."""
        return [parent for parent in (self.current, self.coming, *self.leaving) if parent]

    def lose(self, parent: WarmParent, why: str) -> None:
        """Buries a parent that died, hung or never became warm."""
        self.selector.unregister(parent.control)
        parent.process.kill()
        parent.process.wait()
        words = parent.last_words()
        log.warning("warm parent lost (%s): %s", why, words)
        was_warm = parent.ready is not None
        if parent is self.current:
            self.current = None
        elif parent is self.coming:
            self.coming = None
        else:
            self.leaving.remove(parent)
        parent.end()
        self.on_loss(parent)
        if not was_warm:
            self.fail(words)

    def fail(self, why: str) -> None:
        """Notes that the jail of this mode did not come up; tries the next mode, or all of them again after a pause."""
        self.trouble.append(f"{self.mode}: {why}")
        if len(self.modes) > 1 and self.current is None:
            self.modes.pop(0)
            return
        self.next_try = time.monotonic() + PAUSES[min(self.failures, len(PAUSES) - 1)]
        self.failures += 1

    def reject(self, why: str) -> bool:
        """Gives up a mode whose jail came up but does not hold; False if there is no other."""
        self.trouble.append(f"{self.mode}: {why}")
        if len(self.modes) == 1:
            return False
        self.modes.pop(0)
        if self.current:
            self.leaving.append(self.current)
            self.current = None
        return True

    def keep_mode(self) -> None:
        """Keeps to the mode that was tried: later trouble must not lead into a jail that was not."""
        self.modes = [self.mode]

    def end(self) -> None:
        """Ends every parent."""
        for parent in self.parents():
            self.selector.unregister(parent.control)
            parent.end()
        if self.root and self.options.jobs_folder is None:
            # Not empty if a job killed a moment ago still writes; the next start empties it.
            with contextlib.suppress(OSError):
                self.root.rmdir()
