# ends: ok
import os
import sys

from prelude import attempt, call

for program in (
    "/bin/sh",
    "/bin/true",
    "/usr/bin/id",
    sys.executable or "/usr/bin/python3",
    "/lib64/ld-linux-x86-64.so.2",
):
    attempt(program, os.execv, program, [program, "-c", "echo BREACH"])
with open("tool", "wb") as tool:
    tool.write(b"#!/bin/sh\necho BREACH\n")
attempt("own", os.execv, "./tool", ["tool"])
call("execveat", 322, -100, b"/bin/true", 0, 0, 0)
call("memfd_create", 319, b"x", 0)
