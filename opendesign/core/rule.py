"""What a branch asks of what reaches it: a proposal, so many approvals, and checks that hold whatever was before."""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace

from opendesign.core.checks import Check
from opendesign.core.errors import Invalid
from opendesign.core.inspection import FILE, KIND, PREFIX
from opendesign.core.snapshot import MANIFEST
from opendesign.core.text import clean_line

MOST_CHECKS, LONGEST_NAME, LONGEST_REASON = 30, 100, 500


@dataclass(frozen=True)
class Rule:
    """A branch with a rule takes proposals only; `checks` are names of its checks and contracts.

    `owners_exempt` says that owners may push to it, and merge against its rule with a reason. `pushers` are the numbers
    of people who may push to it as long as they may write.
    """

    branch: str
    approvals: int = 0
    checks: tuple[str, ...] = ()
    owners_exempt: bool = False
    pushers: frozenset[int] = frozenset()

    @property
    def refusal(self) -> str:
        """Why the branch does not move but by a proposal, and what to do."""
        return f"{self.branch} takes proposals only; push to another branch and propose it"


def clean_checks(names: Iterable[str]) -> tuple[str, ...]:
    """Returns the names of checks a rule asks for, each once; raises Invalid for too many or too long ones."""
    found = dict.fromkeys(filter(None, (clean_line(name, LONGEST_NAME, "name of a check") for name in names)))
    if len(found) > MOST_CHECKS:
        raise Invalid(f"A branch may ask for up to {MOST_CHECKS} checks.", [{"name": "required_checks"}])
    return tuple(found)


def require(checks: Sequence[Check], rule: Rule | None) -> list[Check]:
    """Returns the checks of a merge as the target branch's rule judges them.

    One that the rule names must hold: that it failed before excuses nothing, and it must still be asked for. Where its
    file cannot be used and refuses the merge itself, nothing more is said.
    """
    if rule is None:
        return list(checks)
    demanded = {check.name for check in checks if check.kind != "part"}
    files = [check for check in checks if (check.name, check.kind) in ((MANIFEST, "limit"), (FILE, KIND))]
    failed = {check.name for check in files if check.state == "failed"}
    why = "is not found" if any(check.excused for check in files) else "the design does not ask"
    missing = [
        Check(name, "failed", f"{rule.branch} asks for the check “{name}”, which {why}.", "limit", True, True)
        for name in rule.checks
        if name not in demanded and MANIFEST not in failed and not (FILE in failed and name.startswith(PREFIX))
    ]
    return [_required(check, rule) for check in checks] + missing


def _required(check: Check, rule: Rule) -> Check:
    if check.kind == "part" or check.name not in rule.checks:
        return check
    if not (check.excused and check.state == "passed"):
        return replace(check, required=True)
    return replace(check, state="failed", detail=f"{check.detail} But {rule.branch} asks for it.", required=True)
