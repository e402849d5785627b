# ends: ok
import os

from prelude import SECRET, attempt, call

with open("mine", "w") as mine:
    mine.write("x")
places = (SECRET, "/etc/passwd", "/model/mine", "/tmp/mine", os.path.dirname(os.__file__) + "/mine")
for place in places:
    attempt(f"rename {place}", os.rename, "mine", place)
    attempt(f"link {place}", os.link, "mine", place)
    attempt(f"utime {place}", os.utime, place)
    attempt(f"chown {place}", os.chown, place, 0, 0)
    attempt(f"rmdir {place}", os.rmdir, os.path.dirname(place))
    attempt(f"mkdir {place}", os.mkdir, place + "-made")
    call(f"exchange {place}", 316, -100, b"mine", -100, place.encode(), 2)
    call(f"xattr {place}", 188, place.encode(), b"user.x", b"y", 1, 0)
