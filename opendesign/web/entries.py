"""What the page of a challenge shows: the goal in words, the entries in rank, and whose improvement each is."""

from flask import render_template
from flask_babel import gettext as _

from opendesign.actions.house import Work
from opendesign.actions.judge_entries import bring_up, judged, value_today
from opendesign.actions.open_challenge import checks_in
from opendesign.actions.propose import sources
from opendesign.actions.read_tree import read_tree
from opendesign.core.challenge import COST, DECIDED, MEASURES, currencies
from opendesign.core.inspection import FILE
from opendesign.core.snapshot import MANIFEST, Snapshot
from opendesign.records.challenge import Challenge, Entry, challenge_of
from opendesign.records.design import Design, known_refs
from opendesign.web.heading import heading
from opendesign.web.prose import prose
from opendesign.web.radar import adoption_address
from opendesign.web.revisions import authors
from opendesign.web.visit import find_design, looking, writing

MOST_COMMITS = 20  # of an entry that are named, and adopted one by one
MOST_TAKERS = 5


def kept(owner: str, design: str, number: int) -> Challenge:
    """Finds a challenge; what has become known of its entries is kept first, and it ends when that is due."""
    work = looking()
    found = challenge_of(work.session, find_design(work, owner, design), number)
    if (scores := judged(work, found)) or found.stage() == DECIDED:
        with writing() as work:
            bring_up(work, challenge_of(work.session, find_design(work, owner, design), number), scores)
        work = looking()
        found = challenge_of(work.session, find_design(work, owner, design), number)
    return found


def goal_words(measure: str, direction: str) -> str:
    """Returns what is asked for in words, such as “Lowest mass”."""
    words = {
        "mass": (_("Lowest mass"), _("Highest mass")),
        "filament": (_("Least filament"), _("Most filament")),
        "volume": (_("Smallest volume"), _("Largest volume")),
        "area": (_("Smallest surface"), _("Largest surface")),
        "size_x": (_("Shortest along x"), _("Longest along x")),
        "size_y": (_("Shortest along y"), _("Longest along y")),
        "size_z": (_("Shortest along z"), _("Longest along z")),
        COST: (_("Lowest cost of its bill"), _("Highest cost of its bill")),
    }
    return words[measure][direction == "most"]


def challenge_page(challenge: Challenge, problem: str = "") -> str:
    """Returns the page of a challenge."""
    work = looking()
    goal = read_tree(work, challenge.design, challenge.sha)
    today = value_today(work, challenge)
    rows = [_row(work, challenge, each, place, today) for place, each in enumerate(challenge.listed(), 1)]
    frame = heading(work, challenge.design, "challenges")
    return render_template(
        "challenges/challenge.html",
        challenge=challenge,
        goal=goal_words(challenge.measure, challenge.direction),
        body=prose(challenge.body, f"/{challenge.design.path}/files/{challenge.sha}") if challenge.body else None,
        unit=_unit(challenge, goal),
        checks=checks_in(goal),
        files=[path for path in (MANIFEST, FILE) if path in goal.blobs],
        today=today,
        rows=rows,
        waiting=challenge.ending is None and challenge.waiting,
        winner=_winner(work, challenge),
        own=_own(work, challenge),
        problem=problem,
        **frame,
    )


def _unit(challenge: Challenge, goal: Snapshot) -> str:
    if challenge.measure in MEASURES:
        return MEASURES[challenge.measure].unit
    return next(iter(currencies(goal.bill)), "")


def _row(work: Work, challenge: Challenge, entry: Entry, place: int, today: float | None) -> dict[str, object]:
    source = entry.source if entry.source and work.may("see", entry.source) else None
    there = f"{source.path}:{entry.sha}" if source and source.id != challenge.design_id else entry.sha
    value = entry.value
    failed = [each for each in entry.checks if each["state"] == "failed"]
    return {
        "entry": entry,
        "place": place if entry.state == "passed" else None,
        "source": source,
        "share": value / today - 1 if value is not None and today else None,
        "better": value is not None and bool(today) and (value < (today or 0)) == (challenge.direction == "least"),
        "failed": failed,
        "held": len(entry.checks) - len(failed),
        "compare": f"/{challenge.design.path}/compare/{challenge.sha}...{there}" if source else "",
    }


def _winner(work: Work, challenge: Challenge) -> dict[str, object] | None:
    """Returns the entry that has won, whose commits it consists of, and where it can be adopted."""
    entry = challenge.ending.winner if challenge.ending else None
    if entry is None:
        return None
    source = entry.source if entry.source and work.may("see", entry.source) else None
    with work.house.store.open(challenge.design.key) as repository:
        commits = repository.log(entry.sha, limit=MOST_COMMITS, without=[challenge.sha])
    own = [each for each in commits if len(each.parents) < 2]
    takers = _takers(work, challenge.design, source) if source and own else []
    oldest_first = [each.sha for each in reversed(own)]
    return {
        "entry": entry,
        "source": source,
        "commits": own,
        "authors": authors(work, own),
        "adopt": [(each.path, adoption_address(each, source, *oldest_first)) for each in takers if source],
    }


def _takers(work: Work, design: Design, source: Design) -> list[Design]:
    """Returns the designs of the family that the visitor may push to and that could adopt from `source`."""
    found = [each for each in sources(work, design) if each.id != source.id] if work.person else []
    return sorted(found, key=lambda each: each.id != design.id)[:MOST_TAKERS]


def _own(work: Work, challenge: Challenge) -> list[tuple[str, list[str]]]:
    """Returns the branches and tags that the visitor may enter, written as the form sends them, by design."""
    if work.person is None or challenge.state != "open":
        return []
    found = []
    for each in sources(work, challenge.design):
        refs, main = known_refs(work.session, each), each.default_branch
        others = sorted({ref.split("/", 2)[2] for ref in refs} - {main})
        names = [main, *others] if f"refs/heads/{main}" in refs else others
        if names and (each.visibility == "public" or challenge.design.visibility == "private"):
            found.append((each.path, [f"{each.path}:{name}" for name in names]))
    return found
