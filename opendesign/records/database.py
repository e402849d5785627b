"""The database: SQLite by default, PostgreSQL by URL; sessions that read, and sessions that write."""

import fcntl
import secrets
import sqlite3
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path
from threading import Lock

from alembic import command
from alembic.config import Config
from alembic.script import ScriptDirectory
from sqlalchemy import URL, Engine, ExceptionContext, QueuePool, TextClause, create_engine, event, make_url, text
from sqlalchemy.exc import ArgumentError
from sqlalchemy.orm import Session as Session

from opendesign.core.errors import Invalid

DRIVERS = ("sqlite", "sqlite+pysqlite", "postgresql+psycopg")
MIGRATIONS = Path(__file__).parent / "migrations"
WRITING, MIGRATING = 0x0DE51610, 0x0DE51611  # the numbers of PostgreSQL's locks for it; any would do
THREADS = 24  # of one process that ask PostgreSQL at once; more wait for one another
NUL = "NUL (0x00)"  # in what the driver says of a text that PostgreSQL cannot keep
BUSY_MS = 15_000  # how long a writer waits for another before it gives up


class Database:
    """A database behind a URL such as `sqlite:////var/lib/od.db` or `postgresql://…`."""

    def __init__(self, url: str):
        address = _address(url)
        self.sqlite = address.drivername.startswith("sqlite")
        if self.sqlite and address.database:
            Path(address.database).parent.mkdir(parents=True, exist_ok=True)
        options = {} if self.sqlite else {"pool_pre_ping": True, "pool_size": THREADS}
        self.engine: Engine = create_engine(address, **options)
        if self.sqlite:
            _tune_sqlite(self.engine)
        else:
            event.listen(self.engine, "handle_error", _refuse_nul)
        self._looking = Lock()
        self._looker: sqlite3.Connection | None = None
        self._name = secrets.token_hex(8)

    def version(self) -> str:
        """Returns a text that is another one once anything was committed since, by whichever process.

        It means something to this object alone. On PostgreSQL it is what transactions are seen: the place in its log
        would not do, as that moves a moment before others see what was committed.
        """
        if not self.sqlite:
            with self.engine.connect() as connection:
                return f"{self._name} {connection.execute(text('SELECT pg_current_snapshot()')).scalar()}"
        with self._looking:
            if self._looker is None:
                self._looker = sqlite3.connect(self.engine.url.database or "", check_same_thread=False)
                self._name = secrets.token_hex(8)  # each connection counts for itself
            return f"{self._name} {self._looker.execute('PRAGMA data_version').fetchone()[0]}"

    @contextmanager
    def reading(self) -> Iterator[Session]:
        """Opens a session for looking; whatever it changed is thrown away."""
        with Session(self.engine, expire_on_commit=False) as session:
            yield session

    @contextmanager
    def writing(self) -> Iterator[Session]:
        """Opens a session that is committed at the end, or rolled back on any error.

        It takes the one writer's lock at once. On SQLite a reader that turns writer later can be refused at any
        moment, a writer from the start only waits (at most `BUSY_MS`); on PostgreSQL two that look, move a ref and
        write would both go by what is no longer so.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            if self.sqlite:
                session.connection(execution_options={"opendesign_write": "FULL"})
            else:
                session.execute(_lock(WRITING))
            yield session

    @contextmanager
    def noting(self) -> Iterator[Session]:
        """Opens a session as `writing` does whose commit does not wait for the disk, which takes 3 to 10 ms.

        A power cut may undo it, whole, with all that was noted later: for what can be found out again.
        """
        with Session(self.engine, expire_on_commit=False) as session, session.begin():
            if self.sqlite:
                session.connection(execution_options={"opendesign_write": "NORMAL"})
            else:
                session.execute(text("SET LOCAL synchronous_commit TO off"))
                session.execute(_lock(WRITING))
            yield session

    def migrate(self, revision: str = "head") -> None:
        """Brings the schema to the newest version, or to an older one from below it; other processes wait meanwhile."""
        with self._alone():
            command.upgrade(self._alembic(), revision)

    def alive(self) -> bool:
        """Asks the database for a sign of life; raises what the driver raises when there is none."""
        with self.engine.connect() as connection:
            return connection.execute(text("select 1")).scalar() == 1

    def connections(self) -> dict[str, int]:
        """Returns how many connections of this process are in use and how many wait to be."""
        pool = self.engine.pool
        if not isinstance(pool, QueuePool):
            return {}
        return {"used": pool.checkedout(), "idle": pool.checkedin(), "most": pool.size() + pool._max_overflow}

    def close(self) -> None:
        """Gives back every connection."""
        self.engine.dispose()
        with self._looking:
            if self._looker is not None:
                self._looker.close()
            self._looker = None

    @contextmanager
    def _alone(self) -> Iterator[None]:
        if not self.sqlite:
            with self.engine.begin() as connection:
                connection.execute(_lock(MIGRATING))
                yield
        elif path := self.engine.url.database:
            with open(f"{path}.lock", "a") as lock:  # closing it lets the next one in
                fcntl.flock(lock, fcntl.LOCK_EX)
                yield
        else:
            yield

    def _alembic(self) -> Config:
        config = _scripts()
        config.attributes["engine"] = self.engine
        return config


def is_schema(revision: str) -> bool:
    """Tells whether there was ever a schema of this revision, so that what was kept in it can be read."""
    return revision in {each.revision for each in ScriptDirectory.from_config(_scripts()).walk_revisions()}


def _scripts() -> Config:
    config = Config()
    config.set_main_option("script_location", str(MIGRATIONS))
    return config


def _address(url: str) -> URL:
    """Returns where a database is, and by which driver; raises Invalid without the URL, as that may hold a password."""
    try:
        address = make_url(url)
        if address.drivername in ("postgresql", "postgres"):
            address = address.set(drivername="postgresql+psycopg")
        known = address.drivername in DRIVERS and not (address.host and "sqlite" in address.drivername)
    except (ArgumentError, ValueError):
        known = False
    if not known:
        raise Invalid(
            "database_url names no database; it must be like sqlite:////srv/od.db or postgresql://user@host/name."
        )
    return address


def _refuse_nul(context: ExceptionContext) -> None:
    """Says of a text with a character that PostgreSQL cannot keep, or look for, what whoever sent it can understand."""
    if NUL in str(context.original_exception):
        raise Invalid("A text holds the character NUL; leave it out.") from context.original_exception


def _lock(number: int) -> TextClause:
    """Waits for a lock of PostgreSQL's, which is given back when the transaction ends."""
    return text(f"SELECT pg_advisory_xact_lock({number})")


def _tune_sqlite(engine: Engine) -> None:
    """Sets write-ahead logging and foreign keys, and takes over BEGIN from the driver."""

    @event.listens_for(engine, "connect")
    def connect(connection, _record):
        connection.isolation_level = None
        for pragma in ("journal_mode=WAL", "synchronous=FULL", "foreign_keys=ON", f"busy_timeout={BUSY_MS}"):
            connection.execute(f"PRAGMA {pragma}")

    @event.listens_for(engine, "begin")
    def begin(connection):
        write = connection.get_execution_options().get("opendesign_write")
        if write:
            connection.exec_driver_sql(f"PRAGMA synchronous={write}")
        connection.exec_driver_sql("BEGIN IMMEDIATE" if write else "BEGIN")
