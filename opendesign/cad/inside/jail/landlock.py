"""Builds Landlock rulesets: which folders a job may read, the one it may write, and no TCP, signals or sockets."""

import ctypes
import errno
import os
import struct

from opendesign.cad.inside.jail import linux

# Access rights of linux/landlock.h, by bit.
(EXECUTE, WRITE_FILE, READ_FILE, READ_DIR, REMOVE_DIR, REMOVE_FILE, MAKE_CHAR, MAKE_DIR, MAKE_REG) = (
    1 << bit for bit in range(9)
)
REFER, TRUNCATE, IOCTL_DEV = 1 << 13, 1 << 14, 1 << 15
FIRST_ABI = (1 << 13) - 1
READING = READ_FILE | READ_DIR
WRITING = READING | WRITE_FILE | REMOVE_FILE | REMOVE_DIR | MAKE_REG | MAKE_DIR | TRUNCATE
OF_FILES = READ_FILE | WRITE_FILE | EXECUTE | TRUNCATE | IOCTL_DEV
TCP_BIND_AND_CONNECT = 3
ABSTRACT_SOCKETS_AND_SIGNALS = 3


def abi() -> int:
    """Returns the kernel's Landlock version, 0 if there is none."""
    version = linux.LIBC.syscall(
        ctypes.c_long(linux.NUMBERS["landlock_create_ruleset"]), None, ctypes.c_long(0), ctypes.c_long(1)
    )
    return max(0, version)


def ruleset(readable: list[str], writable: list[str], devices: list[str], newest: int = 99) -> int:
    """Returns a descriptor of the rules: everything is denied but reading and writing below the given paths.

    newest: the version to stay at, where the kernel knows newer ones. Raises OSError where the kernel has no Landlock.
    """
    version = min(abi(), newest)
    if version < 1:
        raise OSError(errno.ENOSYS, "this kernel has no Landlock")
    handled = FIRST_ABI
    handled |= REFER if version >= 2 else 0
    handled |= TRUNCATE if version >= 3 else 0
    handled |= IOCTL_DEV if version >= 5 else 0
    network = TCP_BIND_AND_CONNECT if version >= 4 else 0
    scopes = ABSTRACT_SOCKETS_AND_SIGNALS if version >= 6 else 0
    attributes = struct.pack("QQQ", handled, network, scopes)
    size = 24 if version >= 6 else 16 if version >= 4 else 8
    rules = linux.syscall("landlock_create_ruleset", ctypes.c_char_p(attributes), size, 0)
    for paths, rights in ((readable, READING), (writable, WRITING), (devices, READ_FILE | WRITE_FILE)):
        for path in paths:
            if os.path.exists(path):
                add(rules, path, rights & handled)
    return rules


def add(rules: int, path: str, rights: int) -> None:
    """Grants rights below a folder, or on a single file."""
    folder = os.open(path, os.O_PATH | os.O_CLOEXEC)
    try:
        if not os.path.isdir(path):
            rights &= OF_FILES
        rule = struct.pack("=Qi", rights, folder)
        linux.syscall("landlock_add_rule", rules, 1, ctypes.c_char_p(rule), 0)
    finally:
        os.close(folder)


def restrict(rules: int) -> None:
    """Puts this process under the rules for good; needs no_new_privs."""
    linux.syscall("landlock_restrict_self", rules, 0)
