"""Reads what a job has left behind, believing nothing: everything in it may be the work of a hostile script."""

import fcntl
import json
import math
import os
import re
import signal
from dataclasses import dataclass, field, replace

from opendesign.cad.inside.jail import parcel

KINDS = ("script", "syntax", "geometry", "empty", "time", "memory", "output", "crash", "invalid", "stopped")
# Ends that say nothing about the design and leave it as wanted as before: a newer job came, the engine does not run.
PASSING = ("cancelled", "off")
FROM_INSIDE = ("script", "syntax", "geometry", "empty", "memory", "output", "invalid")
F_ADD_SEALS, ALL_SEALS = 1033, 1 | 2 | 4 | 8  # seal, shrink, grow, write (linux/fcntl.h)
LARGEST_RESULT = 2 << 20
DEEPEST_RESULT = 32
MOST_FILES = 64
LONGEST_MESSAGE = 8000
LONGEST_PLACE = 1000
CONTROLS = {*range(32), *range(127, 160)} - set(map(ord, "\t\n\r"))
HIDDEN = dict.fromkeys([*CONTROLS, *range(0x202A, 0x202F), *range(0x2066, 0x206A)], "\ufffd")
COLOURS = re.compile(r"\x1b\[[0-9;]*m")  # the kernel colours what it complains of
LONGEST_TAIL = 4000  # bytes
# What is larger comes sooner the usual way, compressed.
LARGEST_SIGHT = 4 << 20
SIGHTS = ("viewer", "coarse")
WITHDRAWN = {"cancelled": "A newer job took the place of this one.", "stopped": "This was stopped by somebody."}


@dataclass(frozen=True)
class Outcome:
    """How a job ended.

    error: None, or {"kind" (of KINDS or PASSING), "message", "file": repository path or None, "line": number or None}.
    files: output name to bytes. seconds: from start to end in the jail; waited: in the line before.
    """

    ok: bool
    error: dict | None = None
    result: dict = field(default_factory=dict)
    files: dict[str, bytes] = field(default_factory=dict)
    log: str = ""
    seconds: float = 0.0
    waited: float = 0.0

    @property
    def kind(self) -> str:
        """Which kind of error it was, "" for none."""
        return self.error["kind"] if self.error else ""


def failed(kind: str, message: str) -> Outcome:
    """Returns the outcome of a job that failed."""
    return Outcome(False, {"kind": kind, "message": message, "file": None, "line": None})


STOPPED = failed("stopped", WITHDRAWN["stopped"])


def about(found: Outcome, name: str) -> Outcome:
    """Returns the outcome of a job without a script: what went wrong, went wrong while a file was read."""
    if found.error is None:
        return found
    message = found.error["message"]
    if message.startswith("The script "):
        message = f"Reading {name} {message.removeprefix('The script ')}"
    return replace(found, error={**found.error, "message": message, "file": found.error["file"] or name})


def read(ending: dict, output: int, log: int) -> Outcome:
    """Returns the outcome of a job that has ended, from the engine's word on how, and the two files it left."""
    words = read_log(log, ending["longest_log"], ending["warning"])
    bad_end = ended_badly(ending, words)
    if bad_end:
        found = failed(*bad_end)
    else:
        try:
            found = opened(output, ending["most"])
        except (OSError, ValueError, RecursionError) as broken:
            found = failed("invalid", f"The job left an unreadable result: {broken}")
    return replace(found, log=words, seconds=ending["seconds"], waited=ending["waited"])


def opened(output: int, most: int) -> Outcome:
    """Returns what a job has written. Raises OSError or ValueError if it is not what a job writes."""
    fcntl.fcntl(output, F_ADD_SEALS, ALL_SEALS)
    records = list(parcel.records(output, most, MOST_FILES))
    result = parsed(records.pop()[1] if records and records[-1][0] == "" else b"")
    if result.get("ok") is not True:
        return Outcome(False, reported(result.get("error")), result)
    return Outcome(True, None, result, named(records))


def ended_badly(ending: dict, words: str) -> tuple[str, str] | None:
    """Returns the kind and message of an end that was not the job's own choice."""
    code, why = ending["code"], ending["why"]
    if why in WITHDRAWN:
        return why, WITHDRAWN[why]
    if why == "time" or code == -signal.SIGXCPU or (code == -signal.SIGKILL and ending["cpu"] >= ending["most_cpu"]):
        return "time", f"The script ran longer than {ending['allowed']:g} s."
    if why == "memory" or (code != 0 and "bad_alloc" in words[-500:]):
        return "memory", "The script needs more memory than it may have."
    if why == "disk":
        return "output", "The script wrote more files than it may."
    if code < 0:
        name = signal.Signals(-code).name if -code in set(signal.Signals) else str(-code)
        return "crash", f"The script crashed ({name})."
    if code != 0:
        return "crash", f"The script ended its process with code {code} before there was a result."
    return None


def read_log(log: int, longest: int, warning: str) -> str:
    """Returns what the script printed, cleaned; of a long log the first three quarters and the end."""
    size = os.fstat(log).st_size
    first = longest if size <= longest else longest * 3 // 4
    text = words(log, first, 0)
    if size > longest:
        left_out = f"\n… {size - longest} bytes of {size} are left out here …\n"
        text += left_out + words(log, longest - first, size - longest + first)
    return f"{warning}\n{text}" if warning else text


def last_words(log: int) -> str:
    """Returns the last of what a script has printed so far, from the beginning of a line where there is one."""
    start = max(0, os.fstat(log).st_size - LONGEST_TAIL)
    text = words(log, LONGEST_TAIL, start)
    return text.partition("\n")[2] or text if start else text


def words(log: int, most: int, start: int) -> str:
    """Returns a piece of the log as clean text."""
    return clean(os.pread(log, most, start).decode("utf-8", "replace"))


def sight(output: int) -> tuple[str, bytes] | None:
    """Returns name and content of the first file of a job that still runs, None if there is none to be had.

    The job may change it at any time: what is returned is a copy, to be checked like every other.
    """
    try:
        head = os.pread(output, parcel.HEAD.size, 0)
        name_size, size = parcel.HEAD.unpack(head) if len(head) == parcel.HEAD.size else (0, 0)
        if name_size > LONGEST_TAIL or not 0 < size <= LARGEST_SIGHT:
            return None
        name = os.pread(output, name_size, parcel.HEAD.size).decode("ascii")
        return (name, parcel.whole(output, size, parcel.HEAD.size + name_size)) if name in SIGHTS else None
    except (OSError, ValueError):
        return None


def clean(text: str) -> str:
    """Replaces what neither UTF-8 nor a database can hold, and what moves a terminal or turns a line round.

    Lone surrogates, controls but tab and line end (a lone return becomes one), and overrides of writing direction.
    Colours of a terminal are left out.
    """
    text = COLOURS.sub("", text)
    return text.encode("utf-8", "replace").decode().replace("\r\n", "\n").replace("\r", "\n").translate(HIDDEN)


def refuse_constant(word: str) -> object:
    """Refuses NaN and Infinity, which are not JSON."""
    raise ValueError(f"{word} is not a number")


def parsed(text: bytes) -> dict:
    """Returns a result. Raises ValueError if it is missing, large, deep, not finite or not an object."""
    if not text:
        raise ValueError("there is none")
    if len(text) > LARGEST_RESULT:
        raise ValueError(f"{len(text)} bytes of facts, {LARGEST_RESULT} are allowed")
    result = checked(json.loads(text, parse_constant=refuse_constant), DEEPEST_RESULT)
    if not isinstance(result, dict):
        raise ValueError("it is not an object")
    return result


def checked(value: object, depth: int) -> object:
    """Returns a JSON value with clean texts. Raises ValueError if it is too deep or holds a no-number."""
    if depth == 0:
        raise ValueError(f"it is nested deeper than {DEEPEST_RESULT}")
    if isinstance(value, dict):
        return {clean(name): checked(inner, depth - 1) for name, inner in value.items()}
    if isinstance(value, list):
        return [checked(inner, depth - 1) for inner in value]
    if isinstance(value, str):
        return clean(value)
    if isinstance(value, float) and not math.isfinite(value):
        raise ValueError("it holds a number without end")
    return value


def named(records: list[tuple[str, bytes]]) -> dict[str, bytes]:
    """Returns the output files by name. Raises ValueError for a name that is not a plain one, or comes twice."""
    files = {}
    for name, content in records:
        plain = name.replace("-", "").replace("_", "").replace(".", "")
        if not (plain.isascii() and plain.isalnum()) or name.startswith(".") or len(name) > 100 or name in files:
            raise ValueError("an output has a strange name")
        files[name] = content
    return files


def reported(error: object) -> dict:
    """Returns the error that a job reports about itself, in the agreed shape whatever it wrote."""
    told = error if isinstance(error, dict) else {}
    kind, message, file, line = (told.get(name) for name in ("kind", "message", "file", "line"))
    return {
        "kind": kind if kind in FROM_INSIDE else "script",
        "message": str(message or "The script failed without a word.")[:LONGEST_MESSAGE],
        "file": file[:LONGEST_PLACE] if isinstance(file, str) else None,
        "line": line if isinstance(line, int) and 0 < line < 1 << 31 else None,
    }
