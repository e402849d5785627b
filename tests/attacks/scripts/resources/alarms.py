# ends: ok, script, time, invalid, geometry
# seconds: 1
import signal


def again(*_):
    signal.setitimer(signal.ITIMER_REAL, 1e-6)


signal.signal(signal.SIGALRM, again)
signal.setitimer(signal.ITIMER_REAL, 1e-6, 1e-6)
