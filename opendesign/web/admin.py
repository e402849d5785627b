"""How the service is doing, for who runs it: overview, jobs, storage, the engine, and read-only mode."""

from flask import flash, redirect, render_template, request
from flask_babel import gettext as _
from werkzeug.wrappers import Response

from opendesign.actions.measure_storage import quota_of
from opendesign.actions.pause import pause, paused, resume
from opendesign.actions.run_engine import let_go, retry, try_jail, turn_off, turn_on
from opendesign.actions.stop_build import stop_build
from opendesign.actions.take_stock import take_stock
from opendesign.core.errors import Conflict, Invalid
from opendesign.records.mishap import mishap_by_id, mishaps
from opendesign.records.stock import in_hand
from opendesign.records.storage import storage_by_owner
from opendesign.web.operators import operators_only
from opendesign.web.visit import house, looking, stop_looking, writing

pages = operators_only("admin")
MOST = 100  # rows of a list that is not paged


@pages.get("/admin")
def overview() -> str:
    """Shows how the service is doing, and read-only mode."""
    return _overview()


def _overview(problem: str = "") -> str:
    stock, reason = take_stock(house()), paused(house())
    return render_template("admin/overview.html", place="overview", stock=stock, reason=reason, problem=problem)


@pages.post("/admin/mode")
def mode() -> Response:
    """Turns read-only mode on or off."""
    with writing() as work:
        if request.form.get("mode") == "read-only":
            pause(work, request.form.get("reason", ""))
        else:
            resume(work)
    flash(_("Saved."), "good")
    return redirect("/admin", 303)


@pages.get("/admin/jobs")
def jobs() -> str:
    """Shows what waits, what runs, and which jobs failed."""
    work = looking()
    return render_template(
        "admin/jobs.html",
        place="jobs",
        stock=take_stock(house()),
        failed=list(work.session.scalars(mishaps().limit(MOST))),
        running=in_hand(work.session, "making", MOST),
        waiting=in_hand(work.session, "wanted", MOST),
    )


@pages.post("/admin/jobs/<int:key>/retry")
def again(key: int) -> Response:
    """Puts a job that failed in the queue again."""
    with writing() as work:
        retry(work, mishap_by_id(work.session, key))
    flash(_("The job is in the queue again."), "good")
    return redirect("/admin/jobs", 303)


@pages.post("/admin/jobs/<int:key>/removal")
def forget(key: int) -> Response:
    """Lets go of a job that failed."""
    with writing() as work:
        let_go(work, mishap_by_id(work.session, key))
    return redirect("/admin/jobs", 303)


@pages.post("/admin/builds/<key>/cancellation")
def cancel(key: str) -> Response:
    """Stops a build that waits or runs."""
    try:
        with writing() as work:
            stop_build(work, key)
        flash(_("Stopped."), "good")
    except Conflict as refusal:
        flash(refusal.message, "bad")
    return redirect("/admin/jobs", 303)


@pages.get("/admin/storage")
def storage() -> str:
    """Shows what people's designs take, the largest first."""
    work = looking()
    owners = storage_by_owner(work.session)
    return render_template(
        "admin/storage.html",
        place="storage",
        owners=owners,
        quotas={each.owner.id: quota_of(work, each.owner) for each in owners},
        stock=take_stock(house()),
        quota=house().settings.quota_mb,
    )


@pages.get("/admin/engine")
def engine() -> str:
    """Shows the CAD engine."""
    return _engine()


def _engine(problem: str = "") -> str:
    return render_template("admin/engine.html", place="engine", status=house().engine.status(), problem=problem)


@pages.post("/admin/engine")
def run_engine() -> Response | tuple[str, int]:
    """Turns building off or on, or has the jail tried again."""
    act = request.form.get("act", "")
    try:
        with writing() as work:
            if act == "off":
                turn_off(work, request.form.get("reason", ""))
            elif act == "on":
                turn_on(work)
            elif act == "try":
                try_jail(work)
            else:
                raise Invalid(_("Choose what the engine is to do."))
    except Invalid as refusal:
        stop_looking()
        return _engine(refusal.message), 422
    flash(_("The engine has been told."), "good")
    return redirect("/admin/engine", 303)
