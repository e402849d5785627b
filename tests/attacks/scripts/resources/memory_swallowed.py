# ends: memory, time, crash, ok, script
# seconds: 2
kept = []
for _ in range(100_000):
    try:
        kept.append(bytearray(16 << 20))
    except MemoryError:
        continue
