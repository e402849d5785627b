"""What the engine believes of what a job has left."""

import json
import os
import struct
import time

import pytest
from hypothesis import HealthCheck, given, settings
from hypothesis import strategies as st

from opendesign.actions.build import believed
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


def test_a_log_moves_no_terminal_and_turns_no_line_round() -> None:
    log = "\x1b]0;owned\x07\x1b[2J\x9b\u202efdp.exe\u2069\tkept \u0639\u00e9\r\n10%\r20%\n".encode()
    hidden = "\ufffd"
    expected = f"{hidden}]0;owned{hidden}{hidden}[2J{hidden}{hidden}fdp.exe{hidden}\tkept \u0639\u00e9\n10%\n20%\n"
    assert left(GOOD, log, longest_log=1000).log == expected


def test_colours_of_a_terminal_are_left_out() -> None:
    assert left(GOOD, b"\x1b[31;1m**** ERR StepFile\x1b[0m\n", longest_log=1000).log == "**** ERR StepFile\n"


def test_a_long_log_is_cut() -> None:
    found = left(GOOD, b"x" * 1000)
    assert found.log.startswith("x" * 75 + "\n") and found.log.endswith("\n" + "x" * 25)
    assert "900 bytes of 1000" in found.log


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


JSON = st.recursive(
    st.none() | st.booleans() | st.integers(-(10**400), 10**400) | st.floats() | st.text(max_size=50),
    lambda inner: st.lists(inner, max_size=4) | st.dictionaries(st.text(max_size=9), inner, max_size=4),
    max_leaves=20,
)
NAMES = st.binary(max_size=12) | st.sampled_from([b"", b"viewer", b"glb", b"..", b"a/b", b"a\nb", b"\xff"])


def survived(content: bytes) -> outcome.Outcome:
    """Reads what a job left, which must never raise, and closes the files."""
    output, log = memory_file(content), memory_file(content[:50])
    try:
        found = outcome.read(ENDING, output, log)
    finally:
        os.close(output)
        os.close(log)
    assert (found.error is None) == found.ok
    assert found.error is None or (found.error["kind"] in outcome.KINDS and isinstance(found.error["message"], str))
    json.dumps([found.result, found.error, found.log], allow_nan=False).encode()
    assert all(name.isascii() and "/" not in name for name in found.files)
    return found


@settings(max_examples=300, suppress_health_check=[HealthCheck.too_slow], deadline=None)
@given(st.lists(st.tuples(NAMES, st.binary(max_size=30)), max_size=5), JSON, st.integers(0, 400), st.booleans())
def test_nothing_but_an_outcome_comes_of_what_a_job_leaves(files: list, result: object, cut: int, whole: bool) -> None:
    content = b"".join(record(*file) for file in files) + record(b"", json.dumps(result).encode())
    survived(content if whole else content[:cut])


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=200), st.integers(0, 1 << 64), st.integers(0, 1 << 32))
def test_nothing_but_a_refusal_comes_of_heads_that_lie(rest: bytes, size: int, name: int) -> None:
    head = struct.pack("<IQ", name & 0xFFFFFFFF, size & (1 << 64) - 1)
    assert not survived(head + rest).ok or rest
    survived(rest + head)


@settings(max_examples=100, deadline=None)
@given(JSON, JSON)
def test_what_a_job_says_of_itself_is_put_into_shape(error: object, warnings: object) -> None:
    for result in ({"ok": False, "error": error}, {"ok": True, "warnings": warnings, "seconds": error, "shapes": []}):
        found = believed(survived(record(b"", json.dumps(result).encode())))
        assert isinstance(found.result.get("warnings", []), list)
        assert isinstance(found.result.get("seconds") or {}, dict)


@pytest.mark.parametrize(
    "text",
    [
        b"[" * (2 << 20),
        b'{"a":' * 400_000,
        b"[" + b"[]," * 690_000 + b"[]]",
        b"[" + (b"9" * 4200 + b",") * 490 + b"1]",
        b'{"' + b"x" * (2 << 20),
        b'"' + b"\\u0000" * 300_000 + b'"',
    ],
    ids=["deep", "deep objects", "wide", "long numbers", "long name", "escapes"],
)
def test_two_mebibytes_of_anything_are_read_in_a_moment(text: bytes) -> None:
    began = time.process_time()
    survived(record(b"", text[: 2 << 20]))
    assert time.process_time() - began < 5
