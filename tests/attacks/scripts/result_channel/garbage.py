# ends: invalid
import os

os.write(4, b"glTF\xff\xff\xff\xff" * 1000)
os._exit(0)
