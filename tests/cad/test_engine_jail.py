"""The parts of the jail that can be looked at from outside."""

import fcntl
import os
import struct
from pathlib import Path

import pytest

from opendesign.cad import parent
from opendesign.cad.inside.jail import cage, seccomp, syscalls, work


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_every_dangerous_call_has_a_number(machine: str) -> None:
    table = syscalls.table(machine)
    only_x86 = {"ioperm", "iopl"}
    assert {name for name in syscalls.KILLED if name not in table} <= (only_x86 if machine == "aarch64" else set())
    only_x86 = {"open"} if machine == "aarch64" else set()
    assert {name for name in (*syscalls.ABSENT, *syscalls.CHECKED) if name not in table} == only_x86
    assert len(set(table.values())) == len(table)
    assert not set(syscalls.ALLOWED) & {
        *syscalls.KILLED,
        "socket",
        "execve",
        "fork",
        "clone",
        "prctl",
        "symlinkat",
        "truncate",
    }


class Machine:
    """Runs a filter as the kernel would, far enough for ours."""

    def __init__(self, program: bytes):
        self.lines = [struct.unpack_from("HBBI", program, place) for place in range(0, len(program), 8)]

    def verdict(self, number: int, architecture: int, *arguments: int) -> int:
        call = struct.pack("<IIQ6Q", number, architecture, 0, *(*arguments, *[0] * 6)[:6])
        place = accumulator = 0
        while True:
            code, if_true, if_false, operand = self.lines[place]
            place += 1
            if code == seccomp.LOAD:
                accumulator = struct.unpack_from("<I", call, operand)[0]
            elif code == seccomp.RETURN:
                return operand
            else:
                holds = {
                    seccomp.EQUAL: accumulator == operand,
                    seccomp.AT_LEAST: accumulator >= operand,
                    seccomp.ANY_BIT: bool(accumulator & operand),
                }[code]
                place += if_true if holds else if_false


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_the_filter_says_what_the_lists_say(machine: str) -> None:
    filter_ = Machine(seccomp.program(7, machine))
    here, table = seccomp.AUDIT_ARCHITECTURE[machine], syscalls.table(machine)
    refused = seccomp.ERRNO | 1
    for number in range(500):
        names = [name for name, value in table.items() if value == number]
        expected = refused
        if names and names[0] in syscalls.ALLOWED:
            expected = seccomp.ALLOW
        elif names and names[0] in syscalls.KILLED:
            expected = seccomp.KILL_PROCESS
        elif names and names[0] in syscalls.ABSENT:
            expected = seccomp.ERRNO | 38
        elif names and names[0] in syscalls.CHECKED:
            continue
        assert filter_.verdict(number, here) == expected, names or number
    assert filter_.verdict(table["read"], 0x40000003) == seccomp.KILL_PROCESS
    if machine == "x86_64":
        assert filter_.verdict(0x40000000 | table["read"], here) == seccomp.KILL_PROCESS


@pytest.mark.parametrize("machine", ["x86_64", "aarch64"])
def test_checked_calls_pass_only_with_harmless_arguments(machine: str) -> None:
    filter_ = Machine(seccomp.program(7, machine))
    here, table = seccomp.AUDIT_ARCHITECTURE[machine], syscalls.table(machine)
    for name in ("kill", "tgkill", "tkill"):
        assert filter_.verdict(table[name], here, 7, 9) == seccomp.ALLOW
        assert filter_.verdict(table[name], here, 8, 9) == seccomp.ERRNO | 1
    assert filter_.verdict(table["process_madvise"], here, -10000 & 0xFFFFFFFF) == seccomp.ALLOW
    for other in (0, 7, -10001 & 0xFFFFFFFF):
        assert filter_.verdict(table["process_madvise"], here, other) == seccomp.ERRNO | 1
    assert filter_.verdict(table["prlimit64"], here, 0, 7, 0, 1 << 40) == seccomp.ALLOW
    assert filter_.verdict(table["prlimit64"], here, 0, 7, 1 << 40) == seccomp.ERRNO | 1
    assert filter_.verdict(table["prlimit64"], here, 0, 7, 1) == seccomp.ERRNO | 1
    assert filter_.verdict(table["ioctl"], here, 1, seccomp.TCGETS) == seccomp.ALLOW
    assert filter_.verdict(table["ioctl"], here, 1, seccomp.FIONREAD) == seccomp.ALLOW
    assert filter_.verdict(table["ioctl"], here, 1, 0x5412) == seccomp.ERRNO | 25
    for request in (fcntl.F_DUPFD_CLOEXEC, fcntl.F_GETFD, fcntl.F_SETFL, fcntl.F_SETLK, fcntl.F_OFD_SETLKW):
        assert filter_.verdict(table["fcntl"], here, 1, request) == seccomp.ALLOW
    for request in (fcntl.F_SETOWN, fcntl.F_SETSIG, 15, fcntl.F_NOTIFY, fcntl.F_SETLEASE, 1031):
        assert filter_.verdict(table["fcntl"], here, 1, request) == seccomp.ERRNO | 1
    for name, before in (("open", (0,)), ("openat", (0, 0))):
        if name not in table:
            continue
        for flags in (os.O_RDONLY, os.O_WRONLY | os.O_TRUNC | os.O_CREAT, os.O_RDWR | os.O_TRUNC, os.O_RDWR):
            assert filter_.verdict(table[name], here, *before, flags | os.O_CLOEXEC) == seccomp.ALLOW
        assert filter_.verdict(table[name], here, *before, os.O_RDONLY | os.O_TRUNC) == seccomp.ERRNO | 1


def test_a_folder_deeper_than_any_path_is_seen_and_removed(tmp_path: Path) -> None:
    top = tmp_path / "job"
    top.mkdir()
    here = os.open(top, os.O_RDONLY)
    for _ in range(3000):
        os.mkdir("d", dir_fd=here)
        inner = os.open("d", os.O_RDONLY, dir_fd=here)
        os.close(here)
        here = inner
    os.close(here)
    (top / "link").symlink_to(tmp_path / "kept")
    (tmp_path / "kept").mkdir()
    (tmp_path / "kept/file").write_text("stays")
    assert work.is_over(str(top), 1 << 30)
    work.remove(str(top))
    assert not top.exists()
    assert (tmp_path / "kept/file").read_text() == "stays"


def test_a_folder_is_over_by_size_or_by_count(tmp_path: Path) -> None:
    (tmp_path / "a").mkdir()
    (tmp_path / "a/file").write_bytes(bytes(100_000))
    assert not work.is_over(str(tmp_path), 1 << 20)
    assert work.is_over(str(tmp_path), 50_000)
    for number in range(cage.MOST_FILES):
        (tmp_path / f"a/{number}").touch()
    assert work.is_over(str(tmp_path), 1 << 20)


def test_the_jail_shows_only_what_python_and_models_need() -> None:
    root = parent.ours()
    own = [Path(path).relative_to(root).as_posix() for path in parent.shown() if Path(path).is_relative_to(root)]
    packages = [Path(path) for path in parent.packages()]
    own = [path for path in own if not any((root / path) == package for package in packages)]
    assert sorted(own) == ["opendesign/__init__.py", "opendesign/cad/__init__.py", "opendesign/cad/inside"]
