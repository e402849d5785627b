# ends: memory, script
import mmap

kept = []
while True:
    page = mmap.mmap(-1, 64 << 20)
    for place in range(0, 64 << 20, 4096):
        page[place] = 1
    kept.append(page)
