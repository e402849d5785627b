# ends: ok
# formats: viewer
import os
import struct

FACTS = b'{"ok": true, "shapes": [{"name": 5, "volume_mm3": "large"}], "total": {}, "warnings": []}'
for name, content in ((b"viewer", b"glTF" + bytes(1000)), (b"", FACTS)):
    os.write(4, struct.pack("<IQ", len(name), len(content)) + name + content)
os._exit(0)
