"""A design asks its family for the best of something that passes its checks, until a deadline."""

from datetime import datetime

from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.challenge import COST, check_goal, currencies
from opendesign.core.demand import read_demands
from opendesign.core.errors import Invalid
from opendesign.core.inspection import FILE, read_script
from opendesign.core.names import clean_line, clean_text
from opendesign.core.snapshot import Snapshot
from opendesign.records.base import now
from opendesign.records.challenge import Challenge, next_challenge
from opendesign.records.design import Design

WHOLE = "assembly"  # a part so called holds the others, which are counted by themselves


def open_challenge(
    work: Work,
    design: Design,
    title: str,
    body: str,
    part: str,
    measure: str,
    direction: str,
    deadline: datetime,
    ref: str = "",
    at: datetime | None = None,
) -> Challenge:
    """Opens a challenge whose checks are those of a revision of the design as it stands now: nobody moves them later.

    `part` is a path, empty for all parts. Raises Invalid for a goal that cannot be ranked, a revision without checks
    or with faulty ones, NotFound for no such part or revision.
    """
    work.need("edit", design)
    opened_at = at or now()
    title = clean_line(title, 200, "title")
    if not title:
        raise Invalid("A challenge needs a title.", [{"name": "title", "message": "is empty"}])
    body = clean_text(body, work.house.limits.proposal_body, "text")
    sha = find_revision(work, design, ref).sha
    goal = read_tree(work, design, sha)
    part = goal.part(part).path if part else ""
    check_goal(measure, direction, part, opened_at, deadline)
    _need_checks(goal)
    if measure == COST and len(currencies(goal.bill)) != 1:
        message = "its bom.csv must name prices in one currency"
        raise Invalid(f"To compare costs, {message}.", [{"name": "measure", "message": message}])
    made = Challenge(design=design, number=next_challenge(work.session, design), title=title, body=body, part=part)
    made.measure, made.direction, made.sha, made.deadline = measure, direction, sha, deadline
    made.person, made.opened_at = work.person, opened_at
    work.session.add(made)
    work.session.flush()
    work.house.store.bring(design.key, design.key, sha, made.goal_ref)
    return made


def checks_in(goal: Snapshot) -> list[tuple[str, str]]:
    """Returns the name of each check that a goal's `okh.toml` and `checks.py` have, and what its author says of it."""
    demands = [(each.name, "") for each in read_demands(goal.manifest).each]
    return demands + [(each.name, each.says) for each in read_script(goal.sources.get(FILE, "")).each]


def measured_paths(goal: Snapshot, part: str) -> list[str]:
    """Returns the parts that a challenge measures: the one it names, else each part of the goal but assemblies."""
    if part:
        return [part]
    return [each.path for each in goal.parts if WHOLE not in f"{each.path} {each.title}".lower()]


def _need_checks(goal: Snapshot) -> None:
    demands, script = read_demands(goal.manifest), read_script(goal.sources.get(FILE, ""))
    faults = [demands.fault, script.fault, *(f"{each.title}: {each.fault}" for each in demands.each if each.fault)]
    if fault := next(filter(None, faults), ""):
        raise Invalid(f"The checks of this revision cannot be used: {fault}.", [{"name": "ref", "message": fault}])
    if not checks_in(goal):
        message = "has no checks: write some into okh.toml or checks.py first, else the smallest crumb wins"
        raise Invalid(f"This revision {message}.", [{"name": "ref", "message": message}])
