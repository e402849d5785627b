# ends: ok
from multiprocessing import shared_memory

from prelude import attempt, call

attempt("shared memory", shared_memory.SharedMemory, "poison", True, 4096)
call("shmget", 29, 0x1234, 4096, 0o1666)
call("semget", 64, 0x1234, 1, 0o1666)
call("msgget", 68, 0x1234, 0o1666)
call("shmat", 30, 0, 0, 0)
call("mq_open", 240, b"poison", 0o102, 0o666, 0)
call("keyctl", 250, 0, 0, 0) if False else None
call("memfd_create", 319, b"poison", 0)
