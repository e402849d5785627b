"""The one way in which a job says that it failed."""


class Failure(Exception):
    """A job's end without a result: what kind of trouble, in a sentence, and where in the design."""

    def __init__(self, kind: str, message: str, file: str | None = None, line: int | None = None):
        super().__init__(message)
        self.kind = kind
        self.message = message[:2000]
        self.file = file
        self.line = line

    def result(self) -> dict:
        """Returns the job's result."""
        error = {"kind": self.kind, "message": self.message, "file": self.file, "line": self.line}
        return {"ok": False, "error": error}
