# ends: ok
import sys

print("\x1b]0;owned\x07\x1b[2J\x1b[31mBRE\x1b[0m" + "\x9b2J\u202e\u2066ecnereffid\r" + "\x08" * 100)
sys.stderr.write("\x1b[8m hidden\n")
