# ends: ok
import atexit
import gc
import signal
import sys
from pathlib import Path

atexit.register(Path("/model/work/poison.py").write_text, "x")
gc.callbacks.append(lambda *_: None)
sys.setprofile(lambda *_: None)
sys.settrace(None)
signal.setitimer(signal.ITIMER_REAL, 3600)
sys.meta_path.insert(0, type("Poison", (), {"find_spec": staticmethod(lambda *_: None)}))
sys.setprofile(None)
