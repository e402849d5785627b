"""Gathers what a script says about its constants: comments, headings, `describe_parameter`."""

import ast
from collections.abc import Sequence
from dataclasses import dataclass

from opendesign.core.constant import Constant
from opendesign.core.remark import Remark, block_help, heading, ordered, read_remark, split_unit
from opendesign.core.source import Source

LONGEST_COMMENT = 400  # characters read of one comment line; the rest cannot be shown anyway


@dataclass(frozen=True)
class Described:
    """Everything said about one constant; `bounds` are minimum, maximum and step."""

    help: str = ""
    unit: str = ""
    group: str = ""
    bounds: tuple[float, float, float | None] | None = None
    choices: tuple[str | int | float, ...] = ()


def describe(source: Source, found: Sequence[Constant]) -> dict[str, Described]:
    """What the script says about each constant, by its name."""
    groups, blocks = _headings_and_blocks(source)
    called = _described_by_call(source.tree)
    answer = {}
    for constant in found:
        for_text = isinstance(constant.value, str)
        trailing = _trailing_comment(source, constant.statement)
        line = constant.statement.lineno
        block = blocks.get(line, [])
        remark = read_remark(trailing, for_text) if trailing else _remark_above(block, for_text)
        answer[constant.name] = _described(constant, remark, groups.get(line, ""), called.get(constant.name, ""))
    return answer


def _described(constant: Constant, remark: Remark, group: str, called: str) -> Described:
    default, unit, help = constant.value, remark.unit, remark.help
    if called:
        help, its_unit = (called, "") if isinstance(default, str) else split_unit(called)
        unit = unit or its_unit
    bounds = None
    if remark.bounds and not isinstance(default, bool | str):
        bounds = ordered(remark.bounds, float(default[0] if isinstance(default, tuple) else default))
    return Described(help, unit, group, bounds, _choices(default, remark.choices))


def _choices(default: object, texts: tuple[str, ...]) -> tuple[str | int | float, ...]:
    """The choices in the default's own type, the default among them; none if they do not fit it."""
    if len(texts) < 2 or isinstance(default, bool | tuple):
        return ()
    choices: list[str | int | float] = []
    for text in texts:
        try:
            choices.append(text if isinstance(default, str) else int(text))
        except ValueError:
            try:
                choices.append(float(text))
            except ValueError:
                return ()
    if isinstance(default, float):
        choices = [float(each) for each in choices]
    if isinstance(default, str | int | float) and default not in choices:
        choices.insert(0, default)
    return tuple(dict.fromkeys(choices))


def _remark_above(block: list[str], for_text: bool) -> Remark:
    return read_remark(block_help(block), for_text)


def _trailing_comment(source: Source, statement: ast.stmt) -> str:
    rest = source.after(statement).strip()
    return rest[1 : 1 + LONGEST_COMMENT] if rest.startswith("#") else ""


def _headings_and_blocks(source: Source) -> tuple[dict[int, str], dict[int, list[str]]]:
    """By the line of each top-level statement: its group, and the comment lines directly above it."""
    groups: dict[int, str] = {}
    blocks: dict[int, list[str]] = {}
    group, last = "", 0
    for statement in source.tree.body:
        runs = _comment_runs(source.lines[last : statement.lineno - 1])
        for run, _ in runs:
            group = next((h for at in reversed(range(len(run))) if (h := heading(run, at))), group)
        groups.setdefault(statement.lineno, group)
        if runs and runs[-1][1]:
            blocks.setdefault(statement.lineno, runs[-1][0])
        last = max(last, statement.end_lineno or statement.lineno)
    return groups, blocks


def _comment_runs(lines: Sequence[str]) -> list[tuple[list[str], bool]]:
    """Runs of comment lines, each with whether it reaches the end of these lines."""
    runs: list[tuple[list[str], bool]] = []
    run: list[str] = []
    for line in lines:
        text = line.strip()
        if text.startswith("#"):
            run.append(text[1 : 1 + LONGEST_COMMENT])
        elif run:
            runs.append((run, False))
            run = []
    return [*runs, (run, True)] if run else runs


def _described_by_call(tree: ast.Module) -> dict[str, str]:
    """Texts given by CQGI's `describe_parameter(name, "text")`, the name also as a text."""
    texts: dict[str, str] = {}
    for statement in tree.body:
        call = statement.value if isinstance(statement, ast.Expr) else None
        if not isinstance(call, ast.Call) or getattr(call.func, "id", "") != "describe_parameter":
            continue
        if len(call.args) < 2 or not isinstance(call.args[1], ast.Constant):
            continue
        first, text = call.args[0], call.args[1].value
        name = first.id if isinstance(first, ast.Name) else getattr(first, "value", None)
        if isinstance(name, str) and isinstance(text, str):
            texts[name] = " ".join(text.split())[:LONGEST_COMMENT]
    return texts
