"""Branches: where they stand, starting and deleting them."""

from pydantic import Field

from opendesign.actions.edit import add_branch, drop_branch
from opendesign.actions.find_revision import branches_of
from opendesign.actions.house import Work
from opendesign.actions.judge import set_rule
from opendesign.api.designs import address
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Body, Page, Query, Sha, Shown, example
from opendesign.core.approval import MOST
from opendesign.core.errors import NotFound
from opendesign.records.design import Design, known_refs
from opendesign.records.verdict import BranchRule, rules_of


class BranchShown(Shown):
    """A branch and the commit it stands at."""

    model_config = example(
        {
            "name": "thicker",
            "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "default": False,
            "required_approvals": 1,
        }
    )
    name: str
    commit: Sha
    default: bool
    required_approvals: int = Field(description="How many who may write must approve what is merged here.")


class BranchWanted(Body):
    """A new branch, and where it starts."""

    model_config = Body.model_config | example({"name": "thicker", "start": "main"})
    name: str
    start: str = Field("", description="A branch, tag or commit; by default the default branch.")


class RuleWanted(Body):
    """What a branch asks of what is merged into it."""

    model_config = Body.model_config | example({"required_approvals": 1})
    required_approvals: int = Field(ge=0, le=MOST, description="How many who may write must approve; 0 ends the rule.")


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
    rule = rules_of(work.session, design).get(body.name)
    return Answer(_shown(design, body.name, commit, rule), 201, f"{address(design)}/branches/{body.name}")


@operation("GET", f"{DESIGN}/branches/{{branch}}", BranchShown, verb="see")
def show(work: Work, design: Design, branch: str) -> Answer:
    """Shows where a branch stands."""
    rule = rules_of(work.session, design).get(branch)
    return Answer(_shown(design, branch, _tip(work, design, branch), rule))


@operation("PUT", f"{DESIGN}/branches/{{branch}}/rule", BranchShown, verb="settings", body=RuleWanted)
def rule(work: Work, design: Design, branch: str, body: RuleWanted) -> Answer:
    """Says how many people who may write must approve what is merged into a branch.

    Approvals are of the newest commit; while one of those people asks for changes to it, nothing is merged. What is
    pushed with git is not asked for approvals.
    """
    set_rule(work, design, branch, body.required_approvals)
    return show(work, design, branch)


@operation("DELETE", f"{DESIGN}/branches/{{branch}}", {204: None}, verb="edit", query=Expected)
def delete(work: Work, design: Design, branch: str, query: Expected) -> Answer:
    """Deletes a branch other than the default one."""
    tip = _tip(work, design, branch)
    drop_branch(work, design, branch, query.expected or tip)
    return Answer(None, 204)


def _tip(work: Work, design: Design, branch: str) -> str:
    tip = known_refs(work.session, design).get(f"refs/heads/{branch}")
    if tip is None:
        raise NotFound(f"{design.path} has no branch “{branch[:200]}”.")
    return tip


def _shown(design: Design, name: str, commit: str, rule: BranchRule | None) -> BranchShown:
    required = rule.approvals if rule else 0
    return BranchShown(name=name, commit=commit, default=name == design.default_branch, required_approvals=required)
