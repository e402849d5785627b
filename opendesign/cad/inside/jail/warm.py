"""Imports the CAD kernel once, and keeps the children that do the jobs."""

import gc
import importlib
import json
import os
import socket
import sys
import tempfile
import time
from collections.abc import Callable
from functools import partial
from types import ModuleType

from opendesign.cad.inside.jail import cage, identity, landlock, linux, putoff, syscalls, touch, vtkstandin, work
from opendesign.cad.inside.jail.nursery import Nursery

# Python learns what a function is given after some calls: children that inherit that do a box model 10 ms faster.
REHEARSALS = 3


def warmed(order: dict) -> ModuleType:
    """Imports the CAD kernel and build something small with it; returns the module that performs jobs."""
    sys.dont_write_bytecode = True
    standard = [path for path in sys.path if path != order["ours"]]
    sys.path[:] = [*standard, *order["packages"], order["ours"]]
    vtkstandin.install()
    # One thread, before any other OCCT call: pool threads do not survive a fork, and every child would wait for them.
    importlib.import_module("OCP.OSD").OSD_ThreadPool.DefaultPool_s(1)
    processors = os.sched_getaffinity(0)
    os.sched_setaffinity(0, {min(processors)})
    environment = dict(os.environ)
    with putoff.put_off():
        run = importlib.import_module("opendesign.cad.inside.run")
    run.warm()
    for _ in range(REHEARSALS):
        rehearse(run.rehearse)
    importlib.import_module("numpy.random").seed()  # numpy would import it in every child, for 9 ms
    for name in os.environ.keys() - environment.keys():
        del os.environ[name]  # libraries leave settings of their own behind
    settle_threads()
    os.sched_setaffinity(0, processors)
    # Models find the standard library and the packages; of ours only what is already imported.
    sys.path[:] = [*standard, *order["packages"]]
    threads = len(os.listdir("/proc/self/task"))
    if threads != 1:
        raise RuntimeError(f"{threads} threads after warming up, but only one survives a fork")
    return run


def rehearse(rehearsal: Callable[[], None]) -> None:
    """Does a job as children do theirs, in a folder of its own below the one at hand."""
    before = os.getcwd()
    with tempfile.TemporaryDirectory(dir=before) as folder:
        os.chdir(folder)
        rehearsal()
        os.chdir(before)


def rehearse_alone(rehearsal: Callable[[], None], folder: str) -> None:
    """Does a job as children do theirs, in a folder, in a process of its own."""
    os.chdir(folder)
    work.settle()
    rehearsal()


def settle_threads() -> None:
    """Makes manifold3d's TBB count the one processor it sees now: no child may start the threads it would want."""
    manifold = importlib.import_module("manifold3d").Manifold
    # Fewer than some 10,000 triangles are computed without TBB, which then would count later.
    (manifold.sphere(10, 200) - manifold.cube([10, 10, 10])).volume()


def main() -> None:
    """Warms up, then serve the engine behind the control socket."""
    began = time.monotonic()
    order = json.loads(sys.argv[1])
    control = socket.socket(fileno=order["control"])
    namespaces = order["mode"] == "namespaces"
    scratch = "/scratch" if namespaces else order["jobs_folder"]
    if namespaces:
        linux.mount("tmpfs", scratch, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=700,size=64m")
    os.chdir(scratch)
    run = warmed(order)
    gc.collect()
    gc.freeze()
    linux.give_back()
    linux.gather_pages()
    with tempfile.TemporaryDirectory() as folder:
        needed = touch.after(partial(rehearse_alone, run.rehearse, folder))
    os.chdir("/")
    if namespaces:
        linux.unmount(scratch)
    layers = order["terms"]["layers"]
    layers["landlock"] = layers["landlock"] and landlock.abi() > 0
    layers["seccomp"] = layers["seccomp"] and bool(syscalls.table(linux.MACHINE))
    user = identity.first_user(order["mode"], order["terms"]["readable"], order["jobs_folder"])
    terms = cage.Terms(mode=order["mode"], first_user=user, **order["terms"])
    terms.prepare()
    hello = {"event": "ready", "landlock": landlock.abi(), "seconds": time.monotonic() - began}
    control.send(json.dumps(hello).encode())
    nursery = Nursery(control, terms, order, run.perform, needed)
    nursery.tend()
    nursery.end()
