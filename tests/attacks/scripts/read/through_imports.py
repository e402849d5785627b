# ends: ok
import importlib.machinery
import importlib.util
import linecache
import runpy
import sys
import tokenize
import zipimport

from prelude import CHECKOUT, SECRET, attempt

for place in (SECRET, "/etc/passwd", f"{CHECKOUT}/opendesign/core/settings.py"):
    attempt(f"run {place}", runpy.run_path, place)
    attempt(f"zip {place}", zipimport.zipimporter, place)
    attempt(f"tokens {place}", tokenize.open, place)
    attempt(f"loader {place}", importlib.machinery.SourceFileLoader("x", place).get_data, place)
    print("BREACH: lines" if linecache.getlines(place) else "stopped: lines", place)
sys.path.insert(0, CHECKOUT)
importlib.invalidate_caches()
for name in ("opendesign.core.settings", "opendesign.app", "opendesign.cad.serving"):
    attempt(f"import {name}", __import__, name)
