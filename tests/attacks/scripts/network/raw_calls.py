# ends: ok
from prelude import call

for what, number in {
    "socket": 41,
    "socketpair": 53,
    "bind": 49,
    "connect": 42,
    "accept": 43,
    "accept4": 288,
    "listen": 50,
    "sendto": 44,
    "sendmsg": 46,
    "sendmmsg": 307,
    "recvfrom": 45,
    "recvmsg": 47,
    "setsockopt": 54,
    "getpeername": 52,
}.items():
    for descriptor in (0, 1, 2, 3, 4, 5):
        call(what, number, descriptor, 1, 0, 0, 0, 0)
