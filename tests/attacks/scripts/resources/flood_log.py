# ends: ok, script, output, time
# modes: namespaces
# seconds: 5
import sys

for _ in range(300):
    sys.stdout.write("only noise " * 50_000)
    sys.stderr.write("x" * 1_000_000)
