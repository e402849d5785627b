"""The gate of a merge: every part of the merged tree builds, is valid, keeps its solids and gains no interference."""

import re
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import NamedTuple

from opendesign.core import fit
from opendesign.core.misfit import Misfit, chosen
from opendesign.core.text import plain

# A line such as `Solids: lid.py 2` in a proposal's text or a commit's: the part is meant to have two solids now.
SOLIDS = re.compile(r"^[ \t]*Solids:[ \t]*`?([^\s`](?:[^\n`]*[^\s`])?)`?[ \t]+(\d{1,7})[ \t\r]*$", re.MULTILINE)

# And `Interference: assembly.py`: components of the part are meant to have more in common than before.
INTERFERENCE = re.compile(r"^[ \t]*Interference:[ \t]*`?([^\s`](?:[^\n`]*[^\s`])?)`?[ \t\r]*$", re.MULTILINE)
SHOWN = 3  # pairs in a sentence


class Outcome(NamedTuple):
    """What became of one part: its build's state, total measurement, error, round holes and tags; `key` names it.

    `fit`: how its components fit (core/fit.py), with a `state`; None for a single solid, and where nobody looked.
    `unwanted`: it is still to be made, and nobody has asked for it.
    """

    path: str
    state: str
    total: Mapping | None = None
    error: object = None
    key: str = ""
    holes: Sequence[Mapping] | None = None
    tags: Sequence[Mapping] = ()
    fit: Mapping | None = None
    unwanted: bool = False

    def left_alone(self, was: "Outcome | None") -> bool:
        """Whether a merge leaves a part as it was and nobody has asked for its build: no verdict depends on it."""
        return self.unwanted and was is not None and bool(self.key) and self.key == was.key


@dataclass(frozen=True)
class Check:
    """One verdict: passed, failed or waiting, with a sentence.

    `kind` is "part" (`name` is the part's path), or what the design demands: "limit", "contract" or "assert". Of an
    assert, `says` is what its author wrote it to mean, `line` where it failed or stands, `seconds` what it took.
    `excused`: it does not hold, but did not before either, or is not asked for any more. `required`: the target branch
    asks for it. `misfits` are what of it can be drawn where it is missed. `unwanted`: it waits for a build
    that nobody has asked for.
    """

    name: str
    state: str
    detail: str
    kind: str = "part"
    excused: bool = False
    required: bool = False
    says: str = ""
    line: int | None = None
    seconds: float | None = None
    misfits: tuple[Misfit, ...] = ()
    unwanted: bool = False


def missed(checks: Iterable[Check], name: str = "") -> list[Misfit]:
    """Returns what can be drawn of the contract of this name, by default of the first one that has anything."""
    return next(([*check.misfits] for check in checks if check.misfits and name in ("", check.name)), [])


def missed_by(checks: Sequence[Check], name: str, part: str) -> tuple[list[Misfit], bool]:
    """Returns what one part misses of a contract, by default the first of both, and whether checks still wait."""
    return chosen(missed(checks, name), part), verdict(checks) == "waiting"


def promised(text: str) -> dict[str, int]:
    """Returns how many solids a text says that parts will have, by path; the last line about one counts."""
    return {path: int(count) for path, count in SOLIDS.findall(text)}


def meant(text: str) -> frozenset[str]:
    """Returns the paths of the parts that a text says may gain interference."""
    return frozenset(INTERFERENCE.findall(text))


def judge(
    after: Iterable[tuple],
    before: Iterable[tuple],
    solids: Mapping[str, int] | None = None,
    interference: frozenset[str] = frozenset(),
) -> list[Check]:
    """One check per part of the merged tree (`after`), judged against the target's tree (`before`).

    Each entry is an Outcome or a tuple in its order. A part that does not build, is not valid or has not as many
    solids as before (or as `solids` says, by path) blocks, unless it was so on the target already and the merge
    leaves it as it is: then the check passes and says so. A part that is removed is said and does not block. So does
    one whose components interfere where they did not, or more than they did, unless `interference` names its path.
    """
    old = {each.path: each for each in (Outcome(*entry) for entry in before)}
    new = {each.path: each for each in (Outcome(*entry) for entry in after)}
    said = solids or {}
    checks = [
        _fitted(_check(outcome, old.get(path), said.get(path)), outcome, old.get(path), path in interference)
        for path, outcome in sorted(new.items())
    ]
    gone = sorted(path for path in old if path not in new)
    return checks + [Check(path, "passed", f"{path} is no longer there after the merge.") for path in gone]


def verdict(checks: Iterable[Check]) -> str:
    """failed if any check failed, else waiting if any waits, else passed."""
    states = {check.state for check in checks}
    return "failed" if "failed" in states else "waiting" if "waiting" in states else "passed"


def refusal(checks: Iterable[Check], done: str = "merged") -> str | None:
    """The sentence that refuses what was to be done, naming each failed check and why; None if none failed."""
    failed = [check.detail for check in checks if check.state == "failed"]
    if not failed:
        return None
    more = f" And {len(failed) - 5} more." if len(failed) > 5 else ""
    return f"This cannot be {done}: {' '.join(failed[:5])}{more}"


def _check(now: Outcome, was: Outcome | None, said: int | None) -> Check:
    trouble = _trouble(now)
    if now.left_alone(was):
        return Check(now.path, "passed", f"{now.path} is as it was before.")
    if trouble is None and now.unwanted:
        return Check(now.path, "waiting", f"{now.path} is built before anything moves.", unwanted=True)
    if trouble is None and now.state != "made":
        return Check(now.path, "waiting", f"{now.path} is still being built.")
    if trouble is None:
        return _count(now, was, said)
    if was is not None and _trouble(was) and _unchanged(now, was):
        return Check(now.path, "passed", f"{now.path} {trouble}; it was so before and is not changed here.")
    return Check(now.path, "failed", f"{now.path} {trouble}.")


def _count(now: Outcome, was: Outcome | None, said: int | None) -> Check:
    """The verdict over the solids of a part that builds and is valid."""
    count, old = solids_of(now), solids_of(was) if was else None
    good = Check(now.path, "passed", f"{now.path} builds and is valid.")
    if count is None or (was is not None and _unchanged(now, was)):
        return good
    if said is not None and said != count:
        return Check(now.path, "failed", f"{now.path} has {solids_in_words(count)}; the proposal says {said}.")
    if was is not None and was.state in ("wanted", "making") and said is None:
        return Check(now.path, "waiting", f"{now.path} builds and is valid; what it was before is still being built.")
    if old is None or old == count:
        return good
    change = f"{solids_in_words(count)}, {old} before"
    if said is not None:
        return Check(now.path, "passed", f"{now.path} builds and is valid; it has {change}, as the proposal says.")
    remedy = f"If that is meant, say so in a line of the proposal's text or a commit's: “Solids: {now.path} {count}”."
    return Check(now.path, "failed", f"{now.path} has {change}. {remedy}")


def _fitted(check: Check, now: Outcome, was: Outcome | None, said: bool) -> Check:
    """The verdict with what is to be said about interference; a part that is new has nothing to gain it from."""
    if check.state != "passed" or now.state != "made" or now.fit is None or was is None or _unchanged(now, was):
        return check
    waits = f"{now.path} builds and is valid; whether its components interfere is still being looked at."
    if now.fit["state"] in fit.OPEN or was.state in fit.OPEN:
        return Check(now.path, "waiting", waits)
    grown = fit.grown(now.fit, was.fit) if was.state == "made" else []
    if grown and was.fit is not None and was.fit["state"] in fit.OPEN:
        return Check(now.path, "waiting", waits)
    if known := [one for one in grown if one.before is not None]:
        return _interfering(check, known, said)
    if grown:
        more = f"{_pairs(grown)}, what it was before could not be looked at"
    elif fit.is_known(now.fit):
        return check
    else:
        more = "not all of its components could be looked at for interference"
    return Check(now.path, "passed", f"{check.detail.rstrip('.')}; {more}.")


def _interfering(check: Check, grown: list[fit.Growth], said: bool) -> Check:
    """The verdict over a part that gains interference."""
    each = _pairs(grown)
    if said:
        return Check(check.name, "passed", f"{check.detail.rstrip('.')}; {each}, as the proposal says.")
    remedy = f"If that is meant, say so in a line of the proposal's text or a commit's: “Interference: {check.name}”."
    return Check(check.name, "failed", f"{check.name} gains interference: {each}. {remedy}")


def _pairs(grown: list[fit.Growth]) -> str:
    """What the first of these pairs have in common, and had before where that is known."""
    each = [
        f"{one.contact.words} have {plain(one.contact.common or 0.0)} mm³ in common"
        + (f", {plain(one.before)} before" if one.before is not None else "")
        for one in grown[:SHOWN]
    ]
    more = f"; and {len(grown) - SHOWN} more pairs" if len(grown) > SHOWN else ""
    return "; ".join(each) + more


def solids_of(outcome: Outcome) -> int | None:
    """How many solids a made part has; None where nobody counted."""
    count = (outcome.total or {}).get("solids") if outcome.state == "made" else None
    return count if isinstance(count, int) else None


def solids_in_words(count: int) -> str:
    """Returns “1 solid” or “2 solids”."""
    return f"{count} solid" if count == 1 else f"{count} solids"


def _trouble(outcome: Outcome) -> str | None:
    """What is wrong with a finished build, as a clause; None if nothing is, or it is not finished."""
    if outcome.state == "failed":
        return f"does not build{_reason(outcome.error)}"
    if outcome.state == "made" and outcome.total is not None and outcome.total.get("valid") is False:
        return "builds, but its shape is not valid"
    return None


def _reason(error: object) -> str:
    if not error:
        return ""
    if not isinstance(error, Mapping):
        return f": {_sentence(error)}"
    where = f" in {error['file']}" if error.get("file") else ""
    line = f", line {error['line']}" if error.get("line") else ""
    message = error.get("message") or error.get("kind")
    return f": {_sentence(message)}{where}{line}" if message else ""


def _sentence(message: object) -> str:
    return str(message).strip().partition("\n")[0][:300].rstrip(".")


def _unchanged(now: Outcome, was: Outcome) -> bool:
    """Same inputs where both keys are known, else the same end: state, error and measurement."""
    if now.key and was.key:
        return now.key == was.key
    return (now.state, now.error, now.total) == (was.state, was.error, was.total)
