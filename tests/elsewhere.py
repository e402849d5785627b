"""Starts a command elsewhere than where tests run: `python elsewhere.py PLACE COMMAND…`.

Places: "user", an ordinary user; "container", inside an ordinary container; "container-user", both; "old-kernel", a
container on a kernel without Landlock. The command gets a mount namespace of its own, in which the interpreter can be
reached by everybody; the machine itself is not changed.
"""

import os
import sys
import tempfile
from pathlib import Path

from opendesign.cad.inside.jail import linux, seccomp, syscalls

USER = 54_321
# What Docker leaves to a container's root (moby/profiles, oci/caps/defaults.go), by number.
DOCKER = {0, 1, 3, 4, 5, 6, 7, 8, 10, 13, 18, 27, 29, 31}
# What Docker's default seccomp profile refuses without CAP_SYS_ADMIN, as far as a jail could want it.
REFUSED = ("mount", "umount2", "unshare", "setns", "pivot_root", "mount_setattr", "fsopen", "fsmount", "move_mount")
CLONE, NEW_NAMESPACES = {"x86_64": 56, "aarch64": 220}[linux.MACHINE], 0x7E020000


def open_to_all(path: Path) -> None:
    """Makes a path reachable for everybody, by a view of it in a folder of our own."""
    for folder in reversed(path.parents):
        if folder.stat().st_mode & 0o001:
            continue
        steps = path.relative_to(folder)
        view = os.open(path, os.O_PATH)
        linux.mount("tmpfs", str(folder), "tmpfs", 0, "mode=755,size=64k")
        (folder / steps).mkdir(parents=True)
        linux.mount(f"/proc/self/fd/{view}", str(path), None, linux.MS_BIND | linux.MS_REC)
        os.close(view)


def refuse_calls(landlock: bool) -> None:
    """Refuses what Docker's profile refuses, for this process and all that come from it; and Landlock if asked."""
    refused = seccomp.line(seccomp.RETURN, seccomp.ERRNO | 1)
    numbers = syscalls.table(linux.MACHINE)
    text = seccomp.line(seccomp.LOAD, seccomp.NUMBER)
    text += b"".join(seccomp.verdict(numbers[name], seccomp.ERRNO | 1) for name in REFUSED)
    if not landlock:
        text += seccomp.verdict(linux.NUMBERS["landlock_create_ruleset"], seccomp.ERRNO | 38)
    text += seccomp.verdict(numbers["clone3"], seccomp.ERRNO | 38)
    text += seccomp.line(seccomp.EQUAL, CLONE, 0, 3) + seccomp.line(seccomp.LOAD, seccomp.argument(0))
    text += seccomp.line(seccomp.ANY_BIT, NEW_NAMESPACES, 0, 1) + refused
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    seccomp.load(text + seccomp.line(seccomp.RETURN, seccomp.ALLOW))


def main() -> None:
    """Goes there and becomes the command."""
    where, command = sys.argv[1], sys.argv[2:]
    linux.unshare(linux.CLONE_NEWNS)
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    open_to_all(Path(os.path.realpath(sys.base_prefix)))
    open_to_all(Path(__file__).resolve().parents[1])
    if where != "user":
        for capability in set(range(linux.LAST_CAPABILITY + 1)) - DOCKER:
            linux.LIBC.prctl(linux.PR_CAPBSET_DROP, capability, 0, 0, 0)
        refuse_calls(landlock=where != "old-kernel")
    if where.endswith("user"):
        os.setgroups([])
        os.setresgid(USER, USER, USER)
        os.setresuid(USER, USER, USER)
        os.environ["HOME"] = tempfile.gettempdir()
    os.execv(command[0], command)


if __name__ == "__main__":
    main()
