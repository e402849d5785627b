"""Tells clients how far their jobs are: at once when that changes, else in a while, never so often that it costs."""

import contextlib
import json
import socket
from collections.abc import Mapping

from opendesign.cad.floor import Floor
from opendesign.cad.line import Task

# A box takes 80 ms: who has an answer this soon wants no news of it.
QUIET_SECONDS = 0.3
# A script may change its stage as often as it likes; what clients hear of that has a pace.
SOONEST_RUNNING, SOONEST_WAITING = 0.1, 1.0
LATEST_RUNNING, LATEST_WAITING = 1.0, 5.0
# The viewer's file is worth showing before the rest is known only when the rest takes longer than this.
REST_SECONDS = 0.15


def tell(clients: Mapping[socket.socket, Task | None], floor: Floor, now: float) -> None:
    """Sends every client what is due to it."""
    known = floor.progress(now)
    for client, task in clients.items():
        if task is None or task not in known:
            continue
        state = known[task]
        sight = is_sight_due(task, state, now)
        if sight or is_due(task, state, now):
            task.told, task.told_at = (state["stage"], state["before"]), now
            task.shown = task.shown or sight
            output = floor.output_of(task) if sight else None
            send(client, state | {"answer": "still", "sight": state["sight"] if sight else ""}, output)


def is_due(task: Task, state: dict, now: float) -> bool:
    """Says whether a client should hear again how far its job is."""
    waits = state["stage"] == "waiting"
    silent = now - task.told_at
    if now - task.arrived < QUIET_SECONDS or silent < (SOONEST_WAITING if waits else SOONEST_RUNNING):
        return False
    return (state["stage"], state["before"]) != task.told or silent > (LATEST_WAITING if waits else LATEST_RUNNING)


def is_sight_due(task: Task, state: dict, now: float) -> bool:
    """Says whether a client should look at its job's first file now; once, however often the job offers it."""
    if task.shown or not state["sight"]:
        return False
    task.sighted = task.sighted or now
    return state["sight"] == "coarse" or now >= task.sighted + REST_SECONDS


def send(client: socket.socket, state: dict, output: int | None) -> None:
    """Sends one message; a client that has gone, or does not read, goes without."""
    with contextlib.suppress(OSError):
        socket.send_fds(client, [json.dumps(state).encode()], [] if output is None else [output])
