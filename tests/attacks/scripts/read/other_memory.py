# ends: ok
import os

from prelude import attempt

for pid in ("1", "2", "3", str(os.getppid()), str(os.getppid() + 1)):
    for name in ("mem", "maps", "environ", "cmdline", "root/etc/passwd", "cwd/x", "fd/3", "exe", "ns/pid"):
        if pid != str(os.getpid()):
            attempt(f"{pid}/{name}", os.open, f"/proc/{pid}/{name}", os.O_RDONLY)
for name in ("mem", "maps", "environ", "root/etc", "map_files", "task", "attr/current"):
    attempt(f"self/{name}", os.open, f"/proc/self/{name}", os.O_RDONLY)
for folder in ("/dev/fd", "/dev/stdin", "/dev/shm", "/proc/self/fd"):
    attempt(folder, os.listdir, folder)
