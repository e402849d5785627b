# ends: ok
import _thread
import threading
from concurrent.futures import ThreadPoolExecutor

from prelude import attempt

attempt("thread", threading.Thread(target=print).start)
attempt("raw thread", _thread.start_new_thread, print, ())
attempt("pool", ThreadPoolExecutor().submit, print)
for _ in range(1000):
    try:
        _thread.start_new_thread(print, ("BREACH",))
    except RuntimeError:
        continue
