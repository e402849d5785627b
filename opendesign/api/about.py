"""About the service: the state of its CAD engine."""

from opendesign.actions.house import Work
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Shown, example
from opendesign.cad.version import engine_version


class EngineShown(Shown):
    """What the CAD engine is doing."""

    model_config = example(
        {
            "open": True,
            "state": "open",
            "version": "cadquery 2.8.0",
            "mode": "namespaces",
            "slots": 2,
            "running": 0,
            "queued": 0,
            "served": 17,
            "waiting": 0,
        }
    )
    open: bool
    state: str
    version: str
    mode: str
    slots: int
    running: int
    queued: int
    served: int
    waiting: int


@operation("GET", "/about/engine", EngineShown)
def engine(work: Work) -> Answer:
    """Shows the state of the CAD engine; `waiting` counts the jobs in the queue before it."""
    status = work.house.engine.status()
    fields = ("open", "state", "mode", "slots", "running", "queued", "served")
    shown = {name: status[name] for name in fields}
    return Answer(EngineShown(**shown, version=engine_version(), waiting=work.house.queue.waiting()))
