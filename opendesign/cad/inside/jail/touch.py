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
from dataclasses import dataclass

from opendesign.cad.inside.jail import linux

PAGE = os.sysconf("SC_PAGE_SIZE")
PRESENT, OF_A_FILE, EXCLUSIVE = 1 << 63, 1 << 61, 1 << 56  # Documentation/admin-guide/mm/pagemap.rst
POPULATE_READ, POPULATE_WRITE = 22, 23  # madvise(2), Linux 5.14
GROW = -1  # no advice to the kernel: the heap is made larger by so much


@dataclass
class Stretch:
    """Some bytes of memory from an address on, and what to advise the kernel about them."""

    place: int
    size: int
    advice: int


def after(rehearsal: Callable[[], None]) -> list[Stretch]:
    """Lets a child that differs from later ones in nothing do some work, and returns what it has touched.

    Nothing where the kernel does not say (some containers hide it). Raises RuntimeError if the work fails.
    """
    if not os.access("/proc/self/pagemap", os.R_OK):
        return []
    heard, told = os.pipe()
    pid = os.fork()
    if pid == 0:
        try:
            end = heap_end()
            rehearsal()
            found: object = [(0, max(heap_end() - end, 0), GROW), *touched()]
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
    return [Stretch(*stretch) for stretch in found]


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


def again(found: list[Stretch]) -> None:
    """Touches the same memory in this process; what a kernel cannot do, or is not there, is done when it is needed."""
    advise = linux.LIBC.madvise
    advise.argtypes = (ctypes.c_void_p, ctypes.c_size_t, ctypes.c_int)  # told once, not with each of 2,800 calls
    for stretch in found:
        if stretch.advice == GROW:
            grow(stretch.size)
        else:
            advise(stretch.place, stretch.size, stretch.advice)


def heap_end() -> int:
    """Returns the address at which the heap ends."""
    linux.LIBC.sbrk.restype = ctypes.c_void_p
    return int(linux.LIBC.sbrk(0) or 0)


def grow(size: int) -> None:
    """Makes the heap larger for what will be allocated; the C library keeps what is freed (cad/parent.py)."""
    linux.LIBC.malloc.restype, linux.LIBC.malloc.argtypes = ctypes.c_void_p, (ctypes.c_size_t,)
    linux.LIBC.free.argtypes = (ctypes.c_void_p,)
    linux.LIBC.free(linux.LIBC.malloc(size))
