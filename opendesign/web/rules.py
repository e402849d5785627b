"""The form for the rule of a branch, in the settings of a design."""

from flask import request
from flask_babel import gettext as _

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.set_rule import end_rule, set_rule, writers_of
from opendesign.core.approval import MOST
from opendesign.core.demand import read_demands
from opendesign.core.errors import Invalid
from opendesign.core.inspection import FILE, read_script
from opendesign.core.rule import Rule
from opendesign.records.design import Design
from opendesign.records.verdict import rules_of


def rule_form(work: Work, design: Design, tips: dict[str, str]) -> dict[str, object]:
    """Returns what the settings need: every rule, and for the branch that is asked for its form.

    `tips` are the branches with their commits; a check of the form is a name, whether the branch's `okh.toml` or
    `checks.py` has it, and whether the rule asks for it.
    """
    rules = rules_of(work.session, design)
    branch = request.values.get("rule") or (request.form.get("branch", "") if "approvals" in request.form else "")
    if branch not in tips:
        return {"rules": rules, "ruled": None}
    rule = rules.get(branch)
    tree = read_tree(work, design, tips[branch])
    listed = [each.name for each in read_demands(tree.manifest).each if not each.fault]
    listed += read_script(tree.sources.get(FILE, "")).names
    asked = rule.checks if rule else ()
    checks = [(name, name in listed, name in asked) for name in dict.fromkeys([*listed, *asked])]
    return {
        "rules": rules,
        "ruled": rule or Rule(branch),
        "is_ruled": rule is not None,
        "demands": checks,
        "pushers": [(name, rule is not None and number in rule.pushers) for name, number in writers_of(design).items()],
        "most": MOST,
    }


def write_rule(work: Work, design: Design) -> None:
    """Gives a branch the rule of the form, or ends it where the form asks nothing; raises Invalid, NotFound."""
    form = request.form
    branch, approvals, checks = form.get("branch", ""), form.get("approvals", ""), form.getlist("check")
    if not (approvals.isascii() and approvals.isdigit() and len(approvals) < 3):
        raise Invalid(_("Write how many people must approve, such as 1."))
    pushers = form.getlist("pusher")
    if "proposals_only" in form or int(approvals) or checks or pushers:
        set_rule(work, design, branch, int(approvals), checks, "owners_exempt" in form, pushers)
    else:
        end_rule(work, design, branch)
