# ends: ok
import resource

from prelude import attempt, call

for limit in (
    resource.RLIMIT_AS,
    resource.RLIMIT_CPU,
    resource.RLIMIT_FSIZE,
    resource.RLIMIT_NOFILE,
    resource.RLIMIT_NPROC,
):
    soft, hard = resource.getrlimit(limit)
    attempt(f"raise {limit}", resource.setrlimit, limit, (soft, hard + 1 if hard > 0 else 100))
    attempt(f"raise {limit} of all", resource.prlimit, 0, limit, (resource.RLIM_INFINITY, resource.RLIM_INFINITY))
for what, number in {
    "prctl": 157,
    "seccomp": 317,
    "personality": 135,
    "shmget": 29,
    "semget": 64,
    "msgget": 68,
    "mq_open": 240,
    "memfd_create": 319,
    "setuid": 105,
    "setgid": 106,
    "setresuid": 117,
    "setgroups": 116,
    "capset": 126,
    "sethostname": 170,
    "settimeofday": 164,
    "inotify_init1": 294,
    "fanotify_init": 300,
    "epoll_create1": 291,
    "timer_create": 222,
    "io_setup": 206,
    "syslog": 103,
    "name_to_handle_at": 303,
    "pidfd_open": 434,
    "clone": 56,
    "sched_setscheduler": 144,
    "sched_setaffinity": 203,
    "ioprio_set": 251,
    "mlockall": 151,
    "vmsplice": 278,
    "splice": 275,
    "signalfd4": 289,
    "landlock_create_ruleset": 444,
    "quotactl": 179,
    "sysfs": 139,
    "ustat": 136,
    "modify_ldt": 154,
    "arch_prctl": 158,
    "mbind": 237,
    "migrate_pages": 256,
    "process_madvise": 440,
    "setxattr": 188,
}.items():
    call(what, number, 0, 0, 0, 0, 0, 0)
call("prctl dumpable", 157, 4, 1, 0, 0, 0)
call("ioctl TIOCSTI", 16, 1, 0x5412, b"x")
