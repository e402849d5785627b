"""The shelf: made files by the key of their build, written once and never changed."""

import os
import re
import shutil
import tempfile
from collections.abc import Mapping
from pathlib import Path

from opendesign.core.errors import Invalid, NotFound

KEY = re.compile(r"[0-9a-f]{64}")
NAMES = frozenset(("viewer", "step", "stl", "3mf", "glb", "brep", "png", "overlay"))


class Shelf:
    """Folders below `root`, two levels of fan-out: `ab/abcd…/step`."""

    def __init__(self, root: Path):
        self.root = Path(root)

    def put(self, key: str, files: Mapping[str, bytes]) -> None:
        """Adds files to a key, each whole or not at all; a file that is there already stays as it is."""
        folder = self._folder(key)
        folder.mkdir(parents=True, exist_ok=True)
        for name, content in files.items():
            if not (folder / self._name(name)).exists():
                self._write(folder / name, content)
        _settle(folder)

    def path(self, key: str, name: str) -> Path:
        """Returns where a made file lies; NotFound when it was not made."""
        path = self._folder(key) / self._name(name)
        if not path.is_file():
            raise NotFound(f"The file “{name}” of build {key[:12]} is not on the shelf.")
        return path

    def names(self, key: str) -> dict[str, int]:
        """Returns the made files of a key with their sizes in bytes."""
        folder = self._folder(key)
        if not folder.is_dir():
            return {}
        return {entry.name: entry.stat().st_size for entry in os.scandir(folder) if entry.name in NAMES}

    def delete(self, key: str) -> None:
        """Takes everything of a key off the shelf."""
        shutil.rmtree(self._folder(key), ignore_errors=True)

    def _folder(self, key: str) -> Path:
        if not KEY.fullmatch(key):
            raise NotFound(f"“{key[:80]}” is not the key of a build.")
        return self.root / key[:2] / key

    def _name(self, name: str) -> str:
        if name not in NAMES:
            raise Invalid(f"“{name[:40]}” is no format; formats are {', '.join(sorted(NAMES))}.")
        return name

    def _write(self, path: Path, content: bytes) -> None:
        descriptor, temporary = tempfile.mkstemp(dir=path.parent, prefix=".new-")
        try:
            with os.fdopen(descriptor, "wb") as file:
                file.write(content)
                file.flush()
                os.fsync(file.fileno())
            os.chmod(temporary, 0o644)
            os.replace(temporary, path)
        except BaseException:
            os.unlink(temporary)
            raise


def _settle(folder: Path) -> None:
    """Makes new names in a folder outlive a power cut."""
    descriptor = os.open(folder, os.O_RDONLY | os.O_DIRECTORY)
    try:
        os.fsync(descriptor)
    finally:
        os.close(descriptor)
