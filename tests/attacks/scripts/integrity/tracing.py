# ends: ok, script, invalid, crash, geometry
import sys
import threading


def spy(frame, event, argument):
    for name in list(frame.f_locals):
        frame.f_locals[name] = None
    frame.f_trace_lines = True
    return spy


frame = sys._getframe()
while frame:
    frame.f_trace = spy
    frame = frame.f_back
threading.settrace(spy)
sys.settrace(spy)
sys.setprofile(lambda *_: None)
