# ends: ok, invalid, crash
import gc
import socket
import sys

from prelude import attempt

frame = sys._getframe()
while frame.f_back:
    frame = frame.f_back
print("outermost", frame.f_code.co_name)
for thing in gc.get_objects() + list(vars(sys.modules["socket"]).values()):
    if isinstance(thing, socket.socket) and thing.fileno() >= 0:
        attempt("inherited socket", thing.send, b'{"op": "kill", "child": 1}')
places = [frame] + [thing for thing in gc.get_objects() if type(thing).__name__ == "frame"]
for place in places:
    for name, value in list(place.f_locals.items()):
        if isinstance(value, socket.socket):
            attempt(f"socket of a frame {name}", value.send, b"{}")
warm = sys.modules.get("opendesign.cad.inside.jail.nursery") or sys.modules.get("__main__")
nurseries = [thing for thing in (getattr(one, "f_locals", {}).get("self") for one in places) if hasattr(thing, "bear")]
for nursery in nurseries:
    attempt("parent's socket", nursery.control.send, b"{}")
    attempt("parent's birth", nursery.bear)
