"""The bell wakes whoever listens, in this process and in others."""

import subprocess
import sys
import time

import pytest

from opendesign.queue.bell import Bell

RING = "import sys, pathlib; from opendesign.queue.bell import Bell; Bell(pathlib.Path(sys.argv[1])).ring(sys.argv[2])"


@pytest.fixture
def bell(tmp_path):
    return Bell(tmp_path / "bell")


def test_a_ring_of_another_process_wakes_all_who_listen_for_it(bell):
    with bell.listening("a") as first, bell.listening("a") as second, bell.listening("ab") as other:
        subprocess.run([sys.executable, "-c", RING, str(bell.folder), "a"], check=True)
        begin = time.monotonic()
        first(30)
        second(30)
        assert time.monotonic() - begin < 10
        begin = time.monotonic()
        other(0.05)
        assert time.monotonic() - begin >= 0.05


def test_a_ring_before_the_wait_is_heard_and_only_once(bell):
    with bell.listening("a") as wait:
        bell.ring("a")
        bell.ring("a")
        begin = time.monotonic()
        wait(30)
        assert time.monotonic() - begin < 10
        wait(0.05)
        assert time.monotonic() - begin >= 0.05


def test_nobody_has_to_listen_and_nothing_is_left(bell):
    bell.ring("a")
    with bell.listening("a"):
        pass
    assert list(bell.folder.iterdir()) == []


def test_a_killed_listener_is_swept_away_by_the_next_ring_of_any_name(bell):
    wait = "with Bell(pathlib.Path(sys.argv[1])).listening('a') as wait: print(flush=True); wait(60)"
    code = f"import sys, pathlib; from opendesign.queue.bell import Bell\n{wait}"
    listener = subprocess.Popen([sys.executable, "-c", code, str(bell.folder)], stdout=subprocess.PIPE)
    listener.stdout.readline()
    assert len(list(bell.folder.iterdir())) == 1
    listener.kill()
    listener.wait()
    bell.ring("b")
    assert list(bell.folder.iterdir()) == []


def test_where_the_wire_is_cut_this_machine_still_hears(bell):
    class Cut:
        def ring(self, name):
            raise ConnectionError("cut")

        def rings(self):
            raise ConnectionError("cut")

    bell.wire = Cut()
    with bell.listening("a") as wait:
        bell.ring("a")
        begin = time.monotonic()
        wait(30)
        assert time.monotonic() - begin < 10
