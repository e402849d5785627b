# ends: memory, crash
# modes: namespaces
import zlib

small = zlib.compress(bytes(1 << 24))
kept = [zlib.decompress(small) for _ in range(200)]
