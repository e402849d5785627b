# ends: ok, script, output
import sys

written = 0
for number in range(4096):
    try:
        with open(f"part-{number}", "wb") as part:
            written += part.write(bytes(1 << 20))
    except OSError:
        break
print("BREACH: wrote" if written > 300 << 20 else "stopped at", written, file=sys.stderr)
