"""What was tried passes its checks before anything moves, or is refused by what stands in the way."""

from collections.abc import Iterable

from opendesign.actions.compare import Change3D
from opendesign.core.checks import Check, refusal
from opendesign.core.errors import Unbuildable


class Checked:
    """What was tried, with the difference it makes and the checks over it."""

    change: Change3D
    checks: list[Check]

    @property
    def failed(self) -> list[Check]:
        """The checks that stand in the way."""
        return [check for check in self.checks if check.state == "failed"]

    @property
    def waiting(self) -> bool:
        """True while builds that the checks or the comparison need are still to come."""
        return self.change.waiting or any(check.state == "waiting" for check in self.checks)

    @property
    def coming(self) -> bool:
        """True while more of the checks will be known by itself: what nobody wants is built before anything moves."""
        waiting = [check for check in self.checks if check.state == "waiting"]
        parts = [check for check in waiting if check.kind == "part"]
        left = bool(parts) and all(check.unwanted for check in parts)
        return bool(waiting) and (self.change.waiting or not left)


def pass_checks(checks: Iterable[Check], done: str = "merged") -> None:
    """Raises Unbuildable where a check has failed or still waits; `done` is what is not."""
    checks = list(checks)
    if said := refusal(checks, done):
        errors = [{"check": each.name, "message": each.detail} for each in checks if each.state == "failed"]
        raise Unbuildable(said, errors)
    if any(check.state == "waiting" for check in checks):
        raise Unbuildable(f"Not {done}: the result is still being rebuilt; try again when the checks are done.")
