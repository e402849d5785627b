# ends: ok
# modes: namespaces
import ctypes
import importlib.util
import os

from prelude import attempt

attempt("dlopen", ctypes.CDLL, os.path.abspath("payload.so"))
spec = importlib.util.spec_from_file_location("_json", os.path.abspath("payload.so"))
attempt("extension", importlib.util.module_from_spec, spec)
