"""What actions stand on: the house with its neighbours, and one transaction's work in it."""

from collections.abc import Callable, Iterator
from contextlib import AbstractContextManager, contextmanager
from dataclasses import dataclass, field
from datetime import datetime

from opendesign.cad.engine import Engine
from opendesign.cad.shelf import Shelf
from opendesign.core.access import (
    WITHHELD,
    Actor,
    Ground,
    may,
    may_move,
    may_operate,
    may_override,
    may_retag,
    need,
    need_move,
    need_operator,
)
from opendesign.core.asker import asker
from opendesign.core.errors import Conflict
from opendesign.core.limits import Limits
from opendesign.core.log import named
from opendesign.core.settings import Settings
from opendesign.git.repository import Repository
from opendesign.git.store import Store
from opendesign.mail.post import Post
from opendesign.oidc.provider import Provider
from opendesign.queue.bell import Bell
from opendesign.queue.jobs import Queue
from opendesign.records.base import now
from opendesign.records.database import Database, Session
from opendesign.records.deed import Doer
from opendesign.records.design import Design
from opendesign.records.factor import factor_of
from opendesign.records.lfs import locked_by_others
from opendesign.records.person import Person, acting_person
from opendesign.records.takedown import takedown_of
from opendesign.records.verdict import rule_for
from opendesign.records.witness import watch


@dataclass(frozen=True)
class Visitor:
    """Who asks: a person by number, the scopes of the token they used (None: a password or a visit), from where.

    `request` is the name of the request, which the log, the record of deeds and the jobs it puts in carry on; `proof`
    names the token, or the password, that they showed to git. `name` is what deeds call who is no person here.
    """

    person_id: int | None = None
    scopes: frozenset[str] | None = None
    address: str = ""
    request: str = ""
    proof: str = ""
    name: str = ""

    @property
    def asker(self) -> str:
        """Whose share of the engine's time counts."""
        return asker(self.person_id, self.address)


NOBODY = Visitor()
watch()


@dataclass
class Work:
    """One transaction: a session of the records, who acts, and the jobs to put in the queue once it has held."""

    house: "House"
    session: Session
    person: Person | None
    scopes: frozenset[str] | None = None
    asker: str = ""
    request: str = ""
    later: list[tuple[str, str, int]] = field(default_factory=list)
    rings: set[str] = field(default_factory=set)
    undoing: list[Callable[[], object]] = field(default_factory=list)
    began: datetime = field(default_factory=now)

    def may(self, verb: str, design: Design) -> bool:
        """Tells whether the one who acts may do this to the design."""
        # A stranger has no role that would have to be looked up.
        return may(self.actor, verb, ground(design) if self.person else Ground(design.visibility))

    def need(self, verb: str, design: Design) -> Design:
        """Returns the design, or raises NotFound or Forbidden."""
        need(self.actor, verb, ground(design))
        return design

    def belongs(self, design: Design) -> bool:
        """Tells whether the one who acts would see the design if it were private."""
        return may(self.actor, "see", Ground("private", design.roles))

    def may_move(self, branch: str, design: Design) -> bool:
        """Tells whether the one who acts may move a branch without a proposal."""
        return self.may("push", design) and may_move(self.actor, ground(design), rule_for(self.session, design, branch))

    def need_move(self, branch: str, design: Design) -> None:
        """Raises Forbidden, or NotFound, when the one who acts may not move a branch without a proposal."""
        need_move(self.actor, ground(design), rule_for(self.session, design, branch))

    def may_override(self, branch: str, design: Design) -> bool:
        """Tells whether a branch has a rule and the one who acts may go around it."""
        rule = rule_for(self.session, design, branch) if self.may("override", design) else None
        return rule is not None and may_override(self.actor, ground(design), rule)

    def may_retag(self, design: Design, released: bool) -> bool:
        """Tells whether the one who acts may move or delete a tag, which is released or not."""
        return may_retag(self.actor, ground(design), released)

    def opened(self, design: Design) -> Repository:
        """Opens the repository of a design for a change: what others have locked in it stays as it is."""
        repository = self.house.store.open(design.key)
        repository.locked = locked_by_others(self.session, design, self.person)
        return repository

    @property
    def actor(self) -> Actor | None:
        """The one who acts, as access rules see them."""
        if self.person is None:
            return None
        unproven = self.house.settings.verify_mail and self.person.proven_at is None
        bare = self.person.admin and self.house.settings.asks_operators
        bare = bare and factor_of(self.session, self.person) is None
        return Actor(self.person.id, self.person.admin, self.scopes, unproven, bare)

    @property
    def operates(self) -> bool:
        """Whether the one who acts may run the service."""
        return may_operate(self.actor)

    def need_operator(self) -> None:
        """Raises NotFound unless the one who acts may run the service."""
        need_operator(self.actor)

    def soon(self, job: str, key: object, priority: int = 0) -> None:
        """Puts a job in the queue after this transaction has been committed."""
        self.later.append((job, str(key), priority))

    def tell(self, key: str) -> None:
        """Wakes whoever waits for what this key names, after this transaction has been committed."""
        self.rings.add(key)

    def undo(self, act: Callable[[], object]) -> None:
        """Says how to take back something outside of the records, should this transaction fail."""
        self.undoing.append(act)


@dataclass(frozen=True)
class House:
    """The settings, the four neighbours (records, git, cad and queue) and the service's secret."""

    settings: Settings
    limits: Limits
    database: Database
    store: Store
    shelf: Shelf
    engine: Engine
    queue: Queue
    bell: Bell
    secret: str = field(default="", repr=False)
    post: Post = field(default_factory=Post)
    provider: Provider | None = None

    @contextmanager
    def reading(self, visitor: Visitor = NOBODY) -> Iterator[Work]:
        """Opens work that only looks."""
        with self.database.reading() as session:
            yield Work(self, session, acting_person(session, visitor.person_id), visitor.scopes, visitor.asker)

    def writing(self, visitor: Visitor = NOBODY) -> AbstractContextManager[Work]:
        """Opens work that is committed at the end; then its jobs are put in the queue."""
        return self._working(self.database.writing, visitor)

    def noting(self, visitor: Visitor = NOBODY) -> AbstractContextManager[Work]:
        """Opens work as `writing` does, for what can be made again: a power cut may undo it."""
        return self._working(self.database.noting, visitor)

    @contextmanager
    def _working(
        self, opened: Callable[[], AbstractContextManager[Session]], visitor: Visitor = NOBODY
    ) -> Iterator[Work]:
        undoing: list[Callable[[], object]] = []
        try:
            with opened() as session:
                person = acting_person(session, visitor.person_id)
                name = person.name if person else visitor.name
                request = visitor.request or named()  # what is streamed ends when the thread has forgotten it
                session.info["doer"] = Doer(person.id if person else None, name, visitor.address, request)
                work = Work(self, session, person, visitor.scopes, visitor.asker, request, undoing=undoing)
                yield work
        except BaseException:
            for act in reversed(undoing):
                act()
            raise
        for job, key, priority in dict.fromkeys(work.later):
            self.queue.put(job, key, priority, work.request)
        for key in work.rings:
            self.bell.ring(key)


def ground(design: Design) -> Ground:
    """Returns what access rules need to know of a design."""
    if design.visibility != WITHHELD:
        return Ground(design.visibility, design.roles, design.mirrored)
    last = takedown_of(design)
    return Ground(
        WITHHELD, design.roles, design.mirrored, last.before if last else "private", last.reason if last else ""
    )


def unchanged(expected: str | None, actual: str | None, what: str) -> None:
    """Raises Conflict when `what` has moved since the caller looked at it."""
    if expected is not None and expected != actual:
        raise Conflict(
            f"{what} has moved to {(actual or 'nothing')[:12]} since {expected[:12]}; look again, then retry."
        )
