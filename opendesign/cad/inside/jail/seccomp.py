"""Writes the seccomp program of a job: an allow list, in the kernel's own bytecode."""

import ctypes
import errno
import functools
import struct

from opendesign.cad.inside.jail import linux, syscalls

LOAD, EQUAL, AT_LEAST, ANY_BIT, RETURN = 0x20, 0x15, 0x35, 0x45, 0x06
KILL_PROCESS, ERRNO, ALLOW = 0x80000000, 0x00050000, 0x7FFF0000
# struct seccomp_data: number, architecture, instruction pointer, six arguments of eight bytes (low half first).
NUMBER, ARCHITECTURE = 0, 4
AUDIT_ARCHITECTURE = {"x86_64": 0xC000003E, "aarch64": 0xC00000B7}
X32_BIT = 0x40000000
FIONREAD, TCGETS = 0x541B, 0x5401
# Duplicates, flags, locks and seals (fcntl.h). Not F_SETOWN and F_SETSIG: with them a pipe signals any process.
FCNTL = [*range(8), 36, 37, 38, 1030, 1033, 1034]
SET_MODE_FILTER = 1
O_ACCMODE, O_TRUNC = 3, 0x200


def line(code: int, operand: int, if_true: int = 0, if_false: int = 0) -> bytes:
    """Returns one instruction; the jumps count the instructions to skip."""
    return struct.pack("HBBI", code, if_true, if_false, operand & 0xFFFFFFFF)


def argument(index: int, high: bool = False) -> int:
    """Returns where half of an argument lies."""
    return 16 + 8 * index + (4 if high else 0)


def verdict(number: int, outcome: int) -> bytes:
    """Returns the lines that end in `outcome` for one system call."""
    return line(EQUAL, number, 0, 1) + line(RETURN, outcome)


def only_with(number: int, wanted: list[tuple[int, int]], otherwise: int) -> bytes:
    """Returns the lines that allow a call if every (place, value) holds, and refuse it with an error if not."""
    body = b""
    left = len(wanted)
    for place, value in wanted:
        left -= 1
        body += line(LOAD, place) + line(EQUAL, value, 0, 2 * left + 1)
    body += line(RETURN, ALLOW) + line(RETURN, ERRNO | otherwise)
    return line(EQUAL, number, 0, len(body) // 8) + body


def only_requests(number: int, requests: list[int], otherwise: int) -> bytes:
    """Returns the lines that allow an ioctl or fcntl for a few requests and refuse the others."""
    body = line(LOAD, argument(1))
    left = len(requests)
    for request in requests:
        body += line(EQUAL, request, left, 0)
        left -= 1
    body += line(RETURN, ERRNO | otherwise) + line(RETURN, ALLOW)
    return line(EQUAL, number, 0, len(body) // 8) + body


def no_cut_by_readers(number: int, flags: int) -> bytes:
    """Returns the lines that allow opening a file, unless it is opened to be read and cut to nothing all the same.

    Landlock denies that from ABI 3 on only. flags: the place of the call's flags.
    """
    body = line(LOAD, flags) + line(ANY_BIT, O_TRUNC, 0, 2) + line(ANY_BIT, O_ACCMODE, 1, 0)
    body += line(RETURN, ERRNO | errno.EPERM) + line(RETURN, ALLOW)
    return line(EQUAL, number, 0, len(body) // 8) + body


@functools.cache
def program(pid: int, machine: str = linux.MACHINE) -> bytes:
    """Returns the filter for a process: EPERM by default, death for hostile calls and foreign architectures.

    Raises OSError for an architecture without a table.
    """
    numbers = syscalls.table(machine)
    if not numbers:
        raise OSError(errno.ENOSYS, f"no system call table for {machine}")
    text = line(LOAD, ARCHITECTURE) + line(EQUAL, AUDIT_ARCHITECTURE[machine], 1, 0) + line(RETURN, KILL_PROCESS)
    text += line(LOAD, NUMBER)
    if machine == "x86_64":
        text += line(AT_LEAST, X32_BIT, 0, 1) + line(RETURN, KILL_PROCESS)
    for names, outcome in (
        (syscalls.ALLOWED, ALLOW),
        (syscalls.KILLED, KILL_PROCESS),
        (syscalls.ABSENT, ERRNO | errno.ENOSYS),
    ):
        text += b"".join(verdict(numbers[name], outcome) for name in names if name in numbers)
    for name in ("kill", "tgkill", "tkill"):
        text += only_with(numbers[name], [(argument(0), pid)], errno.EPERM)
    for name, flags in (("open", argument(1)), ("openat", argument(2))):
        if name in numbers:
            text += no_cut_by_readers(numbers[name], flags)
    of_itself = [(argument(0), linux.PIDFD_SELF & 0xFFFFFFFF)]  # to anybody else it may say nothing
    text += only_with(numbers["process_madvise"], of_itself, errno.EPERM)
    no_new_limit = [(argument(2), 0), (argument(2, high=True), 0)]
    text += only_with(numbers["prlimit64"], no_new_limit, errno.EPERM)
    text += only_requests(numbers["ioctl"], [FIONREAD, TCGETS], errno.ENOTTY)
    text += only_requests(numbers["fcntl"], FCNTL, errno.EPERM)
    return text + line(RETURN, ERRNO | errno.EPERM)


class Program(ctypes.Structure):
    """struct sock_fprog."""

    _fields_ = [("length", ctypes.c_ushort), ("filter", ctypes.c_void_p)]


def load(text: bytes) -> None:
    """Puts this process under a filter for good; needs no_new_privs."""
    lines = ctypes.create_string_buffer(text, len(text))
    filter_program = Program(len(text) // 8, ctypes.addressof(lines))
    linux.syscall("seccomp", SET_MODE_FILTER, 0, ctypes.byref(filter_program))
