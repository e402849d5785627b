# ends: ok, invalid
import mmap
import os

os.ftruncate(4, 1 << 20)
page = mmap.mmap(4, 1 << 20)
page[:100] = b"x" * 100
os.ftruncate(4, 0)
