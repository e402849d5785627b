"""What the shapes of requests and answers share: strict bodies, strict queries, open answers, pages."""

from collections.abc import Sequence
from typing import Annotated, Any, Self

from pydantic import BaseModel, ConfigDict, Field, WithJsonSchema

from opendesign.core.limits import LIMITS

LONGEST = 65_536  # characters of any text in a body but a file's content; each action has its own, lower limit


class Body(BaseModel):
    """What a write is told: exactly the fields it knows, of exactly their types."""

    model_config = ConfigDict(extra="forbid", strict=True, str_max_length=LONGEST, allow_inf_nan=False)


class Query(BaseModel):
    """What an address asks for after its question mark."""

    model_config = ConfigDict(extra="forbid", str_max_length=1000)


class Shown(BaseModel):
    """What an answer shows; fields may be added to it, none is taken away."""

    model_config = ConfigDict(json_schema_serialization_defaults_required=True)

    @classmethod
    def of(cls, **facts: Any) -> Self:
        """Returns the shape of these facts, checked: a state that is none of those promised is a fault of ours."""
        return cls.model_validate(facts)


class Page(Query):
    """Which page of a list is wanted."""

    page: int = Field(1, ge=1, le=1_000_000, description="Which page, from 1.")
    per_page: int = Field(LIMITS.page_size, ge=1, le=LIMITS.page_size_most, description="How many entries a page has.")

    def of(self, rows: Sequence) -> list:
        """Returns this page of a list that is known as a whole."""
        return list(rows[(self.page - 1) * self.per_page : self.page * self.per_page])

    @property
    def skip(self) -> int:
        """How many entries come before this page."""
        return (self.page - 1) * self.per_page


class Fault(BaseModel):
    """One thing that is wrong: where (a field, a path, a check) and why."""

    model_config = ConfigDict(extra="allow")
    name: str | None = Field(None, description="The field or parameter.")
    path: str | None = Field(None, description="The file, for conflicts.")
    kind: str | None = Field(None, description="The kind of a conflict: text or parameter.")
    check: str | None = Field(None, description="The part whose check failed, for refused merges.")
    message: str | None = Field(None, description="What is wrong there.")


class Problem(BaseModel):
    """A refusal (RFC 9457): what was wrong, where, and what to do."""

    model_config = ConfigDict(
        json_schema_extra={
            "examples": [
                {
                    "type": "/api#invalid",
                    "title": "Unprocessable Content",
                    "status": 422,
                    "detail": "“licens” is not a field of this request.",
                    "errors": [{"name": "licens", "message": "is not a field of this request"}],
                    "request": "5f0c2b7e9a4d4f6c8e1b3a5d7c9e0f12",
                }
            ]
        }
    )
    type: str = Field(description="The kind of refusal, explained on the reference page.")
    title: str = Field(description="The status in words.")
    status: int = Field(ge=400, le=599)
    detail: str = Field(description="A sentence for people.")
    errors: list[Fault] = Field(description="Each fault by its place, for programs.")
    request: str = Field(description="The request's name, as in X-Request-Id: the service's log knows it.")


def example(*shown: dict) -> ConfigDict:
    """Returns the part of a model's settings that gives it examples."""
    return ConfigDict(json_schema_extra={"examples": list(shown)})


Name = Annotated[str, Field(pattern=r"^[a-z0-9][a-z0-9._-]{0,62}$", examples=["laptop-case"])]
Sha = Annotated[str, Field(pattern=r"^[0-9a-f]{40}$", examples=["9fceb02d0ae598e95dc970b74767f19372d61af8"])]
DesignPath = Annotated[str, Field(description="owner/name", examples=["ada/laptop-case"])]
Vector = tuple[float, float, float]
Box = tuple[Vector, Vector]
# Any JSON is taken here: core.parameter knows the part and says better what does not fit.
Value = Annotated[
    Any,
    WithJsonSchema(
        {"type": ["boolean", "number", "string", "array"], "items": {"type": ["number", "string"]}, "examples": [2.4]}
    ),
]
