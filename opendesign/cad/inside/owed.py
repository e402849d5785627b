"""Files that a script has exported and that are written when it reads them: most never are, and writing takes time."""

import builtins
import io
import os
from collections.abc import Callable


class Owed:
    """What was exported and not written yet: by absolute path, what writes it; `paying` while one of them does."""

    def __init__(self) -> None:
        self.files: dict[str, Callable[[], object]] = {}
        self.paying = False

    def owe(self, path: object, write: Callable[[str], object]) -> None:
        """Remembers what writes a file, as the script's folder is now."""
        if isinstance(path, str | os.PathLike):
            place = os.path.abspath(os.fspath(path))
            self.files[place] = lambda: write(place)

    def forget(self, path: object) -> None:
        """Forgets a file that is about to be written anew."""
        if self.files and isinstance(path, str | os.PathLike):
            self.files.pop(os.path.abspath(os.fspath(path)), None)

    def pay(self, path: object) -> None:
        """Writes a file that is about to be read, if it was exported; raises what its exporter raises."""
        if not self.files or not isinstance(path, str | os.PathLike):
            return
        write = self.files.pop(os.path.abspath(os.fspath(path)), None)
        if write is None:
            return
        before, self.paying = self.paying, True
        try:
            write()
        finally:
            self.paying = before

    def paid(self, read: Callable) -> Callable:
        """Returns a reader of files, by path, that finds what was exported."""

        def reader(path: object, *more: object, **options: object) -> object:
            self.pay(path)
            return read(path, *more, **options)

        return reader

    def watch(self) -> None:
        """Lets everything that Python opens, or asks the size of, be written first."""
        real, measured = io.open, os.stat

        def opened(file: object, mode: str = "r", *more: object, **options: object) -> object:
            (self.forget if set(mode) & set("wx") else self.pay)(file)
            return real(file, mode, *more, **options)

        def stat(path: object, **options: object) -> os.stat_result:
            if options.get("dir_fd") is None:
                self.pay(path)
            return measured(path, **options)

        builtins.open = io.open = opened
        os.stat = stat
