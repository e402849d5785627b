"""Tries what taking some commits of a relative would give on a branch of one's own; nothing moves."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass, field, replace

from opendesign.actions.find_shares import Share, find_shares
from opendesign.actions.find_sides import find_side
from opendesign.actions.house import Work
from opendesign.actions.judge_licence import judge_licence
from opendesign.core.errors import Conflict, Forbidden, Invalid, NotFound
from opendesign.core.remembered import Remembered
from opendesign.core.taking import Taking
from opendesign.git.adopting import Series, apply_series, claims, hand_over
from opendesign.git.commits import Commit
from opendesign.git.merging import Trial
from opendesign.git.repository import Repository
from opendesign.git.scratch import Scratch
from opendesign.git.settling import Decisions
from opendesign.records.design import Design, known_refs

FROM, PART = "Adopted-from", "Adopted-part"
MOST = 50  # commits of one adoption
WEIGHT = 6  # wishes for a build that trying one commit counts as: 200 a minute take a fifth of a processor
MOST_NEEDS = 6  # earlier commits that are tried as what a change builds upon; each trial is about 50 ms
KEPT = 200  # attempts
_attempts: Remembered[tuple[object, ...], "Attempt"] = Remembered(KEPT)


@dataclass(frozen=True)
class Wish:
    """What somebody wants to take: commits of the relative `source` (owner/name), perhaps only a part's share.

    `branch` is where to: one that is there, or a new one, which begins at `into` (by default the default branch).
    """

    source: str
    commits: tuple[str, ...]
    part: str = ""
    branch: str = ""
    into: str = ""

    @property
    def weight(self) -> int:
        """As how many wishes for a build it counts to try this."""
        return WEIGHT * min(len(self.commits), MOST)


@dataclass(frozen=True, eq=False)
class Attempt:
    """What a wish gives: where the branch stands, the commits in order, what they become, and what is to be known.

    `expected` is the branch's tip, None for a new one; `left_out` files of the commits that the part does not read;
    `needs` earlier commits of the source without which it does not apply; `adopted` where commits are already.
    """

    design: Design
    source: Design
    wish: Wish
    branch: str
    ours: str
    expected: str | None
    commits: list[Commit]
    series: Series
    licence: Taking
    left_out: list[str] = field(default_factory=list)
    needs: list[Commit] = field(default_factory=list)
    adopted: dict[str, str] = field(default_factory=dict)

    @property
    def trial(self) -> Trial:
        """The whole result, or the conflicts of the first commit that does not apply."""
        return self.series.trial

    @property
    def mergeable(self) -> str:
        """`clean` or `conflict`."""
        return "conflict" if self.series.stuck else "clean"

    @property
    def already(self) -> bool:
        """True when the branch has all of it."""
        return not self.series.stuck and not self.series.steps


def try_adoption(work: Work, design: Design, wish: Wish, decisions: Decisions) -> Attempt:
    """Returns what a wish would give; two tips never change, so each is tried once per process.

    Raises NotFound for what is not published by a relative one may see, Forbidden for a private relative that one may
    not write to, Invalid for a merge or too many commits, and for decisions about what is not in conflict.
    """
    source, branch, ours, expected, name = _asked(work, design, wish, decisions)
    wish = replace(wish, branch=branch)
    found = _attempts.find(name, lambda: _attempt(work, design, source, wish, ours, expected, decisions))
    # What is kept was made with rows of another session.
    return replace(found, design=design, source=source)


def is_tried(work: Work, design: Design, wish: Wish, decisions: Decisions) -> bool:
    """Says whether it is known what a wish would give: to try it is some processes for each commit."""
    *_, name = _asked(work, design, wish, decisions)
    return _attempts.get(name) is not None


def _asked(
    work: Work, design: Design, wish: Wish, decisions: Decisions
) -> tuple[Design, str, str, str | None, tuple[object, ...]]:
    """Returns source, branch, where it stands, its own tip, and the name under which the attempt is kept."""
    source, branch = find_source(work, design, wish.source), wish.branch or design.default_branch
    ours, expected = _start(work, design, branch, wish.into)
    said = json.dumps(decisions, sort_keys=True, default=dict)
    name = (design.key, source.key, wish, ours, expected, said, design.licence, source.licence)
    return source, branch, ours, expected, name


def forget_attempts() -> None:
    """Forgets what was tried: a tree that no ref holds may have been swept away since."""
    _attempts.forget()


def find_source(work: Work, design: Design, path: str) -> Design:
    """Returns the relative that something may be taken from; raises NotFound, Forbidden or Invalid."""
    if "/" not in path:
        raise Invalid("Name the design to take from, as owner/name.", [{"name": "source"}])
    source = find_side(work, design, f"{path}:").design
    if source.id == design.id:
        raise Invalid("That is this design itself; take from a relative.", [{"name": "source"}])
    if source.visibility == "private" and not work.may("push", source):
        raise Forbidden(
            f"{source.path} is private: only who may write to it takes from it, since others see the result."
        )
    return source


def _start(work: Work, design: Design, branch: str, into: str) -> tuple[str, str | None]:
    """Returns the commit that the result stands on, and the branch's own tip, None where it is a new one."""
    refs = known_refs(work.session, design)
    tip = refs.get(f"refs/heads/{branch}")
    if tip and into:
        raise Conflict(f"The branch {branch} is there already; name a new one.", [{"name": "branch"}])
    start = tip or refs.get(f"refs/heads/{into or design.default_branch}")
    if start is None:
        raise NotFound(f"{design.path} has no branch “{(into or branch)[:200]}”.")
    return start, tip


def _attempt(
    work: Work, design: Design, source: Design, wish: Wish, ours: str, expected: str | None, decisions: Decisions
) -> Attempt:
    shas = _published(work, source, wish.commits)
    with work.house.store.scratch(design.key, also={source.key}) as repository:
        ahead = {commit.sha: commit for commit in repository.new_commits(sorted(shas), [ours])}
        asked = [commit for commit in ahead.values() if commit.sha in shas]
        if merged := [each for each in asked if len(each.parents) > 1]:
            raise Invalid(f"{merged[0].sha[:12]} is a merge; take the commits it brought.", [{"name": "commit"}])
        adopted = dict.fromkeys(shas - ahead.keys(), "") | _adopted(repository, ours, shas & ahead.keys(), wish.part)
        shares = find_shares(work, source, repository, asked, wish.part)
        if wish.part and asked and not any(share.taken for share in shares.values()):
            raise Invalid(f"These commits change nothing that {wish.part[:200]} reads.", [{"name": "part"}])
        series = apply_series(repository, ours, asked, _taken(shares), decisions, adopted)
        if series.unused and series.steps and not series.stuck:
            path, name = min(series.unused)
            raise Invalid(f"Not in conflict: {name[:80]} of {path[:200]}.", [{"path": path[:200], "name": name[:80]}])
        others = [each for sha, each in ahead.items() if sha not in shas and len(each.parents) < 2]
        needs = _needs(work, source, repository, ours, asked, others, series, wish.part) if series.stuck else []
        hand_over(repository, ours, series)
    left_out = sorted({path for share in shares.values() for path in share.left_out})
    licence = judge_licence(work, source, [each.sha for each in asked], design, ours)
    return Attempt(design, source, wish, wish.branch, ours, expected, asked, series, licence, left_out, needs, adopted)


def _published(work: Work, source: Design, names: Collection[str]) -> set[str]:
    """Returns the commits that are meant, each on a branch or tag of the source: what is only proposed to it is not."""
    if not 1 <= len(names) <= MOST:
        raise Invalid(f"Name 1 to {MOST} commits.", [{"name": "commit"}])
    with work.house.store.open(source.key) as repository:
        tips = list(repository.refs().values())
        shas = {repository.resolve(name) for name in names}
        for sha in shas:
            if repository.beyond(sha, tips):
                raise NotFound(f"There is no revision {sha[:12]} on a branch or tag of {source.path}.")
    return shas


def _adopted(repository: Repository, ours: str, asked: Collection[str], part: str) -> dict[str, str]:
    """Returns which commits the branch says it has taken, and by which of its own; a part's share is not the whole."""
    found: dict[str, str] = {}
    for commit in claims(repository, ours, asked):
        parts = [value for name, value in commit.trailers if name == PART]
        named = {value.rpartition("@")[2] for name, value in commit.trailers if name.lower() == FROM.lower()}
        if not parts or part in parts:
            found |= {sha: commit.sha for sha in named if sha in asked}
    return found


def _needs(
    work: Work,
    source: Design,
    repository: Scratch,
    ours: str,
    asked: Sequence[Commit],
    others: Sequence[Commit],
    series: Series,
    part: str,
) -> list[Commit]:
    """Returns the nearest earlier commits that touch what is in conflict and with which all applies; none if none do.

    `others` are those of the source that the branch lacks, parents first.
    """
    near = _touching(repository, series, others)[-MOST_NEEDS:]
    taken = _adopted(repository, ours, {each.sha for each in near}, part)
    near = [each for each in near if each.sha not in taken]

    def applies(chosen: Iterable[Commit]) -> bool:
        kept = {each.sha for each in (*chosen, *asked)}
        whole = [each for each in (*others, *asked) if each.sha in kept]
        shares = _taken(find_shares(work, source, repository, whole, part))
        return apply_series(repository, ours, whole, shares, {}).stuck is None

    for count in range(1, len(near) + 1):
        chosen = near[-count:]
        if applies(chosen):
            for each in list(chosen):
                rest = [other for other in chosen if other is not each]
                chosen = rest if rest and applies(rest) else chosen
            return chosen
    return []


def _touching(repository: Repository, series: Series, others: Sequence[Commit]) -> list[Commit]:
    """Returns those of the commits that came before the one that is stuck and touched what is in conflict."""
    assert series.stuck is not None
    paths = sorted({conflict.path for conflict in series.trial.conflicts})[:MOST_NEEDS]
    found = {each.sha for path in paths for each in repository.log(series.stuck.sha, path)}
    return [each for each in others if each.sha in found]


def _taken(shares: Mapping[str, Share]) -> dict[str, list[str]]:
    return {sha: share.taken for sha, share in shares.items()}
