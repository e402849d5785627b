"""Tells a story: the events of `story.toml`, replayed through the actions people use."""

from collections.abc import Callable, Iterator, Mapping
from dataclasses import dataclass, field
from datetime import UTC, datetime, timedelta
from pathlib import Path

from opendesign.actions.adopt import commit_attempt
from opendesign.actions.create_design import create_design, sign
from opendesign.actions.edit import add_branch
from opendesign.actions.enter_challenge import enter_challenge
from opendesign.actions.find_pins import build_under
from opendesign.actions.fork import fork
from opendesign.actions.house import House, Visitor, Work
from opendesign.actions.join import add_person
from opendesign.actions.judge import judge
from opendesign.actions.merge import NOTHING, merge
from opendesign.actions.open_challenge import open_challenge
from opendesign.actions.propose import comment, decline, propose
from opendesign.actions.pull import pull
from opendesign.actions.rebuild_merged import rebuild_merged
from opendesign.actions.replay_made import replay_made, replay_vouch
from opendesign.actions.sync import sync
from opendesign.actions.try_adoption import FROM, Wish, try_adoption
from opendesign.core.errors import Invalid, Unbuildable
from opendesign.core.trailers import with_trailers
from opendesign.git.writing import write_files
from opendesign.records.base import now
from opendesign.records.challenge import challenge_of
from opendesign.records.design import Design, all_designs, design_by_path
from opendesign.records.person import person_by_name
from opendesign.records.proposal import Proposal, proposal_by_id
from opendesign.records.revision import adoptions_into, revisions_into

Event = Mapping
FIRST = 20  # priority: before all that is built


@dataclass
class Telling:
    """A story being told: where its files lie, and what it calls its proposals and commits."""

    house: House
    folder: Path
    password: str
    proposals: dict[str, int] = field(default_factory=dict)
    commits: dict[str, tuple[str, str]] = field(default_factory=dict)
    unsynced: set[str] = field(default_factory=set)


def tell(house: House, folder: Path, events: list[Event], password: str) -> Iterator[float]:
    """Replays the events, each in a transaction of its own; yields how much is told, from 0 to 1."""
    telling = Telling(house, folder, password)
    for number, event in enumerate(events, 1):
        if event["kind"] != "commit":
            _catch_up(telling)
        TELLERS[event["kind"]](telling, event)
        yield number / (len(events) + 1)
    _catch_up(telling)
    _look_back(telling)
    yield 1.0


def _catch_up(telling: Telling) -> None:
    """Syncs what commits have moved: a run of them is one push, and only its last tree is built."""
    for path in sorted(telling.unsynced):
        with telling.house.writing() as work:
            design = _design(work, path)
            sync(work, design)
            _backdate(work, design, None)
    telling.unsynced.clear()


def _look_back(telling: Telling) -> None:
    """Has the lineage of all that was told found before the first of many parts is built: it takes seconds."""
    with telling.house.reading() as work:
        told = all_designs(work.session)
    for each in told:
        telling.house.queue.put("lineage", str(each), FIRST)


def _person(telling: Telling, event: Event) -> None:
    with telling.house.writing() as work:
        person = add_person(work, event["name"], event["email"], telling.password, event.get("full_name", ""))
        person.place, person.bio, person.admin = event.get("place", ""), event.get("bio", ""), False


def _create(telling: Telling, event: Event) -> None:
    with _as(telling, event["owner"]) as work:
        made = create_design(work, event["name"], event["title"], event.get("summary", ""), event.get("licence", ""))
        made.made_at = _at(event) or made.made_at


def _commit(telling: Telling, event: Event) -> None:
    with _as(telling, event["author"]) as work:
        assert work.person is not None
        design = _design(work, event["design"])
        with work.house.store.open(design.key) as repository:
            refs = repository.refs()
            tip = refs.get(f"refs/heads/{event['branch']}")
            if not refs:
                design.made_at = _at(event) or design.made_at
            changes = _changes(telling, event, lambda path: repository.read(tip, path) if tip else b"")
            message = _message(telling, event)
            sha = write_files(repository, event["branch"], changes, message, sign(work.person, _at(event)), tip)
    if name := event.get("id"):
        telling.commits[name] = event["design"], sha
    telling.unsynced.add(event["design"])


def _message(telling: Telling, event: Event) -> str:
    """Returns what a commit says, with the earlier commit it says it is from."""
    if name := event.get("adopted_from"):
        return with_trailers(event["message"], [(FROM, "@".join(telling.commits[name]))], False)
    return event["message"]


def _changes(telling: Telling, event: Event, read: Callable[[str], bytes]) -> dict[str, bytes | None]:
    """Returns the files a commit sets: those of its folder, then its exact replacements, then its deletions."""
    changes: dict[str, bytes | None] = {}
    if folder := event.get("folder"):
        root = telling.folder / folder
        files = (path for path in sorted(root.rglob("*")) if path.is_file() and "__pycache__" not in path.parts)
        changes = {path.relative_to(root).as_posix(): path.read_bytes() for path in files}
    for edit in event.get("edits", []):
        text = (changes.get(edit["path"]) or read(edit["path"])).decode()
        if text.count(edit["old"]) != 1:
            raise Invalid(f"{event['design']}: “{edit['old'][:60]}” stands {text.count(edit['old'])} times.")
        changes[edit["path"]] = text.replace(edit["old"], edit["new"]).encode()
    return changes | dict.fromkeys(event.get("delete", []))


def _fork(telling: Telling, event: Event) -> None:
    with _as(telling, event["owner"]) as work:
        made = fork(work, _design(work, event["design"]), event.get("name", ""), event.get("title", ""))
        made.made_at = _at(event) or made.made_at
        made.summary = event.get("summary", made.summary)


def _branch(telling: Telling, event: Event) -> None:
    with telling.house.writing() as work:
        add_branch(work, _design(work, event["design"]), event["name"], event.get("from", "main"))


def _merge(telling: Telling, event: Event) -> None:
    with _as(telling, event["author"]) as work:
        design, source = _design(work, event["design"]), _design(work, event["from"])
        pull(work, design, event["branch"], source, event["from_branch"], event["message"], _at(event))
        _backdate(work, design, _at(event))


def _propose(telling: Telling, event: Event) -> None:
    with _as(telling, event["author"]) as work:
        target, source = _design(work, event["design"]), _design(work, event["source"])
        branches = event["source_branch"], event.get("target_branch", "main")
        made = propose(work, target, source, *branches, event["title"], event.get("body", ""))
        made.opened_at = _at(event) or made.opened_at
        telling.proposals[event["id"]] = made.id


def _comment(telling: Telling, event: Event) -> None:
    with _as(telling, event["author"]) as work:
        proposal = _proposal(telling, work, event)
        path, point = event.get("path"), event.get("point")
        build = build_under(work, proposal, path, None) if path and point else None
        about = event.get("parameter"), event.get("suggestion"), event.get("normal")
        said = comment(work, proposal, event["body"], path, event.get("line"), point, None, *about, build)
        said.at = _at(event) or said.at


def _review(telling: Telling, event: Event) -> None:
    with _as(telling, event["author"]) as work:
        given = judge(work, _proposal(telling, work, event), event["verdict"], event.get("body", ""))
        given.at = _at(event) or given.at


def _accept(telling: Telling, event: Event) -> None:
    """Merges through the gate; where the machine cannot build, by git alone, and sync then records the merge."""
    key = telling.proposals[event["proposal"]]
    try:
        with _as(telling, event["author"]) as work:
            visitor = Visitor(work.person.id if work.person else None)
        rebuild_merged(telling.house, visitor, key)
    except Unbuildable:
        with _as(telling, event["author"]) as work:
            proposal = _proposal(telling, work, event)
            assert proposal.source is not None
            pull(work, proposal.design, proposal.target_branch, proposal.source, proposal.source_branch, at=_at(event))
            if proposal.merge:
                proposal.merge.at = _at(event) or proposal.merge.at
            _backdate(work, proposal.design, _at(event))
        return
    with _as(telling, event["author"]) as work:
        proposal = _proposal(telling, work, event)
        row = merge(work, proposal)
        row.at = _at(event) or row.at
        _backdate(work, proposal.design, _at(event))


def _adopt(telling: Telling, event: Event) -> None:
    """Adopts an earlier commit as it is: a text, for which nothing has to be rebuilt before the service is there."""
    source, sha = telling.commits[event["commit"]]
    with _as(telling, event["author"]) as work:
        design = _design(work, event["design"])
        attempt = try_adoption(work, design, Wish(source, (sha,), branch=event["branch"]), NOTHING)
        if attempt.already or attempt.series.stuck:
            raise Invalid(f"{event['design']} cannot take “{event['commit']}” as it is.")
        commit_attempt(work, attempt)
        _backdate(work, design, _at(event))


def _backdate(work: Work, design: Design, at: datetime | None) -> None:
    """Gives what has just come the time the story tells; without one, each commit came when it was made."""
    work.session.flush()
    for adoption in adoptions_into(work.session, design.id, work.began):
        adoption.at = min(at or adoption.at, work.began)
    for revision in revisions_into(work.session, design.id, work.began):
        revision.received_at = min(at or revision.authored_at, work.began)


def _decline(telling: Telling, event: Event) -> None:
    with _as(telling, event["author"]) as work:
        row = decline(work, _proposal(telling, work, event), event.get("reason", ""))
        row.at = _at(event) or row.at


def _challenge(telling: Telling, event: Event) -> None:
    """Opens a challenge that ends some days after the story is told, however long ago it was opened."""
    with _as(telling, event["author"]) as work:
        goal = event.get("part", ""), event["measure"], event["direction"], now() + timedelta(days=event["days"])
        made = open_challenge(work, _design(work, event["design"]), event["title"], event.get("body", ""), *goal)
        made.opened_at = _at(event) or made.opened_at


def _enter(telling: Telling, event: Event) -> None:
    with _as(telling, event["author"]) as work:
        challenge = challenge_of(work.session, _design(work, event["design"]), event["number"])
        enter_challenge(work, challenge, _design(work, event["source"]), event["ref"], _at(event))


def _made(telling: Telling, event: Event) -> None:
    with _as(telling, event["author"]) as work:
        replay_made(work, _design(work, event["design"]), event)


def _vouch(telling: Telling, event: Event) -> None:
    with _as(telling, event["author"]) as work:
        replay_vouch(work, _design(work, event["design"]), event)


TELLERS = {
    "person": _person,
    "design": _create,
    "commit": _commit,
    "fork": _fork,
    "branch": _branch,
    "merge": _merge,
    "propose": _propose,
    "comment": _comment,
    "review": _review,
    "accept": _accept,
    "adopt": _adopt,
    "decline": _decline,
    "challenge": _challenge,
    "enter": _enter,
    "made": _made,
    "vouch": _vouch,
}


def _as(telling: Telling, name: str):
    with telling.house.reading() as work:
        person = person_by_name(work.session, name)
    return telling.house.writing(Visitor(person.id))


def _design(work: Work, path: str) -> Design:
    return design_by_path(work.session, *path.split("/"))


def _proposal(telling: Telling, work: Work, event: Event) -> Proposal:
    proposal = proposal_by_id(work.session, telling.proposals[event["proposal"]])
    if proposal is None:
        raise Invalid(f"The story speaks of a proposal “{event['proposal']}” that was never made.")
    return proposal


def _at(event: Event) -> datetime | None:
    """Returns when an event happened, or None for now."""
    at = event.get("at")
    if at is None:
        return None
    moment = at if isinstance(at, datetime) else datetime.fromisoformat(at.replace("Z", "+00:00"))
    return moment if moment.tzinfo else moment.replace(tzinfo=UTC)
