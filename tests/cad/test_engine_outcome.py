"""What the engine believes of what a job has left."""

import json
import os
import struct

import pytest

from opendesign.cad import outcome
from opendesign.cad.inside.jail import parcel

ENDING = {
    "code": 0,
    "why": None,
    "cpu": 0.1,
    "waited": 0.0,
    "seconds": 0.2,
    "allowed": 5,
    "warning": "",
    "most": 1 << 20,
    "most_cpu": 60,
    "longest_log": 100,
}


def memory_file(content: bytes = b"") -> int:
    number = os.memfd_create("test", os.MFD_ALLOW_SEALING)
    os.write(number, content)
    return number


def record(name: bytes, content: bytes) -> bytes:
    return struct.pack("<IQ", len(name), len(content)) + name + content


def left(content: bytes, log: bytes = b"", **ending: object) -> outcome.Outcome:
    return outcome.read(ENDING | ending, memory_file(content), memory_file(log))


GOOD = record(b"", b'{"ok": true, "total": {"volume_mm3": 6.0}}')


def test_a_good_result_is_read() -> None:
    found = left(record(b"viewer", b"glTF") + GOOD, b"hello\n")
    assert found.ok
    assert found.files == {"viewer": b"glTF"}
    assert found.result["total"]["volume_mm3"] == 6.0
    assert (found.log, found.seconds) == ("hello\n", 0.2)


@pytest.mark.parametrize(
    "content",
    [
        b"",
        b"x",
        record(b"viewer", b"glTF"),
        record(b"", b""),
        record(b"", b"[1]"),
        record(b"", b"{"),
        record(b"", b'{"ok": true, "v": NaN}'),
        record(b"", b'{"ok": true, "v": -Infinity}'),
        record(b"", b'{"ok": true, "v": 1e999}'),
        record(b"", b'{"ok": true, "v": ' + b"9" * 5000 + b"}"),
        record(b"", b'{"ok": true, "v": ' + b"[" * 40 + b"]" * 40 + b"}"),
        record(b"", b'{"ok": true, "v": ' + b"[" * 90_000 + b"]" * 90_000 + b"}"),
        record(b"../x", b"1") + GOOD,
        record(b"a/b", b"1") + GOOD,
        record(b".x", b"1") + GOOD,
        record(b"x" * 101, b"1") + GOOD,
        record(b"x", b"1") * 2 + GOOD,
        record(b"\xff", b"1") + GOOD,
        record(b"x", b"") * 65 + GOOD,
        struct.pack("<IQ", 1, 1 << 62) + b"x",
        struct.pack("<IQ", 1 << 31, 0) + b"x",
        GOOD + bytes(11),
        bytes(1 << 20),
        GOOD + bytes(1 << 20),
    ],
    ids=range(24),
)
def test_a_hostile_result_is_refused(content: bytes) -> None:
    found = left(content)
    assert found.error["kind"] == "invalid"
    assert found.files == {} and found.result == {}


def test_texts_are_clean() -> None:
    found = left(record(b"", b'{"ok": true, "a\\u0000": ["\\ud800", {"b": "\\u0000"}]}'), b"\0\xff")
    assert json.dumps(found.result, ensure_ascii=False).encode()
    assert found.result == {"ok": True, "a\ufffd": ["?", {"b": "\ufffd"}]}
    assert found.log == "\ufffd\ufffd"


def test_a_long_log_is_cut() -> None:
    found = left(GOOD, b"x" * 1000)
    assert found.log.startswith("x" * 100 + "\n") and "1000 bytes" in found.log


@pytest.mark.parametrize(
    ("ending", "kind"),
    [
        ({"why": "time", "code": -9}, "time"),
        ({"why": "memory", "code": -9}, "memory"),
        ({"why": "disk", "code": -9}, "output"),
        ({"why": "cancelled", "code": -9}, "cancelled"),
        ({"code": -9}, "crash"),
        ({"code": -9, "cpu": 60.1}, "time"),
        ({"code": -24}, "time"),
        ({"code": -11}, "crash"),
        ({"code": 3}, "crash"),
        ({"code": -250}, "crash"),
    ],
)
def test_a_bad_end_counts_more_than_a_good_result(ending: dict, kind: str) -> None:
    found = left(GOOD, **ending)
    assert not found.ok
    assert found.error["kind"] == kind


@pytest.mark.parametrize("error", [None, 7, {}, {"kind": "off"}, {"kind": [], "message": 5, "file": 3, "line": "x"}])
def test_a_strange_report_becomes_a_plain_one(error: object) -> None:
    found = left(record(b"", json.dumps({"ok": False, "error": error}).encode()))
    assert found.error["kind"] == "script"
    assert isinstance(found.error["message"], str) and found.error["message"]
    assert (found.error["file"], found.error["line"]) == (None, None)


def test_a_file_that_changes_no_more_is_demanded() -> None:
    sealed = memory_file(GOOD)
    outcome.fcntl.fcntl(sealed, outcome.F_ADD_SEALS, 1)
    assert outcome.read(ENDING, sealed, memory_file()).error["kind"] == "invalid"


def test_a_parcel_comes_back_whole() -> None:
    number = memory_file()
    told = [("", b"{}"), ("lid.py", b"x = 1"), ("sub/ü.step", bytes(70_000)), ("\udcff", b"")]
    parcel.pack(number, told)
    assert list(parcel.records(number, 1 << 20, 4)) == told
    with pytest.raises(parcel.Broken):
        list(parcel.records(number, 1 << 20, 3))
    with pytest.raises(parcel.Broken):
        list(parcel.records(number, 70_000, 4))
