# ends: invalid
import os
import struct

os.write(4, struct.pack("<IQ", 4, 1 << 60) + b"name")
os._exit(0)
