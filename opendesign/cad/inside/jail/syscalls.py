"""Lists the system calls a job may make, those that end it, and their numbers on both architectures."""


def words(text: str) -> tuple[str, ...]:
    """Returns the words of a text."""
    return tuple(text.split())


# What the interpreter, the C library and OCCT need to compute and to write files below the work folder. Not utimensat,
# which Landlock does not see, nor truncate, which it sees only from ABI 3 on (Linux 6.2): a job that shares its user
# with the owner of the machine's files could reach these with them.
ALLOWED = words("""read write close stat fstat lstat poll lseek mmap mprotect munmap brk rt_sigaction
rt_sigprocmask rt_sigreturn pread64 pwrite64 readv writev access pipe select sched_yield mremap
msync mincore madvise dup dup2 nanosleep getitimer alarm setitimer getpid exit uname flock
fsync fdatasync ftruncate getdents getcwd chdir rename mkdir rmdir unlink readlink umask
gettimeofday getrlimit getrusage sysinfo times getuid getgid geteuid getegid getppid getpgrp
getgroups getresuid getresgid sigaltstack statfs fstatfs gettid time futex sched_getaffinity
getdents64 set_tid_address restart_syscall fadvise64 clock_gettime clock_getres clock_nanosleep
exit_group mkdirat newfstatat unlinkat renameat readlinkat faccessat pselect6 ppoll
set_robust_list get_robust_list fallocate dup3 pipe2 preadv pwritev getcpu renameat2
getrandom statx rseq faccessat2 membarrier close_range sendfile copy_file_range""")

# No model needs these: the process is killed, so that an attack ends and is seen, rather than goes on guessing.
KILLED = words("""ptrace process_vm_readv process_vm_writev mount umount2 pivot_root chroot setns unshare bpf
perf_event_open io_uring_setup io_uring_enter io_uring_register userfaultfd keyctl add_key request_key kexec_load
kexec_file_load init_module finit_module delete_module reboot swapon open_by_handle_at pidfd_getfd fsopen fsmount
move_mount open_tree mount_setattr ioperm iopl acct memfd_secret""")

# The C library tries these first and falls back to older calls, whose arguments a filter can see.
ABSENT = ["clone3", "openat2"]

# Allowed only with the arguments that seccomp.py spells out.
CHECKED = ["kill", "tgkill", "tkill", "prlimit64", "ioctl", "fcntl", "open", "openat", "process_madvise"]

# include/uapi/asm-generic/unistd.h and syscall_64.tbl agree from 424 on.
SHARED = """io_uring_setup=425 io_uring_enter=426 io_uring_register=427 open_tree=428 move_mount=429 fsopen=430
fsmount=432 clone3=435 close_range=436 openat2=437 pidfd_getfd=438 faccessat2=439 process_madvise=440
mount_setattr=442 memfd_secret=447"""

X86_64 = """read=0 write=1 open=2 close=3 stat=4 fstat=5 lstat=6 poll=7 lseek=8 mmap=9 mprotect=10 munmap=11 brk=12
rt_sigaction=13 rt_sigprocmask=14 rt_sigreturn=15 ioctl=16 pread64=17 pwrite64=18 readv=19 writev=20 access=21
pipe=22 select=23 sched_yield=24 mremap=25 msync=26 mincore=27 madvise=28 dup=32 dup2=33 nanosleep=35 getitimer=36
alarm=37 setitimer=38 getpid=39 sendfile=40 exit=60 kill=62 uname=63 fcntl=72 flock=73 fsync=74 fdatasync=75
truncate=76 ftruncate=77 getdents=78 getcwd=79 chdir=80 rename=82 mkdir=83 rmdir=84 unlink=87 readlink=89 umask=95
gettimeofday=96 getrlimit=97 getrusage=98 sysinfo=99 times=100 ptrace=101 getuid=102 getgid=104 geteuid=107
getegid=108 getppid=110 getpgrp=111 getgroups=115 getresuid=118 getresgid=120 sigaltstack=131 statfs=137 fstatfs=138
pivot_root=155 chroot=161 acct=163 mount=165 umount2=166 swapon=167 reboot=169 iopl=172 ioperm=173 init_module=175
delete_module=176 gettid=186 tkill=200 time=201 futex=202 sched_getaffinity=204 getdents64=217 set_tid_address=218
restart_syscall=219 fadvise64=221 clock_gettime=228 clock_getres=229 clock_nanosleep=230 exit_group=231 tgkill=234
kexec_load=246 add_key=248 request_key=249 keyctl=250 openat=257 mkdirat=258 newfstatat=262 unlinkat=263 renameat=264
readlinkat=267 faccessat=269 pselect6=270 ppoll=271 unshare=272 set_robust_list=273 get_robust_list=274 utimensat=280
fallocate=285 dup3=292 pipe2=293 preadv=295 pwritev=296 perf_event_open=298 prlimit64=302 open_by_handle_at=304
setns=308 getcpu=309 process_vm_readv=310 process_vm_writev=311 finit_module=313 renameat2=316 getrandom=318
kexec_file_load=320 bpf=321 userfaultfd=323 membarrier=324 copy_file_range=326 statx=332 rseq=334"""

AARCH64 = """getcwd=17 dup=23 dup3=24 fcntl=25 ioctl=29 flock=32 mkdirat=34 unlinkat=35 renameat=38 umount2=39 mount=40
pivot_root=41 statfs=43 fstatfs=44 truncate=45 ftruncate=46 fallocate=47 faccessat=48 chdir=49 chroot=51 openat=56
close=57 pipe2=59 getdents64=61 lseek=62 read=63 write=64 readv=65 writev=66 pread64=67 pwrite64=68 preadv=69
pwritev=70 sendfile=71 pselect6=72 ppoll=73 readlinkat=78 newfstatat=79 fstat=80 fsync=82 fdatasync=83 utimensat=88
acct=89 exit=93 exit_group=94 set_tid_address=96 unshare=97 futex=98 set_robust_list=99 get_robust_list=100
nanosleep=101 getitimer=102 setitimer=103 kexec_load=104 init_module=105 delete_module=106 clock_gettime=113
clock_getres=114 clock_nanosleep=115 ptrace=117 sched_getaffinity=123 sched_yield=124 restart_syscall=128 kill=129
tkill=130 tgkill=131 sigaltstack=132 rt_sigaction=134 rt_sigprocmask=135 rt_sigreturn=139 reboot=142 getresuid=148
getresgid=150 times=153 getgroups=158 uname=160 getrlimit=163 getrusage=165 umask=166 getcpu=168 gettimeofday=169
getpid=172 getppid=173 getuid=174 geteuid=175 getgid=176 getegid=177 gettid=178 sysinfo=179 brk=214 munmap=215
mremap=216 add_key=217 request_key=218 keyctl=219 mmap=222 fadvise64=223 swapon=224 mprotect=226 msync=227
mincore=232 madvise=233 perf_event_open=241 prlimit64=261 open_by_handle_at=265 setns=268 process_vm_readv=270
process_vm_writev=271 finit_module=273 renameat2=276 getrandom=278 bpf=280 userfaultfd=282 membarrier=283
copy_file_range=285 statx=291 rseq=293 kexec_file_load=294"""


def table(machine: str) -> dict[str, int]:
    """Returns the numbers by name for an architecture; empty for one nobody has written down."""
    text = {"x86_64": X86_64, "aarch64": AARCH64}.get(machine)
    if text is None:
        return {}
    return {name: int(number) for name, number in (pair.split("=") for pair in f"{text} {SHARED}".split())}
