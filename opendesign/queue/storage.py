"""Where jobs wait: in an SQLite file on one machine, in Redis or PostgreSQL for several.

The latter two carry rings as well, to every process of every machine: both are what `bell.Wire` asks for.
"""

from collections.abc import Iterator
from select import POLLIN, poll

from huey.storage import PostgresStorage, PriorityRedisStorage, SqliteStorage
from psycopg import Connection

from opendesign.queue.bell import Bell

JOB = "job"  # the ring that tells of a new one
RINGS = "opendesign_rings"  # the channel of the others
PATIENCE = 1.0  # seconds between two looks when no ring is heard
MAKING = 0x0DE51612  # the number of PostgreSQL's lock for whoever makes the tables; any would do


class SqliteQueue(SqliteStorage):
    """Jobs in an SQLite file: a ring wakes a worker within a millisecond, and nobody waits for the disk.

    A power cut may lose the last jobs, not the file (WAL); `heal` puts them back from the records.
    """

    blocking = True

    def __init__(self, name: str, bell: Bell, **more):
        self.bell = bell
        super().__init__(name, **more)

    def _create_connection(self):
        connection = super()._create_connection()
        connection.execute("pragma synchronous=normal")
        return connection

    def enqueue(self, data: bytes, priority: float | None = None) -> None:
        """Adds a job and rings."""
        super().enqueue(data, priority)
        self.bell.ring(JOB)

    def dequeue(self) -> bytes | None:
        """Takes the next job, waiting a second at most for one."""
        found = super().dequeue()
        if found is None:
            with self.bell.listening(JOB) as wait:
                found = super().dequeue()
                if found is None:
                    wait(PATIENCE)
                    found = super().dequeue()
        return found


class RedisQueue(PriorityRedisStorage):
    """Jobs in Redis, which gives each to one of those who wait for it."""

    def ring(self, name: str) -> None:
        """Tells every machine of a ring."""
        self.conn.publish(RINGS, name)

    def rings(self) -> Iterator[str]:
        """Yields the rings of every machine."""
        with self.conn.pubsub(ignore_subscribe_messages=True) as heard:
            heard.subscribe(RINGS)
            for message in heard.listen():
                yield message["data"].decode()


class PostgresQueue(PostgresStorage):
    """Jobs in PostgreSQL: a job is deleted as it is taken, past those that others take at this moment (SKIP LOCKED).

    As with SQLite nobody waits for the disk.
    """

    ddl: list[str]

    def __init__(self, name: str, **more):
        super().__init__(name, options="-c synchronous_commit=off", **more)

    def initialize_schema(self) -> None:
        """Makes the tables where there are none; `create if not exists` fails for all but one who do so at once."""
        self.ddl = [f"select pg_advisory_xact_lock({MAKING})", *self.ddl]
        super().initialize_schema()

    @property
    def conn(self) -> Connection:
        """The connection, made anew where the server has cut it: an idle one has nothing to read until that."""
        if self._conn is not None and not self._conn.closed and is_cut(self._conn):
            self._close_quiet(self._conn)
        return super().conn

    def ring(self, name: str) -> None:
        """Tells every machine of a ring."""
        self.sql("select pg_notify(%s, %s)", (RINGS, name))

    def rings(self) -> Iterator[str]:
        """Yields the rings of every machine."""
        with self._connect() as connection:
            connection.execute(f"listen {RINGS}")
            for ring in connection.notifies():
                yield ring.payload


def is_cut(connection: Connection) -> bool:
    """Says whether the server has ended a connection at which nobody waits for an answer."""
    asked = poll()
    asked.register(connection.fileno(), POLLIN)
    return bool(asked.poll(0))
