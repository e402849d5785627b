"""About the service: the state of its CAD engine."""

from pydantic import Field

from opendesign.actions.house import Work
from opendesign.api.operation import Answer, operation
from opendesign.api.shape import Shown, example
from opendesign.cad.version import engine_packages, engine_version, model_packages


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
            "layers": {"no network": True},
            "reason": "",
            "packages": {"cadquery": "2.8.0"},
            "models": {"cqkit": "0.5.8"},
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
    reason: str = Field(description="Why building is off, if it is.")
    layers: dict[str, bool] = Field(description="What the self-test of the jail has seen, by sentence.")
    packages: dict[str, str] = Field(description="What the engine is made of, with versions.")
    models: dict[str, str] = Field(description="What designs may import beside that, with versions.")


@operation("GET", "/about/engine", EngineShown)
def engine(work: Work) -> Answer:
    """Shows the state of the CAD engine; `waiting` counts the jobs in the queue before it."""
    return Answer(engine_shown(work))


def engine_shown(work: Work) -> EngineShown:
    """Returns what the CAD engine is doing now."""
    status = work.house.engine.status()
    fields = ("open", "state", "mode", "slots", "running", "queued", "served", "reason", "layers")
    shown = {name: status[name] for name in fields}
    waiting = work.house.queue.waiting()
    packages, models = engine_packages(), model_packages()
    return EngineShown(**shown, version=engine_version(), waiting=waiting, packages=packages, models=models)
