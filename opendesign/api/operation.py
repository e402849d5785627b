"""The table of operations: each is declared once, and served and documented from that."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass, field
from typing import Any, cast

from pydantic import BaseModel
from werkzeug.wrappers import Response

from opendesign.api.shape import Body, Page, Query
from opendesign.core.access import SEERS
from opendesign.records.person import Person

DESIGN = "/designs/{owner}/{name}"
SMALL = 1 << 20  # bytes of a body that holds no file


@dataclass(frozen=True)
class Answer:
    """What an operation gives back: something to show, or a response of its own (a file).

    `location` is the address of what was made; `total` counts all entries of which a list shows one page.
    `by` is who the receipt of a write belongs to when nobody known asked.
    """

    content: BaseModel | Sequence[BaseModel] | Response | None
    status: int = 200
    location: str = ""
    total: int | None = None
    by: Person | None = None


@dataclass(frozen=True)
class Operation:
    """One method at one address.

    `verb` is what the visitor must be allowed to do to the design; `scope` what a token needs where there is no
    design: such operations need somebody known. `operator`: only who runs the service is told that it is there.
    `before` runs ahead of the transaction, with the same arguments, and `after` once it has held.
    `until` may then wait for something, and gives the answer that is told.
    `secret`: the answer is shown once and never kept.
    """

    name: str
    method: str
    path: str
    tag: str
    summary: str
    text: str
    run: Callable[..., Answer]
    answers: Mapping[int, Any]
    verb: str = ""
    scope: str = ""
    operator: bool = False
    query: type[Query] | None = None
    body: type[Body] | None = None
    large: bool = False
    secret: bool = False
    before: Callable[..., None] | None = None
    after: Callable[..., None] | None = None
    until: Callable[..., Answer] | None = None
    media: Sequence[str] = field(default_factory=tuple)
    refusals: Mapping[int, str] = field(default_factory=dict)

    @property
    def known(self) -> bool:
        """True when it needs somebody known, by token or password."""
        return bool(self.scope) or self.operator or (bool(self.verb) and self.verb not in SEERS)

    @property
    def guarded(self) -> bool:
        """True when it is asked, before anything else, whether the visitor may do it at all."""
        return bool(self.verb or self.scope or self.operator)

    @property
    def writes(self) -> bool:
        """True when it changes something."""
        return self.method != "GET"

    @property
    def paged(self) -> bool:
        """True when it answers one page of a list."""
        return self.query is not None and issubclass(self.query, Page)

    @property
    def bare(self) -> bool:
        """True when the body may be left out."""
        return self.body is None or not any(each.is_required() for each in self.body.model_fields.values())


OPERATIONS: list[Operation] = []


def operation(method: str, path: str, answers: Mapping[int, Any] | Any, **facts: Any) -> Callable:
    """Declares the function below it as an operation, named for its module and itself.

    `answers` maps each status of success to what it shows; one shape alone stands for 200.
    """

    def declare(run: Callable[..., Answer]) -> Callable[..., Answer]:
        tag = run.__module__.rpartition(".")[2]
        summary, _, text = cast(str, run.__doc__).partition("\n")
        shown = answers if isinstance(answers, Mapping) else {200: answers}
        text = " ".join(text.split())
        name = f"{tag}.{run.__name__}"
        OPERATIONS.append(Operation(name, method, path, tag, summary, text, run, shown, **facts))
        return run

    return declare
