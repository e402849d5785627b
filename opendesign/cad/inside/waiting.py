"""Lets a script wait with asyncio where there are no sockets and no threads that could wake it."""

import asyncio
import selectors


class Loop(asyncio.SelectorEventLoop):
    """An event loop without the pair of sockets by which other threads wake it: a job has none."""

    def __init__(self) -> None:
        super().__init__(selectors.SelectSelector())

    def _make_self_pipe(self) -> None:
        """Makes no sockets."""

    def _close_self_pipe(self) -> None:
        """Has none to close."""

    def _write_to_self(self) -> None:
        """Wakes nobody."""


def install() -> None:
    """Makes it the loop that asyncio runs."""
    asyncio.DefaultEventLoopPolicy._loop_factory = Loop
