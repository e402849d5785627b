# ends: ok
import os
import stat

from prelude import attempt

for name in ("mem", "kmsg", "fuse", "tty", "ptmx", "sda", "vda", "kvm", "net/tun", "loop-control", "mapper/control"):
    attempt(name, open, f"/dev/{name}", "rb")
attempt("mknod", os.mknod, "disk", 0o600 | stat.S_IFBLK, os.makedev(8, 0))
attempt("fifo", os.mkfifo, "fifo")
attempt("write to zero", open, "/dev/zero", "wb")
