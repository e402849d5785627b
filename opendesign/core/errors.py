"""The words in which the service refuses something: what people ask, what an operator decided, what is away."""


class Refusal(Exception):
    """A request that cannot be granted: a sentence for people, and details by place for programs.

    `status` is the HTTP status of the answer, the same for pages and programs.
    """

    status = 400

    def __init__(self, message: str, errors: list[dict] | None = None):
        super().__init__(message)
        self.message = message
        self.errors = errors or []


class NotFound(Refusal):
    """What was asked for does not exist, or this person may not know that it does."""

    status = 404


class Forbidden(Refusal):
    """This person may see it and may not do that."""

    status = 403


class Suspended(Forbidden):
    """This person has shown who they are and is shut out; the message gives the reason."""


class Unfinished(Forbidden):
    """This person has shown a password and has a second factor, for which a program cannot be asked."""


class Conflict(Refusal):
    """The thing has moved or changed since it was looked at."""

    status = 409


class Invalid(Refusal):
    """The request contradicts itself or a rule; it says where and what would be right."""

    status = 422


class Unbuildable(Refusal):
    """The design does not build, or what it builds is not a valid solid."""

    status = 422


class TooLarge(Refusal):
    """A limit was passed; the message names the limit and its setting."""

    status = 413


class Later(Refusal):
    """Not now; `retry_after` says in how many seconds."""

    def __init__(self, message: str, retry_after: int):
        super().__init__(message)
        self.retry_after = retry_after


class TooMany(Later, TooLarge):
    """Too often in a short time."""

    status = 429


class NoRoom(TooLarge):
    """What somebody may keep here, in git or in Git LFS, is used up; the message names the quota and its setting."""

    status = 507


class Withheld(Refusal):
    """An operator has taken it down; the message gives the reason."""

    status = 451


class Paused(Later):
    """Nothing can be written for now."""

    status = 503


class Away(Later):
    """What this needs does not answer for now; nothing is lost."""

    status = 503
