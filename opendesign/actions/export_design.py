"""An owner takes a design away: its repository as a git bundle, and all that was said and done about it as JSON.

People are named as they are here, without their addresses; designs that not everybody sees are not named, since a file
is passed on. docs/importing.md describes each file.
"""

import json
from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import UTC, datetime, timedelta
from pathlib import Path
from uuid import uuid4

from opendesign.actions.export_lineage import adoptions
from opendesign.actions.house import Work
from opendesign.actions.set_rule import writers_of
from opendesign.core.lineage.account import Adopted
from opendesign.git.bundling import bundle
from opendesign.records.base import now
from opendesign.records.challenge import Challenge, Entry, challenges_of
from opendesign.records.design import Design, design_by_id, known_refs
from opendesign.records.discussion import sayings_in
from opendesign.records.made import Made, made_of
from opendesign.records.mirror import mirror_of
from opendesign.records.person import Person
from opendesign.records.proposal import Comment, Proposal, proposals_to
from opendesign.records.release import releases_of
from opendesign.records.verdict import Verdict, rules_of, verdicts_among

FORMAT, VERSION = "opendesign-export", 1
STALE = timedelta(days=1)  # a bundle that no download has taken away
README = """{path}, exported from {base} at {at}

repository.bundle  the git repository: git clone repository.bundle {name}
                   (what was proposed: git fetch repository.bundle 'refs/proposals/*:refs/proposals/*')
design.json        what it is called, under which licence, its branches, members and rules
proposals.json     proposals with their comments, suggestions and reviews, and how each ended
challenges.json    challenges, what was entered, and what came of it
releases.json      what was released, and what was said of it
discussions.json   what was said about improvements
made.json          what people made of it, and who confirms it; their photos lie in photos/
lineage.json       its family, and what was adopted from whom

Format {format}, version {version}: docs/importing.md of OpenDesign describes each field.
"""


@dataclass
class Export:
    """What goes into the archive, by name; `bundle` is a file of its own that goes once it has been sent."""

    name: str
    date: datetime
    entries: dict[str, bytes | Path]
    bundle: Path

    def close(self) -> None:
        """Takes the bundle away."""
        self.bundle.unlink(missing_ok=True)


def export_design(work: Work, design: Design, base: str) -> Export:
    """Returns everything that makes a design; `base` is the service's address. Close it once it has been sent."""
    at = now().replace(microsecond=0)
    told = {
        "design": _design(work, design, base, at),
        "proposals": _proposals(work, design),
        "challenges": [_challenge(each) for each in work.session.scalars(challenges_of(work.session, design)).unique()],
        "releases": [
            {"tag": each.tag, "commit": each.sha, "title": each.title, "notes": each.notes}
            | {"by": _named(each.person), "at": each.at}
            for each in work.session.scalars(releases_of(design))
        ],
        "discussions": [
            {"commit": each.sha, "by": _named(each.person), "at": each.at, "edited_at": each.edited_at}
            | {"body": each.body}
            for each in sayings_in(work.session, design)
        ],
        "lineage": _lineage(work, design),
    }
    things = list(work.session.scalars(made_of(design, belongs=True)))
    told["made"] = [_made(each) for each in things]
    words = {"path": design.path, "name": design.name, "base": base, "at": f"{at:%F %H:%M} UTC"}
    entries: dict[str, bytes | Path] = {
        "README.txt": README.format(**words, format=FORMAT, version=VERSION).encode(),
        **{f"{name}.json": _written(content) for name, content in told.items()},
    }
    entries |= {_photo(each, one.digest): one.picture for each in things for one in each.photos}
    place = _place(work)
    if bundle(work.house.store.path(design.key), place):
        entries["repository.bundle"] = place
    folder = f"{design.owner.name}-{design.name}"
    return Export(folder, at, {f"{folder}/{name}": content for name, content in entries.items()}, place)


def _place(work: Work) -> Path:
    """Returns where a bundle may lie until it is sent; those that nobody took away go."""
    folder = work.house.settings.var / "exports"
    folder.mkdir(parents=True, exist_ok=True)
    for left in folder.glob("*.bundle"):
        if datetime.fromtimestamp(left.stat().st_mtime, UTC) < now() - STALE:
            left.unlink(missing_ok=True)
    return folder / f"{uuid4().hex}.bundle"


def _written(content: object) -> bytes:
    def plain(value: object) -> str:
        assert isinstance(value, datetime)
        return value.astimezone(UTC).isoformat().replace("+00:00", "Z")

    return json.dumps(content, default=plain, indent=1, ensure_ascii=False).encode() + b"\n"


def _named(person: Person | None) -> str | None:
    return person.name if person else None


def _photo(row: Made, digest: str) -> str:
    return f"photos/{row.number}-{digest[:8]}.jpg"


def _made(row: Made) -> dict[str, object]:
    facts = ("number", "part", "result", "process", "place", "machine", "material", "recycled", "note", "readings")
    words = [
        {"by": _named(each.person), "word": each.word, "reason": each.reason, "at": each.at} for each in row.vouches
    ]
    photos = [_photo(row, each.digest) for each in row.photos]
    beside = {"commit": row.sha, "values": row.settings, "by": _named(row.person), "at": row.at, "told_at": row.told_at}
    return {name: getattr(row, name) for name in facts} | beside | {"photos": photos, "words": words}


def _open(design: Design | None) -> str | None:
    """Returns owner/name of a design that everybody sees."""
    return design.path if design is not None and design.visibility == "public" else None


def _design(work: Work, design: Design, base: str, at: datetime) -> dict[str, object]:
    mirror = mirror_of(work.session, design)
    facts = ("name", "title", "summary", "licence", "visibility", "default_branch", "made_at", "moved_at")
    rules = rules_of(work.session, design).values()
    return {
        **{"format": FORMAT, "version": VERSION, "exported_at": at, "url": f"{base}/{design.path}"},
        "owner": design.owner.name,
        **{name: getattr(design, name) for name in facts},
        "members": [{"name": each.person.name, "role": each.role} for each in design.members],
        "refs": known_refs(work.session, design),
        "rules": [
            {"branch": rule.branch, "approvals": rule.approvals, "checks": list(rule.checks)}
            | {"owners_exempt": rule.owners_exempt}
            | {"pushers": [name for name, number in writers_of(design).items() if number in rule.pushers]}
            for rule in rules
        ],
        "mirror_of": mirror.url if mirror else None,
    }


def _proposals(work: Work, design: Design) -> list[dict]:
    found = list(work.session.scalars(proposals_to(work.session, design)).unique())[::-1]
    reviews: dict[int, list[Verdict]] = {}
    for each in verdicts_among(work.session, [proposal.id for proposal in found]):
        reviews.setdefault(each.proposal_id, []).append(each)
    return [_proposal(each, reviews.get(each.id, []), design) for each in found]


def _proposal(proposal: Proposal, reviews: Sequence[Verdict], design: Design) -> dict[str, object]:
    merge, closing, draft = proposal.merge, proposal.closing, proposal.draft
    own = proposal.source_id == design.id
    fields = ("number", "title", "body", "opened_at", "state", "source_branch", "source_sha", "target_branch")
    return {
        **{name: getattr(proposal, name) for name in fields},
        "author": _named(proposal.author),
        "source": design.path if own else _open(proposal.source),
        "draft": draft and {"at": draft.at, "ready_at": draft.ready_at, "ready_by": _named(draft.ready_by)},
        "merge": merge
        and _facts(merge, "sha", "base_sha", "strategy", "reason", "against", "at") | {"by": _named(merge.person)},
        "closing": closing and {"by": _named(closing.person), "at": closing.at, "reason": closing.reason},
        "reviews": [_facts(each, "sha", "word", "body", "at") | {"by": _named(each.person)} for each in reviews],
        "comments": [_comment(each) for each in proposal.comments],
    }


def _comment(comment: Comment) -> dict[str, object]:
    taken = comment.acceptance
    fields = ("id", "body", "at", "path", "line", "point", "normal", "sha", "parameter", "said", "suggestion")
    return _facts(comment, *fields) | {
        "by": _named(comment.person),
        "accepted": taken and {"by": _named(taken.person), "at": taken.at, "sha": taken.sha},
    }


def _challenge(challenge: Challenge) -> dict[str, object]:
    ending = challenge.ending
    fields = ("number", "title", "body", "part", "measure", "direction", "sha", "deadline", "opened_at", "state")
    return _facts(challenge, *fields) | {
        "by": _named(challenge.person),
        "entries": [_entry(each) for each in challenge.entries],
        "ending": ending
        and _facts(ending, "how", "reason", "at")
        | {"by": _named(ending.person), "winner": ending.winner and ending.winner.sha},
    }


def _entry(entry: Entry) -> dict[str, object]:
    fields = ("ref", "sha", "at", "received_at", "state", "value", "checks", "problem")
    return {"design": _open(entry.source), "by": _named(entry.person)} | _facts(entry, *fields)


def _lineage(work: Work, design: Design) -> dict[str, object]:
    parent, root = design.parent, design_by_id(work.session, design.root)
    return {
        "family": design.path if root is design else _open(root),
        "parent": _open(parent),
        "fork_sha": design.fork_sha if _open(parent) else None,
        "adoptions": [_adoption(each) for each in adoptions(work, design) if design.path in (each.source, each.target)],
    }


def _adoption(adopted: Adopted) -> Mapping[str, object]:
    fields = ("kind", "source", "source_commit", "target", "commit", "subject", "share", "credited", "at", "proposal")
    return _facts(adopted, *fields) | {"by": adopted.person.account if adopted.person else None}


def _facts(row: object, *fields: str) -> dict[str, object]:
    return {name: getattr(row, name) for name in fields}
