# ends: ok
import os

from prelude import attempt

attempt("dots", open, "../../../../../../etc/passwd")
attempt("symlink", os.symlink, "/etc/passwd", "link")
attempt("hard link", os.link, "/etc/passwd", "link")
attempt("link of a folder", os.symlink, "/", "root")
attempt("rename in", os.rename, "/etc/passwd", "passwd")
attempt("chroot", os.setuid, 0) if os.getuid() else None
os.chdir("/")
attempt("relative", open, "etc/passwd")
attempt("parent", os.listdir, "..")
folder = os.open("/", os.O_PATH)
attempt("openat", os.open, "etc/passwd", os.O_RDONLY, dir_fd=folder)
attempt("fchdir", os.fchdir, folder)
