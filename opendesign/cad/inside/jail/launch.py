"""Builds the outer jail and starts the warm parent in it: `launch MODE ORDER`, ORDER being JSON.

In mode "namespaces" the process gets its own user, mount, pid, network, ipc, uts and cgroup namespaces and a root
folder that holds only the interpreter, its packages, system libraries and fonts, all read-only. In mode "plain", for
containers that allow none of this, it only cleans the environment: the jail of each job must then do alone.
"""

import json
import os
import resource
import signal
import sys

from opendesign.cad.inside.jail import linux

SPARE_IDENTITIES = 64
# Above all ranges that distributions, containers and directory services hand out, below 2^31.
FIRST_SPARE = 0x70000000
REST_OF_NAMESPACES = (
    linux.CLONE_NEWPID | linux.CLONE_NEWNET | linux.CLONE_NEWIPC | linux.CLONE_NEWUTS | linux.CLONE_NEWCGROUP
)
MOUNT_POINT = "/tmp"
FOLDERS = ("/model/work", "/proc", "/scratch", "/outside")
DEVICES = ("/dev/null", "/dev/zero", "/dev/urandom")


def main() -> None:
    """Builds the jail and becomes the warm parent."""
    mode, order = sys.argv[1], json.loads(sys.argv[2])
    linux.die_with_parent()
    if os.getppid() != order["server"]:
        sys.exit("the engine is gone")
    linux.close_all_but([order["control"]])
    resource.setrlimit(resource.RLIMIT_CORE, (0, 0))
    if mode == "namespaces":
        leave(order["shown"])
    linux.prctl(linux.PR_SET_NO_NEW_PRIVS, 1)
    os.execve(order["command"][0], order["command"], order["environment"])


def leave(shown: list[str]) -> None:
    """Enters the new namespaces and root; returns in the new init process, the old one only waits for it."""
    if os.getuid() == 0 and maps_spare_identities():
        linux.unshare(linux.CLONE_NEWNS)
        build_root(shown)
        enter_as_stranger()
    else:
        user, group = os.getuid(), os.getgid()
        linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWNS | REST_OF_NAMESPACES)
        write("/proc/self/setgroups", "deny")
        write("/proc/self/uid_map", f"0 {user} 1")
        write("/proc/self/gid_map", f"0 {group} 1")
        build_root(shown)
    pid = os.fork()
    if pid:
        wait_for(pid)
    linux.die_with_parent()
    linux.mount("proc", "/proc", "proc", linux.MS_NOSUID | linux.MS_NODEV | linux.MS_NOEXEC)
    linux.LIBC.sethostname(b"model", 5)


def maps_spare_identities() -> bool:
    """Says whether this user namespace knows the identities that jobs are to run under."""
    with open("/proc/self/uid_map") as ranges:
        rows = [tuple(map(int, row.split())) for row in ranges]
    return any(start <= FIRST_SPARE and start + size >= FIRST_SPARE + SPARE_IDENTITIES for start, _, size in rows)


def build_root(shown: list[str]) -> None:
    """Makes a root folder of read-only views and moves into it; the old root is gone afterwards."""
    linux.mount(None, "/", None, linux.MS_REC | linux.MS_PRIVATE)
    os.umask(0o022)
    # Opened first: the tmpfs may cover the folder in which they lie.
    views = [(path, os.open(path, os.O_PATH | os.O_CLOEXEC)) for path in (*shown, *DEVICES) if os.path.exists(path)]
    proc = os.open("/proc", os.O_PATH | os.O_CLOEXEC)
    links = {path: os.readlink(path) for path in ("/lib", "/lib64") if os.path.islink(path)}
    linux.mount("tmpfs", MOUNT_POINT, "tmpfs", linux.MS_NOSUID | linux.MS_NODEV, "mode=755,size=1m")
    for path, view in sorted(views):
        show(view, MOUNT_POINT + path, path in DEVICES)
    for folder in FOLDERS:
        os.makedirs(MOUNT_POINT + folder, exist_ok=True)
    for path, target in links.items():
        if not os.path.lexists(MOUNT_POINT + path):
            os.symlink(target, MOUNT_POINT + path)
    linux.mount(f"/proc/self/fd/{proc}", f"{MOUNT_POINT}/proc", None, linux.MS_BIND | linux.MS_REC)
    linux.pivot_root(MOUNT_POINT, f"{MOUNT_POINT}/outside")
    os.chdir("/")
    linux.unmount("/outside")
    flags = linux.MS_REMOUNT | linux.MS_RDONLY | linux.MS_NOSUID | linux.MS_NODEV
    linux.mount(None, "/", None, flags)


def show(view: int, target: str, is_device: bool) -> None:
    """Binds what a descriptor points at to a place in the new root, read-only."""
    if os.path.isdir(f"/proc/self/fd/{view}"):
        os.makedirs(target, exist_ok=True)
    elif not os.path.exists(target):
        os.makedirs(os.path.dirname(target), exist_ok=True)
        os.close(os.open(target, os.O_CREAT | os.O_WRONLY, 0o644))
    linux.mount(f"/proc/self/fd/{view}", target, None, linux.MS_BIND | linux.MS_REC)
    device = linux.MS_NOEXEC if is_device else linux.MS_NODEV
    linux.restrict_mount(target, linux.MS_RDONLY | linux.MS_NOSUID | device)
    os.close(view)


def enter_as_stranger() -> None:
    """Enters a user namespace in which not even root is anybody outside; a second process must write the map."""
    me = os.getpid()
    asked, ask = os.pipe()
    answered, answer = os.pipe()
    scribe = os.fork()
    if scribe == 0:
        os.close(ask)
        if os.read(asked, 1):
            write(f"/proc/{me}/uid_map", f"0 {FIRST_SPARE} {SPARE_IDENTITIES}")
            write(f"/proc/{me}/gid_map", f"0 {FIRST_SPARE} {SPARE_IDENTITIES}")
            os.write(answer, b"y")
        os._exit(0)
    linux.unshare(linux.CLONE_NEWUSER | linux.CLONE_NEWNS | REST_OF_NAMESPACES)
    os.close(answer)
    os.write(ask, b"y")
    if os.read(answered, 1) != b"y":
        sys.exit("the identities of the jail could not be mapped")
    os.waitpid(scribe, 0)
    for descriptor in (asked, ask, answered):
        os.close(descriptor)
    os.setgroups([])
    os.setresgid(0, 0, 0)
    os.setresuid(0, 0, 0)


def write(path: str, text: str) -> None:
    """Writes a line to a file of the kernel's."""
    with open(path, "w") as place:
        place.write(text)


def wait_for(pid: int) -> None:
    """Ends as the jailed process ends, and takes it along if the engine dies."""
    signal.signal(signal.SIGINT, signal.SIG_IGN)
    linux.die_with_parent()
    _, status = os.waitpid(pid, 0)
    sys.exit(os.waitstatus_to_exitcode(status) & 0xFF)
