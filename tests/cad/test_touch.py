"""A child has its own copy of what a job writes to before the job comes."""

import json
import os
import subprocess
import sys

import pytest

from opendesign.cad import parent
from opendesign.cad.inside.jail import touch

PAGES = 500
FORKS = f"""
import json, os, resource, sys
from opendesign.cad.inside.jail import touch
page, pages = os.sysconf("SC_PAGE_SIZE"), {PAGES}
shared = bytearray(b"x" * page * pages)

def write():
    for place in range(0, len(shared), page):
        shared[place] = 7

def faults(prepare):
    heard, told = os.pipe()
    if os.fork() == 0:
        prepare()
        before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
        write()
        os.write(told, str(resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before).encode())
        os._exit(0)
    os.close(told)
    found = int(os.read(heard, 100))
    os.wait()
    return found

needed = touch.after(write)
if sys.argv[1:] == ["one by one"]:
    touch.advise_at_once = lambda wanted, ranges: False  # as older kernels answer
print(json.dumps([faults(lambda: None), faults(lambda: touch.again(needed)), shared[0]]))
"""


@pytest.mark.parametrize("how", ["at once", "one by one"])
def test_a_child_that_has_touched_what_its_job_will_write_to_copies_nothing_later(how):
    said = subprocess.run([sys.executable, "-c", FORKS, how], capture_output=True, text=True, check=True).stdout
    unprepared, prepared, left = json.loads(said)
    assert unprepared >= PAGES > 10 * prepared
    assert left == ord("x"), "the rehearsal has changed the parent"


GROWS = """
import ctypes, json, os, resource
from opendesign.cad.inside.jail import linux, touch
linux.LIBC.malloc.restype = ctypes.c_void_p
linux.LIBC.malloc.argtypes = (ctypes.c_size_t,)

def work():
    for _ in range(8):
        ctypes.memset(linux.LIBC.malloc(1 << 20), 1, 1 << 20)

def faults():
    before = resource.getrusage(resource.RUSAGE_SELF).ru_minflt
    work()
    return resource.getrusage(resource.RUSAGE_SELF).ru_minflt - before

needed = touch.after(work)
touch.again(needed)
print(json.dumps([faults(), faults()]))
"""


def test_the_heap_that_a_job_will_grow_by_is_there_and_cleared_before_it_comes():
    tuned = {"GLIBC_TUNABLES": parent.ENVIRONMENT["GLIBC_TUNABLES"].replace("glibc.malloc.hugetlb=1:", "")}
    command = [sys.executable, "-c", GROWS]
    said = subprocess.run(command, capture_output=True, text=True, check=True, env=os.environ | tuned).stdout
    prepared, unprepared = json.loads(said)
    assert unprepared > 2000 > 20 * prepared


def test_a_rehearsal_that_fails_is_no_secret():
    code = "from opendesign.cad.inside.jail import touch\ntouch.after(lambda: 1 / 0)"
    ended = subprocess.run([sys.executable, "-c", code], capture_output=True, text=True, check=False)
    assert "RuntimeError: The rehearsal of a job has failed: ZeroDivisionError" in ended.stderr


def test_only_own_pages_are_copied_and_pages_of_files_are_looked_at():
    own, library, shared = touch.PRESENT | touch.EXCLUSIVE, touch.PRESENT | touch.OF_A_FILE, touch.PRESENT
    assert touch.advice(own, "rw-p") == touch.POPULATE_WRITE
    assert touch.advice(own, "r--p") == touch.advice(shared, "rw-p") == touch.advice(0, "rw-p") == 0
    assert touch.advice(library, "r-xp") == touch.POPULATE_READ


def test_neighbouring_pages_are_one_stretch():
    write, read = touch.POPULATE_WRITE, touch.POPULATE_READ
    found = list(touch.stretches(10, [0, write, write, read, 0, 0, write]))
    pages = [(place // touch.PAGE, size // touch.PAGE, advice) for place, size, advice in found]
    assert pages == [(11, 2, write), (13, 1, read), (16, 1, write)]
    assert list(touch.stretches(10, [])) == []
