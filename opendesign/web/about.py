"""About the service: the CAD engine, what it can read, what designs may import, and what holds its jail."""

from flask import Blueprint, render_template

from opendesign.cad.version import engine_packages, engine_version, model_packages
from opendesign.web.visit import looking

pages = Blueprint("about", __name__)


@pages.get("/about/engine")
def engine() -> str:
    """Shows the engine: its state, versions, limits, and the layers of its jail."""
    house = looking().house
    return render_template(
        "about/engine.html",
        status=house.engine.status(),
        version=engine_version(),
        engine=engine_packages(),
        models=model_packages(),
        settings=house.settings,
        closure_mb=house.limits.closure_bytes >> 20,
        waiting=house.queue.waiting(),
    )
