# ends: ok
import socket

from prelude import attempt

for family in range(1, 46):
    for kind in (socket.SOCK_STREAM, socket.SOCK_DGRAM, socket.SOCK_RAW, socket.SOCK_SEQPACKET):
        attempt(f"{family} {kind}", socket.socket, family, kind)
attempt("pair", socket.socketpair)
for number in range(64):
    attempt(f"adopted {number}", lambda number=number: socket.socket(fileno=number).getpeername())
