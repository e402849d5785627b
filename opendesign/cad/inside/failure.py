"""The one way in which a job says that it failed."""

LFS_POINTER = b"version https://git-lfs.github.com/spec/"


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


def left_by_lfs(content: bytes, name: str) -> str | None:
    """Returns what is wrong with a file that Git LFS has left a pointer in place of; None for any other."""
    if not content.startswith(LFS_POINTER):
        return None
    if name.endswith(".py"):
        return f"{name} is a pointer of Git LFS, and scripts are read from git alone: git lfs migrate export."
    return f"{name} is a pointer of Git LFS, and the file has not been sent here: git lfs push --all."
