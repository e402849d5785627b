"""What an operator may set: names, defaults, and where each value came from."""

import difflib
import math
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass, field, fields
from pathlib import Path

from opendesign.core.errors import Invalid
from opendesign.core.shelf import BucketAddress, read_bucket

PREFIX = "OPENDESIGN_"
DEMO_DOMAIN = "opendesign.example"  # RFC 2606: nobody who joins by themselves has an address there
FORMS = {
    "log": ("text|json", "“text” or “json”"),
    "public_url": ("https?://.+", "an address that begins with http:// or https://"),
}
THREADS = (1, 1000)
RANGES = {
    "port": (0, 65535),
    "engine_slots": (1, 32),
    "web_threads": THREADS,
    "web_processes": THREADS,
    "worker_threads": THREADS,
}
OTHERS = ("CONFIG", "PASSWORD", "TOKEN", "EXAMPLES", "KILLS", "SEED", "TEST_DATABASE", "HOOK", "LOCKED", "PYTHON")
"""What variables are called that are no settings: of commands, of tests and of what builds and installs the service."""


def _hidden(default: str = "") -> str:
    """A setting that holds a secret, or may: it is left out where all are shown."""
    return field(default=default, repr=False)


@dataclass(frozen=True)
class Settings:
    """Every setting of the service; `data` holds `repos/` and `var/`."""

    data: str = "."
    run: str = ""  # the folder of what is this machine's alone: sockets, the bell, counts of its web; `var` unless set
    host: str = "127.0.0.1"
    port: int = 8000
    database_url: str = _hidden()
    queue_url: str = _hidden()
    shelf_url: str = _hidden()  # a folder (file:///srv/shelf), or s3://bucket/prefix?endpoint=…&region=…
    shelf_cache: str = ""  # the folder that keeps copies of what lies in a bucket; of this machine, not shared
    shelf_cache_bytes: int = 8 << 30
    public_url: str = ""
    proxies: int = 0  # that stand before the web and each add whom they answer to X-Forwarded-For
    joining: bool = True
    demo: bool = True
    web_threads: int = 16
    web_processes: int = 1
    worker_threads: int = 2
    engine_slots: int = 2
    engine_insecure: bool = False
    build_seconds: int = 150  # the slowest of 400 real designs takes 139 s of processor time
    build_memory_mb: int = 2048
    build_output_mb: int = 128
    merge_seconds: int = 600
    push_bytes: int = 2 << 30
    file_bytes: int = 512 << 20
    unpacked_bytes: int = 8 << 30
    push_objects: int = 2_000_000
    push_refs: int = 1_000
    refs: int = 10_000
    request_bytes: int = 10 << 20
    read_bytes: int = 64 << 20
    diff_bytes: int = 2 << 20
    diff_lines: int = 3_000
    git_seconds: int = 60
    walk_commits: int = 20_000
    answers_bytes: int = 2 << 30
    lfs_file_bytes: int = 4 << 30
    lfs_design_bytes: int = 10 << 30
    lfs_owner_bytes: int = 50 << 30
    body_bytes: int = 32 << 20
    push_builds: int = 200
    import_bytes: int = 2 << 30
    import_seconds: int = 1800
    imports_per_person: int = 3  # at a time
    mirrors_per_person: int = 50
    mirror_minutes: int = 60  # between two fetches of a mirror; a failure doubles it, up to a day
    private_hosts: str = ""  # `name` or `name:port`, with commas: where imports and mirrors may go inside
    enter_attempts: int = 10
    joins_per_address: int = 100  # in a quarter of an hour
    builds_per_address_a_minute: int = 300  # a slider that is moved all the time asks 5 times a second
    security_contact: str = ""  # an e-mail address or https://… for /.well-known/security.txt
    quota_mb: int = 0  # of one person's designs in git; 0: no limit
    audit_days: int = 730  # how long it is kept who did what; 0: for ever
    log: str = "text"
    metrics_token: str = _hidden()
    mail_url: str = _hidden("console")  # or smtp://user:password@host:port, smtps://…
    mail_from: str = ""
    verify_mail: bool = False  # whoever pushes or makes a design has confirmed their e-mail address
    operator_factor: bool | None = (
        None  # whoever runs the service has a second factor; unset: where it is reached by https
    )
    oidc_url: str = ""  # the issuer people may sign in with, https://…; nobody may without it
    oidc_client: str = ""
    oidc_secret: str = _hidden()
    oidc_name: str = ""  # what the button calls it; else the name of its machine
    secret: str = _hidden()

    @property
    def root(self) -> Path:
        """The folder everything is kept under."""
        return Path(self.data).resolve()

    @property
    def address(self) -> str:
        """The address people reach the service under, never what a request says it is; no slash at the end."""
        host = f"[{self.host}]" if ":" in self.host else self.host
        return (self.public_url or f"http://{host}:{self.port}").rstrip("/")

    @property
    def secure(self) -> bool:
        """Whether people reach the service by https."""
        return self.public_url.startswith("https://")

    @property
    def asks_operators(self) -> bool:
        """Whether who runs the service needs a second factor."""
        return self.secure if self.operator_factor is None else self.operator_factor

    def shuts_out(self, email: str) -> bool:
        """Whether this address is of the demo's people, whose password everybody knows, while the demo is off."""
        return not self.demo and email.endswith(f"@{DEMO_DOMAIN}")

    @property
    def repos(self) -> Path:
        """The folder of the git repositories."""
        return self.root / "repos"

    @property
    def var(self) -> Path:
        """The folder of the database, builds, and sockets."""
        return self.root / "var"

    @property
    def here(self) -> Path:
        """The folder of what is this machine's alone, `var` unless set; machines that share `var` need one each."""
        return Path(self.run).resolve() if self.run else self.var

    @property
    def database(self) -> str:
        """The database's URL, SQLite under `var` unless set."""
        return self.database_url or f"sqlite:///{self.var / 'opendesign.db'}"

    @property
    def queue(self) -> str:
        """The queue's URL, SQLite under `var` unless set."""
        return self.queue_url or f"sqlite:///{self.var / 'queue.db'}"

    @property
    def shelf(self) -> Path:
        """The folder of made files; raises Invalid for a shelf that is no folder."""
        scheme, there, path = self.shelf_url.partition("://")
        if not there:
            scheme, path = "file", self.shelf_url
        if scheme != "file":
            raise Invalid(f"shelf_url is “{scheme[:20]}://…”; it must be a folder (file:///srv/shelf) or s3://bucket.")
        return Path(path) if path else self.var / "shelf"

    @property
    def bucket(self) -> BucketAddress | None:
        """The bucket of made files; None when they lie in a folder. Raises Invalid for a URL that names none."""
        return read_bucket(self.shelf_url) if self.shelf_url.startswith("s3://") else None

    @property
    def shelf_copies(self) -> Path:
        """The folder that keeps copies of what lies in a bucket."""
        return Path(self.shelf_cache) if self.shelf_cache else self.here / "shelf-cache"

    @property
    def engine_socket(self) -> Path:
        """The Unix socket of the CAD engine."""
        return self.here / "engine.sock"

    @property
    def engine_off(self) -> Path:
        """The file that keeps the engines of all machines closed while it is there; it says why."""
        return self.var / "engine.off"


SECRETS = frozenset(each.name for each in fields(Settings) if not each.repr)


def read_settings(environ: Mapping[str, str], table: Mapping[str, object]) -> tuple[Settings, dict[str, str]]:
    """Returns the settings from a configuration table and the environment, and where each came from.

    The environment wins. `DATA`, `HOST` and `PORT` are also read without the prefix. Raises Invalid for a
    value of the wrong type or a key nobody knows.
    """
    values: dict[str, object] = {}
    sources: dict[str, str] = {}
    known = {field.name: field.type for field in fields(Settings)}
    for key in table:
        if key not in known:
            raise Invalid(f"opendesign.toml has “{key}”, which is no setting; known are {', '.join(sorted(known))}.")
    for name, kind in known.items():
        sources[name] = "default"
        for source, raw in _candidates(name, environ, table):
            if raw == "" and (name in FORMS or "None" in str(kind)):
                continue  # nothing counts as not set
            values[name] = _typed(name, str(kind), raw, source)
            sources[name] = source
    return Settings(**values), sources  # type: ignore[arg-type]


def misspelt(environ: Mapping[str, str]) -> Iterator[tuple[str, str]]:
    """Yields the variables that are called like settings and are none, each with the one that may be meant."""
    known = [each.name.upper() for each in fields(Settings)]
    for name in sorted(environ):
        called = name.removeprefix(PREFIX)
        if name.startswith(PREFIX) and called not in known and called not in OTHERS:
            yield name, "".join(PREFIX + each for each in difflib.get_close_matches(called, known, 1))


def _candidates(name: str, environ: Mapping[str, str], table: Mapping[str, object]):
    """Yields (source, raw value) from the weakest to the strongest."""
    if name in table:
        yield "opendesign.toml", table[name]
    if name in ("data", "host", "port") and environ.get(name.upper()):
        yield f"environment {name.upper()}", environ[name.upper()]
    if PREFIX + name.upper() in environ:
        yield f"environment {PREFIX}{name.upper()}", environ[PREFIX + name.upper()]


def _typed(name: str, kind: str, raw: object, source: str) -> object:
    kind = getattr(kind, "__name__", kind)
    if "bool" in kind:
        word = str(raw).lower()
        if word in ("1", "true", "yes", "on"):
            return True
        if word in ("0", "false", "no", "off", ""):
            return False
        raise Invalid(f"{source}: {name} is “{raw}”; it must be on or off.")
    if "int" in kind:
        try:
            number = int(str(raw))
        except ValueError:
            raise Invalid(f"{source}: {name} is “{raw}”; it must be a whole number.") from None
        least, most = RANGES.get(name, (0, math.inf))
        if not least <= number <= most:
            within = f"from {least} to {most}" if name in RANGES else "0 or more"
            raise Invalid(f"{source}: {name} is “{raw}”; it must be {within}.")
        return number
    if name in FORMS and not re.fullmatch(FORMS[name][0], str(raw)):
        raise Invalid(f"{source}: {name} is “{raw}”; it must be {FORMS[name][1]}.")
    return str(raw)
