"""Finds out which memory a job touches, so that a child has its own of it before its job comes.

A forked child shares its parent's memory until it writes to it. A box model writes to 6,000 pages and reads from 900
that its page table does not show yet: 30 ms of copying, one fault at a time, for which somebody would have to wait.
Its heap grows by 16 MB, which the kernel clears first: 7 ms more.
"""

import ctypes
import json
import os
import struct
from collections.abc import Callable, Iterator
from dataclasses import dataclass, field

from opendesign.cad.inside.jail import linux

PAGE = os.sysconf("SC_PAGE_SIZE")
PRESENT, OF_A_FILE, EXCLUSIVE = 1 << 63, 1 << 61, 1 << 56  # Documentation/admin-guide/mm/pagemap.rst
POPULATE_READ, POPULATE_WRITE = 22, 23  # madvise(2), Linux 5.14
AT_ONCE = 1000  # ranges the kernel takes in one call (UIO_MAXIOV is 1024)


class Range(ctypes.Structure):
    """Some bytes of memory from an address on (struct iovec)."""

    _fields_ = [("place", ctypes.c_void_p), ("size", ctypes.c_size_t)]


@dataclass
class Needed:
    """What a job needs of memory: by how many bytes its heap grows, and what to advise the kernel about which ranges.

    As the kernel takes them: arrays of at most a thousand ranges.
    """

    growth: int = 0
    advised: list[tuple[int, ctypes.Array]] = field(default_factory=list)

    @classmethod
    def of(cls, growth: int, found: list[tuple[int, int, int]]) -> "Needed":
        """Returns it for places, sizes and advices."""
        needed = cls(growth)
        for wanted in (POPULATE_READ, POPULATE_WRITE):
            ranges = [Range(place, size) for place, size, each in found if each == wanted]
            for start in range(0, len(ranges), AT_ONCE):
                some = ranges[start : start + AT_ONCE]
                needed.advised.append((wanted, (Range * len(some))(*some)))
        return needed


def after(rehearsal: Callable[[], None]) -> Needed:
    """Lets a child that differs from later ones in nothing do some work, and returns what it has touched.

    Nothing where the kernel does not say (some containers hide it). Raises RuntimeError if the work fails.
    """
    if not os.access("/proc/self/pagemap", os.R_OK):
        return Needed()
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            end = heap_end()
            rehearsal()
            found: object = [max(heap_end() - end, 0), list(touched())]
        except BaseException as trouble:
            found = repr(trouble)
        with open(told, "w") as pipe:
            json.dump(found, pipe)
        os._exit(0)
    os.close(told)
    with open(heard) as pipe:
        text = pipe.read()
    os.waitpid(pid, 0)
    found = json.loads(text or '"it ended without a word"')
    if isinstance(found, str):
        raise RuntimeError(f"The rehearsal of a job has failed: {found}")
    return Needed.of(*found)


def touched() -> Iterator[tuple[int, int, int]]:
    """Yields place, size and advice of all memory that is this process's own, and of files that it has looked at."""
    with open("/proc/self/maps") as lines, open("/proc/self/pagemap", "rb", buffering=0) as table:
        for line in lines:
            span, rights, *rest = line.split(maxsplit=5)
            first, end = (int(number, 16) // PAGE for number in span.split("-"))
            if "r" not in rights or (len(rest) > 3 and rest[3].startswith("[v")):
                continue
            table.seek(first * 8)
            words = table.read((end - first) * 8)
            advices = [advice(word, rights) for (word,) in struct.iter_unpack("<Q", words)]
            yield from stretches(first, advices)


def advice(word: int, rights: str) -> int:
    """Returns what to advise about a page of which the kernel says this word, 0 for nothing."""
    if not word & PRESENT:
        return 0
    if word & OF_A_FILE:
        return POPULATE_READ
    return POPULATE_WRITE if word & EXCLUSIVE and "w" in rights else 0


def stretches(first: int, advices: list[int]) -> Iterator[tuple[int, int, int]]:
    """Yields place, size and advice of neighbouring pages that are to be treated alike."""
    begin = 0
    for page in range(1, len(advices) + 1):
        if page == len(advices) or advices[page] != advices[begin]:
            if advices[begin]:
                yield (first + begin) * PAGE, (page - begin) * PAGE, advices[begin]
            begin = page


def again(needed: Needed) -> None:
    """Touches the same memory in this process; what a kernel cannot do, or is not there, is done when it is needed."""
    grow(needed.growth)
    for wanted, ranges in needed.advised:
        if not advise_at_once(wanted, ranges):
            for each in ranges:
                linux.LIBC.madvise(ctypes.c_void_p(each.place), ctypes.c_size_t(each.size), ctypes.c_int(wanted))


def advise_at_once(wanted: int, ranges: ctypes.Array) -> bool:
    """Advises the kernel about all of some ranges, and says whether it has followed (from 6.14 on).

    2,600 calls, one for each range, take a third longer.
    """
    try:
        done = linux.syscall("process_madvise", linux.PIDFD_SELF, ranges, len(ranges), wanted, 0)
    except OSError:
        return False
    return done == sum(each.size for each in ranges)


def heap_end() -> int:
    """Returns the address at which the heap ends."""
    linux.LIBC.sbrk.restype = ctypes.c_void_p
    return int(linux.LIBC.sbrk(0) or 0)


def grow(size: int) -> None:
    """Makes the heap larger for what will be allocated; the C library keeps what is freed (cad/parent.py)."""
    linux.LIBC.malloc.restype, linux.LIBC.malloc.argtypes = ctypes.c_void_p, (ctypes.c_size_t,)
    linux.LIBC.free.argtypes = (ctypes.c_void_p,)
    linux.LIBC.free(linux.LIBC.malloc(size))
