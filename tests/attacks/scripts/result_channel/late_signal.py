# ends: ok, invalid, script
# formats: viewer step stl
import os
import signal
import struct


def forge(*_):
    text = b'{"ok": true, "shapes": [], "total": {}, "warnings": ["forged"]}'
    os.ftruncate(4, 0)
    os.lseek(4, 0, 0)
    os.write(4, struct.pack("<IQ", 0, len(text)) + text)
    os.write(4, struct.pack("<IQ", 3, 1 << 40) + b"stl")


signal.signal(signal.SIGALRM, forge)
signal.setitimer(signal.ITIMER_REAL, 0.01, 0.01)
