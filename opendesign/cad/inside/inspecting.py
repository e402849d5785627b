"""Performs an inspection: runs a design's own checks on the shapes of parts that were built before."""

import contextlib
import inspect
import linecache
import os
import time
from collections.abc import Iterator, Mapping

import cadquery as cq

from opendesign.cad.inside import brep, repository, standins
from opendesign.cad.inside.capture import Capture
from opendesign.cad.inside.clock import Clock
from opendesign.cad.inside.remaking import children
from opendesign.cad.inside.script import Script

SCRIPT = "checks.py"
DESIGN = "design/"  # what the design's own files are called among a job's; the shapes have other names
GIVEN = "parts"


def inspection(job: dict, files: Mapping[str, bytes], clock: Clock) -> dict:
    """Runs `checks.py` and then each check named in the job; returns how each ended. Raises Failure.

    A job has "checks" (names of functions) and "parts" ({path: {"shape": name of a file} or {"fault": a clause}}).
    """
    clock.begin("files")
    root = os.path.join(os.getcwd(), "home", "design")
    os.makedirs(root)
    own = {name.removeprefix(DESIGN): content for name, content in files.items() if name.startswith(DESIGN)}
    repository.lay_out(root, own)
    clock.begin("script")
    script = Script(root, SCRIPT, own[SCRIPT])
    capture = Capture(script.path, script.root)
    repository.open_to_import(script.root, script.part)
    repository.let_write(script.root)
    standins.install(capture)
    variables = started(script)
    parts = Parts(job["parts"], files)
    checks = [tried(name, variables.get(name), parts, script) for name in job["checks"]]
    clock.end()
    return {"ok": True, "checks": checks, "seconds": clock.seconds}


class Parts(Mapping):
    """The parts of a revision by the paths of their files, each as a Workplane of what it shows."""

    def __init__(self, known: Mapping[str, dict], files: Mapping[str, bytes]):
        self.known = known
        self.files = files
        self.read: dict[str, cq.Shape] = {}

    def __getitem__(self, path: str) -> cq.Workplane:
        if path not in self.known:
            raise LookupError(f"there is no part “{path}” in this revision")
        if fault := self.known[path].get("fault"):
            raise LookupError(f"{path} {fault}")
        if path not in self.read:
            self.read[path] = alone(cq.Shape.cast(brep.read(self.files[self.known[path]["shape"]], path)))
        return cq.Workplane().newObject([self.read[path]])

    def __iter__(self) -> Iterator[str]:
        return iter(self.known)

    def __len__(self) -> int:
        return len(self.known)


def alone(shape: cq.Shape) -> cq.Shape:
    """Returns what is in a compound of one thing."""
    while isinstance(shape, cq.Compound) and len(inner := children(shape.wrapped)) == 1:
        shape = cq.Shape.cast(inner[0])
    return shape


def started(script: Script) -> dict:
    """Runs the script and returns its variables. Raises Failure."""
    try:
        return script.execute(script.compiled(), "checks", script.root)
    except BaseException as trouble:
        raise script.failure(trouble) from None


def tried(name: str, check: object, parts: Parts, script: Script) -> dict:
    """Runs one check and returns whether it held; says in the log which it is, should it never come back."""
    began = time.perf_counter()
    with contextlib.suppress(OSError, ValueError):  # a script that has closed or filled its log loses words alone
        print(f"{name} …")
    state, words, file, line = "held", "", None, None
    try:
        refuse_answer(called(check, parts))
    except BaseException as trouble:
        state = "failed" if isinstance(trouble, AssertionError) else "error"
        found = script.failure(trouble)
        words, file, line = found.message, found.file, found.line
        if state == "failed":
            words = words.partition(": ")[2] or statement(script, file, line)
    seconds = round(time.perf_counter() - began, 4)
    return {"name": name, "state": state, "message": words, "file": file, "line": line, "seconds": seconds}


def called(check: object, parts: Parts) -> object:
    """Calls a check, with the parts if it takes them. Raises what it raises, TypeError for one that takes more."""
    if not callable(check):
        raise TypeError("it is no function any more when the script has run")
    takes = [each for each in inspect.signature(check).parameters.values() if each.default is each.empty]
    if [each.name for each in takes] == [GIVEN]:
        return check(parts)
    if takes:
        raise TypeError(f"it takes {', '.join(each.name for each in takes)}; a check takes `{GIVEN}` or nothing")
    return check()


def refuse_answer(answer: object) -> None:
    """Raises TypeError for a check that answers, as one that returns False would seem to hold."""
    if answer is not None:
        raise TypeError(f"it returned {type(answer).__name__}; a check says what must hold with assert")


def statement(script: Script, file: str | None, line: int | None) -> str:
    """Returns the line of an assert that has no words of its own."""
    linecache.clearcache()
    return (
        linecache.getline(os.path.join(script.root, file or ""), line or 0).strip()[:200] or "an assert does not hold"
    )
