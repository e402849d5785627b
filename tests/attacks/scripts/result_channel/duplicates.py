# ends: invalid
import os
import struct

text = b'{"ok": true}'
for name, content in ((b"viewer", b"glTF"), (b"viewer", b"glTF"), (b"VIEWER", b""), (b"", text)):
    os.write(4, struct.pack("<IQ", len(name), len(content)) + name + content)
os._exit(0)
