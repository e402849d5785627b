"""The measure of packs while they stream by."""

import hashlib
import os
import random
import struct
import subprocess
import zlib
from dataclasses import replace

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from opendesign.core.errors import Invalid, Refusal, TooLarge
from opendesign.git import command
from opendesign.git.gauge import Gauge
from opendesign.git.limits import MIB, GitLimits

LIMITS = replace(GitLimits(), file_bytes=MIB, unpacked_bytes=4 * MIB, push_bytes=8 * MIB, push_objects=10_000)


def number(value: int) -> bytes:
    out = bytearray()
    while value > 0x7F:
        out.append(value & 0x7F | 0x80)
        value >>= 7
    return bytes([*out, value])


def entry(kind: int, content: bytes, size: int | None = None, base: bytes = b"") -> bytes:
    size = len(content) if size is None else size
    first, rest = kind << 4 | size & 15, size >> 4
    head = bytes([first | 0x80]) + number(rest) if rest else bytes([first])
    return head + base + zlib.compress(content)


def pack(*entries: bytes) -> bytes:
    body = struct.pack(">4sII", b"PACK", 2, len(entries)) + b"".join(entries)
    return body + hashlib.sha1(body).digest()


def measure(content: bytes, step: int = 1 << 16) -> None:
    gauge = Gauge(LIMITS)
    for start in range(0, len(content), step):
        gauge.feed(content[start : start + step])
    assert gauge._left == 0, "the gauge lost its place"


@pytest.fixture(scope="module")
def real_pack(tmp_path_factory) -> bytes:
    """A pack of git's own with all kinds of objects, deltas by offset and by id among them."""
    work = tmp_path_factory.mktemp("work")
    env = os.environ | dict.fromkeys(("GIT_AUTHOR_NAME", "GIT_COMMITTER_NAME", "EMAIL"), "a@b")
    env |= {"GIT_AUTHOR_EMAIL": "a@b", "GIT_COMMITTER_EMAIL": "a@b"}
    chance = random.Random(1)
    lines = [f"part {chance.random()}\n" for _ in range(3000)]
    subprocess.run(["git", "init", "-q", str(work)], check=True)
    for step in range(12):
        lines[step * 9] = f"changed {chance.random()}\n"
        (work / "lid.step").write_text("".join(lines))
        (work / f"noise{step}").write_bytes(chance.randbytes(5000 * step))
        for words in (["add", "."], ["commit", "-qm", f"step {step}"], ["tag", "-am", "t", f"v{step}"]):
            subprocess.run(["git", *words], cwd=work, env=env, check=True)
    ask = ["git", "pack-objects", "--all", "--thin", "--stdout", "-q", "--revs"]
    with_offsets = ["--delta-base-offset"]
    feed = b"^HEAD~6\n"
    packs = [
        subprocess.run([*ask, *more], cwd=work, input=feed, capture_output=True, check=True).stdout
        for more in (with_offsets, [])
    ]
    return packs


@pytest.mark.parametrize("step", [1, 7, 4096, 1 << 20])
def test_real_packs_pass_in_pieces_of_any_length(real_pack, step):
    for content in real_pack:
        measure(content, step)


def test_whatever_git_reads_the_gauge_reads(tmp_path, store, design):
    said = command.run(store.path(design), "pack-objects", "--all", "--stdout", "-q", "--revs")
    measure(said)


@pytest.mark.parametrize(
    ("content", "setting"),
    [
        (pack(entry(3, bytes(MIB + 1))), "OPENDESIGN_FILE_BYTES"),
        (pack(entry(3, b"", size=10 << 30)), "10 GiB .*OPENDESIGN_FILE_BYTES"),
        (pack(*[entry(3, bytes(MIB))] * 5), "OPENDESIGN_UNPACKED_BYTES"),
        (pack(*[entry(7, number(9) + number(MIB) + b"\x90\x01", base=bytes(20))] * 5), "OPENDESIGN_UNPACKED_BYTES"),
        (pack(entry(7, number(9) + number(1 << 40) + b"\x90\x01", base=bytes(20))), "OPENDESIGN_FILE_BYTES"),
        (pack(entry(6, number(9) + number(MIB + 1) + b"\x90\x01", base=b"\x0c")), "OPENDESIGN_FILE_BYTES"),
        (pack(entry(2, bytes(100), size=1 << 40)), "OPENDESIGN_READ_BYTES"),
        (struct.pack(">4sII", b"PACK", 2, 10_001), "OPENDESIGN_PUSH_OBJECTS"),
        (pack(entry(3, b"x")) + bytes(9 * MIB), "OPENDESIGN_PUSH_BYTES"),
    ],
)
def test_what_is_too_much_is_refused_with_its_setting(content, setting):
    for step in (5, 1 << 16):
        with pytest.raises(TooLarge, match=setting):
            measure(content, step if len(content) < 1 << 16 else 1 << 16)


@pytest.mark.parametrize(
    "content",
    [
        b"JUNK" + bytes(40),
        pack(entry(3, b"longer", size=3)),
        pack(entry(3, b"short", size=30)),
        pack(entry(5, b"x")),
        pack(entry(0, b"x")),
        pack(b"\xb0" + b"\xff" * 200),
        pack(b"\x31" + b"not zlib" * 9),
        pack(entry(7, b"\xff\xff", base=bytes(20))),
    ],
)
def test_what_is_no_pack_is_refused(content):
    with pytest.raises(Invalid):
        measure(content)


@settings(max_examples=200, deadline=None)
@given(st.binary(max_size=300), st.integers(1, 50))
def test_garbage_never_breaks_the_gauge(garbage, step):
    gauge = Gauge(LIMITS)
    content = struct.pack(">4sII", b"PACK", 2, 3) + garbage
    try:
        for start in range(0, len(content), step):
            gauge.feed(content[start : start + step])
    except Refusal:
        return
    assert len(gauge._rest) <= 100
