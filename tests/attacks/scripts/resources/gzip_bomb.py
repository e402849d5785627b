# ends: memory, crash, script, time, output
# seconds: 5
# modes: namespaces
import bz2
import gzip
import io
import lzma

for pack in (gzip, bz2, lzma):
    bomb = pack.compress(pack.compress(bytes(1 << 25)))
    for _ in range(12):
        bomb += bomb
    held = pack.open(io.BytesIO(bomb)).read() * 1000
