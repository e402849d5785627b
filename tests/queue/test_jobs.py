"""A queue on SQLite, Redis or PostgreSQL: each job is taken once, in its order, and whoever waits is woken."""

import subprocess
import sys
import threading
import time
from concurrent.futures import ThreadPoolExecutor
from datetime import UTC, datetime, timedelta

import pytest

from opendesign.core.errors import Invalid
from opendesign.queue.bell import Bell
from opendesign.queue.jobs import Queue
from opendesign.queue.storage import SqliteQueue

TAKER = """
import sys, pathlib
from opendesign.queue.bell import Bell
from opendesign.queue.jobs import Queue
queue = Queue(sys.argv[1], Bell(pathlib.Path(sys.argv[2])))
print("ready", flush=True)
sys.stdin.readline()
while task := queue.huey.dequeue():
    print(task.args[1], flush=True)
"""


def taken(queue) -> list[str]:
    """The keys of all jobs that wait, in the order they are given out."""
    found = []
    while queue.waiting():
        found.append(queue.huey.dequeue().args[1])
    return found


def test_a_higher_priority_goes_first_then_the_oldest(opened):
    queue = opened()
    for key, priority in (("a", 0), ("b", 10), ("c", 0), ("d", 5), ("e", 10)):
        queue.put("build", key, priority, request="r")
    assert queue.waiting() == 5
    assert taken(opened("two")) == ["b", "e", "d", "a", "c"]
    assert queue.waiting() == 0


def test_processes_that_take_at_once_never_take_the_same_job(opened, queue_url, tmp_path):
    queue, jobs = opened(), [f"{number}" for number in range(300)]
    words = [sys.executable, "-c", TAKER, queue_url, str(tmp_path / "bell")]
    takers = [subprocess.Popen(words, stdin=-1, stdout=-1, text=True) for _ in range(2)]
    for taker in takers:
        assert taker.stdout.readline() == "ready\n"
    for key in jobs:
        queue.put("build", key)
    for taker in takers:
        taker.stdin.write("\n")
        taker.stdin.flush()
    shares = [taker.communicate(timeout=60)[0].split() for taker in takers]
    assert sorted(key for share in shares for key in share) == sorted(jobs)


def test_a_process_that_waits_is_woken_by_a_job_of_another(opened):
    here, there = opened("one"), opened("two")
    there.huey.dequeue()  # it listens from now on
    found = []
    taken = (task for task in iter(there.huey.dequeue, "never") if task)
    thread = threading.Thread(target=lambda: found.append((next(taken), time.monotonic())))
    begin = time.monotonic()
    thread.start()
    while isinstance(there.huey.storage, SqliteQueue) and not list(there.bell.folder.glob("job.*")):
        assert thread.is_alive()
    here.put("build", "k")
    thread.join(10)
    ((task, at),) = found
    assert task.args == ("build", "k")
    assert at - begin < 10


def test_what_is_due_later_is_given_out_once(opened):
    queue, soon = opened(), datetime.now(UTC).replace(tzinfo=None) + timedelta(seconds=20)
    for number in range(20):
        queue.huey.add_schedule(queue._job.s("build", f"{number}", eta=soon))
    assert queue.huey.read_schedule(soon - timedelta(seconds=1)) == []
    others = [opened(f"{number}") for number in range(4)]
    with ThreadPoolExecutor(4) as pool:
        read = pool.map(lambda each: each.huey.read_schedule(soon + timedelta(seconds=1)), others)
        keys = [task.args[1] for tasks in read for task in tasks]
    assert sorted(keys, key=int) == [f"{number}" for number in range(20)]


def test_a_ring_reaches_listeners_on_other_machines(opened):
    here, there = opened("one").bell, opened("two").bell
    with there.listening("build") as wait, there.listening("other") as other:
        heard = threading.Event()

        def listen() -> None:
            begin = time.monotonic()
            wait(20)
            if time.monotonic() - begin < 10:
                heard.set()

        listener = threading.Thread(target=listen)
        listener.start()
        while listener.is_alive() and not heard.wait(0.02):  # until the other machine has taken up its wire
            here.ring("build")
        assert heard.is_set()
        begin = time.monotonic()
        other(0.05)
        assert time.monotonic() - begin >= 0.05


def test_counts_and_notes_are_shared_by_all_processes(opened):
    here, there = opened("one"), opened("two")
    assert [here.count("ada", 2), there.count("ada", 3), here.count("bob", 1), there.count("ada")] == [2, 5, 1, 5]
    here.note("build k", "fillet, 3 s")
    assert there.noted("build k") == "fillet, 3 s"
    here.note("build k", "mesh, 4 s")
    assert there.noted("build k") == "mesh, 4 s"
    there.take_away("build k")
    there.take_away("build k")
    assert here.noted("build k") is None


def test_one_of_many_does_the_upkeep_of_a_turn(opened):
    here, there = opened("one"), opened("two")
    here.note("build k", "mesh")
    assert [here.comes_first(7), there.comes_first(7), here.comes_first(7)] == [True, False, False]
    assert [there.comes_first(8), here.comes_first(8)] == [True, False]
    assert here.huey.storage.result_items().keys() == {"build k", "upkeep 8"}


def test_an_unknown_place_is_refused_by_name(tmp_path):
    with pytest.raises(Invalid, match="postgresql://host/name"):
        Queue("amqp://host", Bell(tmp_path))


def test_jobs_are_put_and_taken_after_redis_has_been_away(redis_server, tmp_path):
    queue = Queue(redis_server.database(), Bell(tmp_path))
    queue.put("build", "lost")
    redis_server.end()
    redis_server.start()
    queue.put("build", "a")
    assert taken(queue) == ["a"]


@pytest.mark.slow
@pytest.mark.postgresql
def test_all_goes_on_after_postgresql_has_cut_the_connection(postgres, tmp_path):
    queue = Queue(postgres.database("queue_cut"), Bell(tmp_path))
    storage = queue.huey.storage
    queue.put("build", "a")
    first = storage.conn
    assert storage.conn is first, "it is made anew only where it was cut"

    def cut() -> None:
        with storage._connect() as other:
            ended = "select pg_terminate_backend(pid, 5000) from pg_stat_activity where datname = current_database()"
            other.execute(f"{ended} and pid <> pg_backend_pid()")

    acts = [
        lambda: queue.put("build", "b"),
        lambda: queue.note("n", "mesh"),
        lambda: queue.noted("n"),
        lambda: queue.count("c", 1),
        lambda: storage.ring("build"),
        lambda: queue.comes_first(1),
        queue.waiting,
        queue.huey.dequeue,
    ]
    found = []
    for act in acts:
        cut()
        found.append(act())
    assert found[2:4] == ["mesh", 1] and found[5:7] == [True, 2] and found[7].args[1] == "a"
    assert storage.conn is not first and taken(queue) == ["b"]


@pytest.mark.slow
@pytest.mark.postgresql
def test_many_who_begin_at_once_make_the_tables_once(postgres, tmp_path):
    url = postgres.database("queue_begun")
    with ThreadPoolExecutor(8) as pool:
        begun = list(pool.map(lambda _: Queue(url, Bell(tmp_path)).waiting(), range(8)))
    assert begun == [0] * 8
