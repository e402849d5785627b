"""Branches: where they stand, starting and deleting them."""

from pydantic import Field

from opendesign.actions.edit import add_branch, drop_branch
from opendesign.actions.find_revision import branches_of
from opendesign.actions.house import Work
from opendesign.actions.set_rule import end_rule, set_rule, writers_of
from opendesign.api.designs import address
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, Page, Query, Sha, Shown, example
from opendesign.core.approval import MOST
from opendesign.core.errors import NotFound
from opendesign.core.rule import MOST_CHECKS, Rule
from opendesign.records.design import Design, known_refs
from opendesign.records.verdict import rule_for, rules_of

MOST_PUSHERS = 100


class BranchShown(Shown):
    """A branch and the commit it stands at."""

    model_config = example(
        {
            "name": "thicker",
            "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "default": False,
            "proposals_only": True,
            "required_approvals": 1,
            "required_checks": ["printable"],
            "owners_exempt": False,
            "pushers": [],
        }
    )
    name: str
    commit: Sha
    default: bool
    proposals_only: bool = Field(description="It has a rule: it moves only by merging proposals, and is not deleted.")
    required_approvals: int = Field(description="How many who may write must approve what is merged here.")
    required_checks: list[str] = Field(
        description="Checks and contracts of okh.toml and checks of checks.py that must hold after a merge, also where "
        "they failed before."
    )
    owners_exempt: bool = Field(description="Owners may push to it, and merge against its rule with a reason.")
    pushers: list[str] = Field(description="People who may push to it all the same, as long as they may write.")


class BranchWanted(Body):
    """A new branch, and where it starts."""

    model_config = Body.model_config | example({"name": "thicker", "start": "main"})
    name: str
    start: str = Field("", description="A branch, tag or commit; by default the default branch.")


class RuleWanted(Body):
    """What a branch asks of what reaches it; a body that asks nothing ends the rule."""

    model_config = Body.model_config | example({"required_approvals": 1, "required_checks": ["printable"]})
    proposals_only: bool = Field(False, description="True for a rule that asks nothing more of a proposal.")
    required_approvals: int = Field(0, ge=0, le=MOST, description="How many who may write must approve.")
    required_checks: list[str] = Field(
        default_factory=list,
        max_length=MOST_CHECKS,
        description="Names of checks and contracts in okh.toml and of checks in checks.py that must hold, also where "
        "they failed before.",
    )
    owners_exempt: bool = Field(False, description="Owners may push to it, and merge against its rule with a reason.")
    pushers: list[str] = Field(
        default_factory=list,
        max_length=MOST_PUSHERS,
        description="Names of people who may write, and may push to it all the same.",
    )


class Expected(Query):
    """What the branch is thought to be at."""

    expected: str | None = Field(None, pattern=r"^[0-9a-f]{40}$", description="The commit; by default where it is.")


@operation("GET", f"{DESIGN}/branches", list[BranchShown], verb="see", query=Page)
def list_all(work: Work, design: Design, query: Page) -> Answer:
    """Lists the branches, the default one first."""
    names, refs = branches_of(work, design), known_refs(work.session, design)
    rules = rules_of(work.session, design)
    shown = [_shown(design, name, refs[f"refs/heads/{name}"], rules.get(name)) for name in query.of(names)]
    return Answer(shown, total=len(names))


@operation("POST", f"{DESIGN}/branches", {201: BranchShown}, verb="edit", body=BranchWanted)
def start(work: Work, design: Design, body: BranchWanted) -> Answer:
    """Starts a branch."""
    commit = add_branch(work, design, body.name, body.start or design.default_branch)
    rule = rule_for(work.session, design, body.name)
    return Answer(_shown(design, body.name, commit, rule), 201, f"{address(design)}/branches/{body.name}")


@operation("GET", f"{DESIGN}/branches/{{branch}}", BranchShown, verb="see")
def show(work: Work, design: Design, branch: str) -> Answer:
    """Shows where a branch stands."""
    rule = rule_for(work.session, design, branch)
    return Answer(_shown(design, branch, _tip(work, design, branch), rule))


@operation("PUT", f"{DESIGN}/branches/{{branch}}/rule", BranchShown, verb="settings", body=RuleWanted)
def rule(work: Work, design: Design, branch: str, body: RuleWanted) -> Answer:
    """Gives a branch a rule: it takes proposals only, and asks for approvals and checks.

    It takes no pushes and no edits from then on, and is not deleted. Approvals are of the newest commit; while one of
    those people asks for changes to it, nothing is merged. Every part must build and be valid in any case.
    """
    if body.proposals_only or body.required_approvals or body.required_checks or body.pushers:
        asked = (body.required_approvals, body.required_checks, body.owners_exempt, body.pushers)
        set_rule(work, design, branch, *asked)
    else:
        end_rule(work, design, branch)
    return show(work, design, branch)


@operation("DELETE", f"{DESIGN}/branches/{{branch}}", {204: None}, verb="edit", query=Expected)
def delete(work: Work, design: Design, branch: str, query: Expected) -> Answer:
    """Deletes a branch other than the default one or one with a rule."""
    tip = _tip(work, design, branch)
    drop_branch(work, design, branch, query.expected or tip)
    return Answer(None, 204)


def _tip(work: Work, design: Design, branch: str) -> str:
    tip = known_refs(work.session, design).get(f"refs/heads/{branch}")
    if tip is None:
        raise NotFound(f"{design.path} has no branch “{branch[:200]}”.")
    return tip


def _shown(design: Design, name: str, commit: str, rule: Rule | None) -> BranchShown:
    asked = rule or Rule(name)
    return BranchShown(
        name=name,
        commit=commit,
        default=name == design.default_branch,
        proposals_only=rule is not None,
        required_approvals=asked.approvals,
        required_checks=list(asked.checks),
        owners_exempt=asked.owners_exempt,
        pushers=[name for name, number in writers_of(design).items() if number in asked.pushers],
    )
