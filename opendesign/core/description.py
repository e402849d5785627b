"""Gathers what a script says about its constants: comments, headings, docstrings, `describe_parameter`."""

import ast
import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from itertools import pairwise

from opendesign.core.constant import Constant, Home, Place
from opendesign.core.remark import Remark, block_help, heading, ordered, read_remark, split_unit
from opendesign.core.source import Source
from opendesign.core.vocabulary import Vocabulary

LONGEST_COMMENT = 400  # characters read of one comment line; the rest cannot be shown anyway
AFTER_ENTRY = re.compile(r"\s*,?\s*(#.*)")
# "width: the outer width", "width (float): …" of a Google docstring and ":param width: …" of a Sphinx one.
IN_DOCSTRING = re.compile(r"(?m)^[ \t]*(?::param\s+(?:\w+\s+)?)?(\w+)[ \t]*(?:\([^)\n]*\))?[ \t]*:[ \t]+(\S.*)$")

# Of a NumPy docstring its headings, which are underlined, those below which arguments stand, and "width : float" with
# the indented lines below it.
UNDERLINED = re.compile(r"(?m)^[ \t]*(\w[\w \t]*)\n[ \t]*-{3,}[ \t]*$")
OF_ARGUMENTS = ("parameters", "other parameters", "attributes", "arguments")
NUMPY_ENTRY = re.compile(r"(?m)^(\w+(?:[ \t]*,[ \t]*\w+)*)[ \t]*(?::.*)?\n((?:[ \t]+\S.*(?:\n|\Z))+)")


@dataclass(frozen=True)
class Described:
    """Everything said about one constant; `bounds` are minimum, maximum and step, None where nothing is said.

    `labels` are as many as `choices`, or none.
    """

    help: str = ""
    unit: str = ""
    group: str = ""
    bounds: tuple[float | None, float | None, float | None] | None = None
    choices: tuple[str | int | float, ...] = ()
    labels: tuple[str, ...] = ()


def describe(source: Source, found: Sequence[Constant], words: Vocabulary) -> dict[str, Described]:
    """What the script says about each constant, by its name."""
    called = _described_by_call(source.tree)
    classes = [each for each in source.tree.body if isinstance(each, ast.ClassDef)]
    owners = {id(each): owner for owner in classes for each in owner.body if getattr(each, "name", "") == "__init__"}
    homes: dict[int, Surroundings] = {}
    answer = {}
    for constant in found:
        for each in constant.places:
            if id(each.home) not in homes:
                homes[id(each.home)] = Surroundings(source, each.home, owners.get(id(each.home)))
        for_text = isinstance(constant.value, str) or _is_texts(constant.value)
        remarks = [homes[id(each.home)].remark(each, constant, for_text) for each in constant.places]
        remark = next((each for each in remarks if each != Remark()), Remark())
        groups = [homes[id(each.home)].groups.get(each.line, "") for each in constant.places]
        group = next(filter(None, groups), constant.group)
        answer[constant.name] = _described(constant, remark, group, called.get(constant.name, ""), words)
    return answer


def _described(constant: Constant, remark: Remark, group: str, called: str, words: Vocabulary) -> Described:
    default, unit, help = constant.value, remark.unit, remark.help
    notes = called or next(words.notes(constant.annotation), "")
    if notes:
        said, its_unit = (notes, "") if isinstance(default, str) else split_unit(notes)
        unit, help = unit or its_unit, (said if called else help or said)
    bounds = None
    if remark.bounds and not isinstance(default, bool | str) and not _is_texts(default) and default is not None:
        first = default[0] if isinstance(default, tuple) else default
        bounds = ordered(remark.bounds, float(first))
    members = words.members(constant.node)
    if members is not None:
        labels = tuple(value if isinstance(value, str) else name for name, value in members.items())
        return Described(help, unit, group, None, tuple(members), () if labels == tuple(members) else labels)
    said_choices = dict(zip(remark.choices, remark.labels or remark.choices, strict=True))
    choices = _choices(default, said_choices or {str(each): "" for each in words.choices(constant.annotation)})
    labels = tuple(label or str(choice) for choice, label in choices.items())
    return Described(help, unit, group, bounds, tuple(choices), () if labels == tuple(map(str, choices)) else labels)


def _choices(default: object, texts: dict[str, str]) -> dict[str | int | float, str]:
    """The choices in the default's own type with their labels, the default among them; none if they do not fit it."""
    if len(texts) < 2 or not isinstance(default, str | int | float) or isinstance(default, bool):
        return {}
    choices: dict[str | int | float, str] = {}
    for text, label in texts.items():
        number = text if isinstance(default, str) else _number(text)
        if number is None:
            return {}
        choices[float(number) if isinstance(default, float) else number] = "" if label == text else label
    return choices if default in choices else {default: "", **choices}


def _number(text: str) -> int | float | None:
    for read in (int, float):
        try:
            return read(text)
        except ValueError:
            continue
    return None


def _is_texts(value: object) -> bool:
    return isinstance(value, tuple) and isinstance(value[0], str)


class Surroundings:
    """The comments among the entries of one home: headings, blocks above an entry, and what a docstring says.

    `owner` is the class of which the home is `__init__`: its docstring may say what that is given.
    """

    def __init__(self, source: Source, home: Home, owner: ast.ClassDef | None = None):
        self.source, self.home = source, home
        self.groups: dict[int, str] = {}
        self.blocks: dict[int, list[str]] = {}
        told = [each for each in (owner, home) if isinstance(each, ast.ClassDef | ast.FunctionDef)]
        self.said = {name: text for each in told for name, text in _said(ast.get_docstring(each) or "")}
        self.below = dict(_texts_below(home)) if isinstance(home, ast.ClassDef) else {}
        self._read()

    def remark(self, place: Place, constant: Constant, for_text: bool) -> Remark:
        """What is said about an entry: behind it, else above it, else in a text below it or in the docstring."""
        trailing = self._trailing(place)
        if trailing:
            return read_remark(trailing, for_text)
        above = block_help(self.blocks.get(place.line, []))
        own = constant.name.rpartition(".")[2]
        return read_remark(above or self.below.get(id(place.end), "") or self.said.get(own, ""), for_text)

    def _trailing(self, place: Place) -> str:
        rest = self.source.after(place.end)
        if isinstance(place.end, ast.stmt):
            rest = rest.strip()
            return rest[1 : 1 + LONGEST_COMMENT] if rest.startswith("#") else ""
        found = AFTER_ENTRY.match(rest)
        return found[1][1 : 1 + LONGEST_COMMENT] if found else ""

    def _read(self) -> None:
        """Notes, by the line of each entry, its group and the comment lines directly above it."""
        group, last = "", 0 if isinstance(self.home, ast.Module) else self.home.lineno
        for line, end in _entries(self.home):
            runs = _comment_runs(self.source.lines[last : line - 1])
            for run, _ in runs:
                group = next((h for at in reversed(range(len(run))) if (h := heading(run, at))), group)
            self.groups.setdefault(line, group)
            if runs and runs[-1][1]:
                self.blocks.setdefault(line, runs[-1][0])
            last = max(last, end)


def _said(docstring: str) -> Iterator[tuple[str, str]]:
    """What a docstring says about each name, in the style of Google, Sphinx or NumPy."""
    first, *sections = UNDERLINED.split(docstring)
    yield from IN_DOCSTRING.findall(first)
    for title, text in zip(sections[::2], sections[1::2], strict=True):
        if title.strip().lower() in OF_ARGUMENTS:
            for names, said in NUMPY_ENTRY.findall(text):
                yield from ((name.strip(), " ".join(said.split())[:LONGEST_COMMENT]) for name in names.split(","))


def _texts_below(home: ast.ClassDef) -> Iterator[tuple[int, str]]:
    """The docstrings of fields, by the statement's identity: texts that stand alone below them."""
    for statement, following in pairwise(home.body):
        value = following.value if isinstance(following, ast.Expr) else None
        if isinstance(value, ast.Constant) and isinstance(value.value, str):
            yield id(statement), " ".join(value.value.split())[:LONGEST_COMMENT]


def _entries(home: Home) -> Iterator[tuple[int, int]]:
    """First and last line of each entry of a home."""
    if isinstance(home, ast.Module | ast.If | ast.ClassDef):
        yield from ((each.lineno, each.end_lineno or each.lineno) for each in home.body)
    elif isinstance(home, ast.Call):
        yield from ((each.lineno, each.value.end_lineno or each.lineno) for each in home.keywords)
    elif isinstance(home, ast.Dict):
        keys = [key or value for key, value in zip(home.keys, home.values, strict=True)]
        yield from ((k.lineno, v.end_lineno or v.lineno) for k, v in zip(keys, home.values, strict=True))
    else:
        args = [*home.args.posonlyargs, *home.args.args, *home.args.kwonlyargs]
        yield from ((each.lineno, each.end_lineno or each.lineno) for each in args)


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
