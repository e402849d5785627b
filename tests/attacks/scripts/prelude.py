"""What every attack imports: the host's secrets by name, and tries that say BREACH when they get through."""

import ctypes
import errno

SECRET = "@SECRET@"
PORT = 0  # @PORT@
ENGINE = "@ENGINE@"
CHECKOUT = "@CHECKOUT@"
LIBC = ctypes.CDLL(None, use_errno=True)


def attempt(what, function, *arguments, **named):
    """Try something that must not succeed."""
    try:
        got = function(*arguments, **named)
    except BaseException as stopped:
        print("stopped:", what, type(stopped).__name__, stopped)
        return None
    print("BREACH:", what, repr(got)[:200])
    return got


def call(what, number, *arguments):
    """Make a system call that must not succeed."""
    ctypes.set_errno(0)
    got = LIBC.syscall(number, *arguments)
    if got == -1 and ctypes.get_errno():
        print("stopped:", what, errno.errorcode[ctypes.get_errno()])
    else:
        print("BREACH:", what, got)
