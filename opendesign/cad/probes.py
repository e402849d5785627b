"""The scripts of the self-test: each does what a hostile model would, and says whether it was stopped."""

# An honest model at the end, so that a probe that was stopped everywhere is still a successful build.
HONEST = "import cadquery\nresult = cadquery.Workplane().box(1, 2, 3)\n"

# SECRETS, BYTES and NAMES are put in front as assignments.
REACH = (
    """
import json, os, resource, socket, stat, threading

def denied(attempt, *arguments):
    try:
        attempt(*arguments)
    except (OSError, MemoryError, RuntimeError, ValueError):
        return True
    return False

def writable(path):
    # Where nothing stops it, nothing may be left behind either: it is the host.
    there = os.path.exists(path)
    open(path, "ab").close()
    if not there:
        os.unlink(path)

def cut(path):
    os.truncate(path, 0)
    os.utime(path)

def forked():
    if os.fork() == 0:
        os._exit(0)
    os.wait()

def kind(number):
    try:
        return stat.S_IFMT(os.fstat(number).st_mode)
    except OSError:
        return None

secrets = ["/etc/passwd", "/etc/hostname", "/proc/self/environ", "/proc/1/environ", "/proc/self/maps", *SECRETS]
folders = ["/", "/etc", "/home", "/root", "/proc", "/sys", "/dev", "/tmp"]
places = ["/x", "/model/x", "/tmp/x", "/dev/shm/x", "/var/tmp/x", os.path.dirname(os.__file__) + "/x", *SECRETS]
sockets = [(2, 1), (2, 2), (10, 1), (1, 1), (1, 5), (16, 3), (17, 3)]
others = {0, -1, 2, 3, os.getppid()} - ({0} if os.getppid() else set())
descriptors = [kind(number) for number in range(256) if kind(number) is not None]
held = {
    "host files are unreadable": all(denied(open, path, "rb") for path in secrets),
    "host folders are unlistable": all(denied(os.listdir, path) for path in folders),
    "host files are unwritable": all(denied(writable, path) for path in places)
    and all(denied(cut, path) for path in SECRETS),
    "no network": all(denied(socket.socket, *each) for each in sockets) and denied(socket.socketpair),
    "no processes": denied(forked) and denied(os.execv, "/bin/true", ["true"]),
    "no threads": denied(threading.Thread(target=print).start),
    "no signals to others": all(denied(os.kill, pid, 0) for pid in others),
    "memory is limited": denied(bytearray, BYTES),
    "limits are fixed": denied(resource.setrlimit, resource.RLIMIT_CPU, (-1, -1)),
    "no links": denied(os.symlink, "/etc/passwd", "link") and denied(os.link, "/etc/passwd", "link"),
    "no privileges": denied(socket.sethostname, "x") and denied(os.setuid, 5) and denied(os.setgid, 5),
    "no descriptors but its own": stat.S_IFSOCK not in descriptors and len(descriptors) <= 6,
    "the environment is clean": not set(os.environ) - set(NAMES),
    "own process list": os.getpid() == 1,
}
print("PROBE " + json.dumps(held))
"""
    + HONEST
)

# Writes a little more than allowed, and not for ever: where nothing stops it, this is the host's disk.
DISK = """
import time
try:
    for number in range(MEBIBYTES + 32):
        with open(f"fill-{number}", "wb") as place:
            place.write(bytes(1 << 20))
    time.sleep(0.5)
    print("PROBE open")
except OSError:
    print("PROBE full")
"""

SYSTEM_CALL = "import ctypes\nctypes.CDLL(None).syscall(NUMBER, 0, 0, 0, 0, 0)\nprint('PROBE alive')\n"
HOSTILE_CALLS = ("ptrace", "unshare", "mount", "bpf", "io_uring_setup", "userfaultfd", "process_vm_readv")

ENDLESS = "while True:\n    pass\n"

POISON = """
import builtins, cadquery, sys
cadquery.POISON = sys.POISON = builtins.POISON = 1
open("left-behind", "w").write("x")
"""
LOOK_FOR_POISON = """
import builtins, cadquery, os, sys
dirty = any(hasattr(place, "POISON") for place in (cadquery, sys, builtins)) or os.path.exists("left-behind")
print("PROBE dirty" if dirty else "PROBE clean")
"""
