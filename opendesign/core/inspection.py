"""A design's own asserts on its shapes: what its `checks.py` asks, what came of running it, a merge judged by it."""

import ast
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field, replace
from functools import lru_cache

from opendesign.core.checks import Check
from opendesign.core.errors import Invalid
from opendesign.core.imports import Tree, reached
from opendesign.core.measurement import LARGEST, clean_name
from opendesign.core.scan import scan
from opendesign.core.source import read_source
from opendesign.core.text import clean_line

FILE, KIND = "checks.py", "assert"
PREFIX = "check_"
PARTS = "parts"  # the one parameter a check may have
MOST_CHECKS = 100
LONGEST_NAME, LONGEST_SENTENCE, LONGEST_MESSAGE = 100, 200, 500
STATES = ("held", "failed", "error")
KEPT = 64  # scripts; a page that waits asks each second
# Names with which a script runs what it has not imported.
RUNNERS = frozenset(("exec", "eval", "compile", "open", "read_text", "read_bytes", "run_path", "run_module"))


@dataclass(frozen=True)
class Asked:
    """One check as it stands in `checks.py`: its function's name, its docstring's first line, where it begins."""

    name: str
    says: str
    line: int

    @property
    def title(self) -> str:
        """What it is called in a sentence."""
        return f"The check “{self.says.rstrip('.') or self.name}”"


@dataclass(frozen=True)
class Script:
    """`checks.py`, read: its checks in order, the parts it names (None: any); or `fault`, why it cannot be run."""

    each: tuple[Asked, ...] = ()
    parts: frozenset[str] | None = frozenset()
    fault: str = ""

    @property
    def names(self) -> list[str]:
        """The names of its checks, in order."""
        return [each.name for each in self.each]


@dataclass(frozen=True)
class Inspected:
    """A tree's `checks.py` and how far running it is; `results` by name, `code` the blob of each file run or read."""

    script: Script
    state: str = "wanted"
    results: Mapping[str, Mapping] = field(default_factory=dict)
    error: Mapping | None = None
    code: Mapping[str, str] = field(default_factory=dict)

    @property
    def fault(self) -> str:
        """Why nothing can be said of its checks, as a clause; empty where something can, or is still to come."""
        if self.script.fault or self.state != "failed":
            return self.script.fault
        told = self.error or {}
        return f"{_clause(told.get('message'))}{_place(told)}"


@lru_cache(maxsize=KEPT)
def read_script(text: str) -> Script:
    """Returns what a `checks.py` asks for: functions at its top level whose names begin with `check_`."""
    try:
        tree = read_source(text).tree
    except Invalid as refusal:
        return Script(fault=_clause(refusal.message))
    found = {
        node.name: Asked(node.name, _sentence(node), node.lineno)
        for node in tree.body
        if isinstance(node, ast.FunctionDef | ast.AsyncFunctionDef) and node.name.startswith(PREFIX)
    }
    if len(found) > MOST_CHECKS or any(len(name) > LONGEST_NAME for name in found):
        return Script(fault=f"it has more than {MOST_CHECKS} checks, or a name of more than {LONGEST_NAME} letters")
    return Script(tuple(found.values()), _parts(tree))


def running(sources: Mapping[str, str]) -> list[str]:
    """Returns the Python files whose code runs when `checks.py` does: itself, and what it imports.

    Where one of these may run a file by its name, all that any of them names.
    """
    tree, found, waiting = Tree(sources), dict.fromkeys((FILE,)), [FILE]
    while waiting:
        current = waiting.pop(0)
        findings = scan(sources.get(current, ""))
        if findings is None:
            continue
        if findings.imports_computed or findings.names & RUNNERS:
            return sorted(reached(FILE, sources))
        fresh = [path for path in tree.imported(current, FILE, findings) if path not in found]
        found |= dict.fromkeys(fresh)
        waiting += fresh
    return sorted(found)


def read_results(told: object, asked: Sequence[str]) -> dict[str, dict]:
    """Returns a result for each check asked for, from hostile JSON; one that did not come back is an error.

    A result is a dictionary: state (of STATES), message, file and line (None where not known), seconds. Raises Invalid.
    """
    if not isinstance(told, list) or len(told) > MOST_CHECKS or not all(isinstance(each, dict) for each in told):
        raise Invalid(f"The results are not a list of at most {MOST_CHECKS} tables.")
    found = {name: _result(each) for each in told if (name := each.get("name")) in asked}
    lost = {"state": "error", "message": "it came back without a result", "file": FILE, "line": None, "seconds": 0.0}
    return {name: found.get(name, lost) for name in asked}


def judge_inspected(after: Inspected | None, before: Inspected | None) -> list[Check]:
    """Returns a check for each that the merged tree's `checks.py` has, judged beside the target's; None has no file.

    One that does not hold blocks, unless it did not hold on the target either. A script that cannot be run blocks,
    whoever left it so. What the merge takes away, and what it changes of the code that decides, is said.
    """
    old = before.script.names if before else []
    new = after.script.names if after else []
    gone = [name for name in old if name not in new] if not after or not after.fault else []
    said = [
        Check(name, "passed", f"The check “{name}” is no longer asked for after the merge.", KIND, True)
        for name in gone
    ]
    if after is None:
        return said
    if after.fault:
        return [Check(FILE, "failed", f"{FILE} cannot be run: {after.fault}.", KIND)]
    return [_judged(each, after, before) for each in after.script.each] + said + _changes(after, before)


def _judged(asked: Asked, after: Inspected, before: Inspected | None) -> Check:
    found = after.results.get(asked.name)
    if found is None:
        return _said(asked, "waiting", "is still to be run", None)
    if found["state"] == "held":
        return _said(asked, "passed", "holds", found)
    why = f"fails: {_clause(found['message'])}{_place(found)}"
    known = before.results.get(asked.name) if before else None
    if known is not None and known["state"] != "held":
        return replace(_said(asked, "passed", f"{why}; it failed before too", found), excused=True)
    there = before is not None and not before.fault and asked.name in before.script.names
    if there and known is None:
        return _said(asked, "waiting", "waits for what it was before", None)
    return _said(asked, "failed", why, found)


def _said(asked: Asked, state: str, verb: str, found: Mapping | None) -> Check:
    line, seconds = (found["line"], found["seconds"]) if found else (None, None)
    detail, where = f"{asked.title} {verb}.", line or asked.line
    return Check(asked.name, state, detail, KIND, says=asked.says, line=where, seconds=seconds)


def _changes(after: Inspected, before: Inspected | None) -> list[Check]:
    """Says which of the files that decide are not the target's, as whoever proposes them may have them say anything."""
    if before is None:
        return []
    paths = sorted({**before.code, **after.code})
    other = [path for path in paths if before.code.get(path) != after.code.get(path)]
    code, data = ([path for path in other if path.endswith(".py") == runs] for runs in (True, False))
    said = {"code that runs the checks": code, "files that the checks can read": data}
    return [_passed(FILE, f"The merge changes {what}: {_listed(each)}.") for what, each in said.items() if each]


def _listed(paths: Sequence[str]) -> str:
    more = f" and {len(paths) - 5} more" if len(paths) > 5 else ""
    return ", ".join(paths[:5]) + more


def _passed(name: str, detail: str) -> Check:
    return Check(name, "passed", detail, KIND)


def _result(told: Mapping) -> dict:
    state, message, file, line, seconds = (told.get(key) for key in ("state", "message", "file", "line", "seconds"))
    if state not in STATES:
        raise Invalid("A check came back in no known state.")
    timed = type(seconds) in (int, float) and 0 <= seconds <= LARGEST  # type: ignore[operator]
    return {
        "state": state,
        "message": clean_name(message)[:LONGEST_MESSAGE] if isinstance(message, str) and message else "",
        "file": clean_name(file) if isinstance(file, str) else None,
        "line": line if type(line) is int and 0 < line < 1 << 31 else None,
        "seconds": float(seconds) if timed else 0.0,  # type: ignore[arg-type]
    }


def _parts(tree: ast.Module) -> frozenset[str] | None:
    """The parts that stand as `parts["lid.py"]`; None where the table is used in any other way."""
    named = {
        id(node.value): node.slice.value
        for node in ast.walk(tree)
        if isinstance(node, ast.Subscript)
        and isinstance(node.value, ast.Name)
        and isinstance(node.slice, ast.Constant)
        and isinstance(node.slice.value, str)
    }
    uses = [id(node) for node in ast.walk(tree) if isinstance(node, ast.Name) and node.id == PARTS]
    return frozenset(named[use] for use in uses) if all(use in named for use in uses) else None


def _sentence(node: ast.FunctionDef | ast.AsyncFunctionDef) -> str:
    line = (ast.get_docstring(node) or "").strip().partition("\n")[0]
    return clean_line(line[:LONGEST_SENTENCE], LONGEST_SENTENCE)


def _clause(message: object) -> str:
    return clean_line(str(message or "no reason is given")[:LONGEST_MESSAGE], LONGEST_MESSAGE).rstrip(".")


def _place(told: Mapping) -> str:
    line = f", line {told['line']}" if told.get("line") else ""
    return f" ({told['file']}{line})" if told.get("file") else ""
