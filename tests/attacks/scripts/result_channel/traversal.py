# ends: invalid
import os
import struct

for name in (b"../../../../tmp/breach", b"/etc/breach", b"a\nb", b"a\0b"):
    os.write(4, struct.pack("<IQ", len(name), 1) + name + b"x")
text = b'{"ok": true}'
os.write(4, struct.pack("<IQ", 0, len(text)) + text)
os._exit(0)
