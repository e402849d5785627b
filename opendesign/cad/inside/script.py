"""Runs a design's script the way its author would have run it, and says where it failed."""

import ast
import builtins
import os
import re
import sys
import traceback
import types
from collections.abc import Callable
from dataclasses import dataclass

from opendesign.cad.inside import repository
from opendesign.cad.inside.failure import Failure, left_by_lfs

MAGIC = re.compile(rb"^(\s*)[%!].*$", re.MULTILINE)
RELATIVE = re.compile(rb"^[ \t]*from[ \t]+\.", re.MULTILINE)
GUARD_NAMES = ("__cq_main__", "__main__", "__cqgi__", "temp")
GIVEN = ("show_object", "debug", "log", "rand_color", "describe_parameter")
LONGEST_MESSAGE = 500
SELECTOR_HINT = ": write such as “>Z”, “|X”, “%CYLINDER”, “>Z[-2]” or “#Z and not <X”."
KERNEL_HINT = "the geometry kernel cannot make this shape; a fillet, chamfer, shell or cut may be too large for it"


@dataclass
class Script:
    """A design's script laid out below a root; `part` is its path in the repository."""

    root: str
    part: str
    source: bytes

    @property
    def path(self) -> str:
        """Returns the script's absolute path."""
        return os.path.join(self.root, self.part)

    def run(self, found: Callable[[dict], bool]) -> None:
        """Runs the script under the names its guards ask for, until something is found among its variables.

        Raises Failure of kind "syntax", "script", "geometry" or "memory", with file and line.
        """
        code = self.compiled()
        for name in self.names():
            if found(self.attempt(code, name)):
                return
            repository.forget_modules(self.root)

    def compiled(self) -> types.CodeType:
        """Compiles the script; lines of IPython magic are passed over."""
        if b"\0" in self.source:
            line = self.source[: self.source.index(b"\0")].count(b"\n") + 1
            raise Failure("syntax", "The file holds a null byte: it is not Python text.", self.part, line)
        try:
            try:
                return compile(self.source, self.path, "exec", dont_inherit=True)
            except SyntaxError as trouble:
                plain = MAGIC.sub(rb"\1pass", self.source)
                if plain == self.source:
                    raise
                try:
                    return compile(plain, self.path, "exec", dont_inherit=True)
                except SyntaxError:
                    raise trouble from None
        except (SyntaxError, ValueError, RecursionError, MemoryError) as trouble:
            raise self.failure(trouble) from None

    def names(self) -> list[str]:
        """Returns the values of __name__ that the script asks for, `__main__` if it asks for none."""
        try:
            tree = ast.parse(MAGIC.sub(rb"\1pass", self.source))
        except (SyntaxError, ValueError, RecursionError):
            return ["__main__"]
        texts = {
            constant.value
            for node in ast.walk(tree)
            if isinstance(node, ast.Compare) and "__name__" in names_in(node)
            for constant in ast.walk(node)
            if isinstance(constant, ast.Constant)
        }
        return [name for name in GUARD_NAMES if name in texts] or ["__main__"]

    def attempt(self, code: types.CodeType, name: str) -> dict:
        """Runs the script in its folder, or at the root if it looks for its files there."""
        try:
            return self.execute(code, name, os.path.dirname(self.path))
        except FileNotFoundError as trouble:
            missing = trouble.filename
            relative = isinstance(missing, str) and not os.path.isabs(missing)
            if not relative or not os.path.exists(os.path.join(self.root, missing)):
                raise self.failure(trouble) from None
        except BaseException as trouble:
            raise self.failure(trouble) from None
        repository.forget_modules(self.root)
        try:
            return self.execute(code, name, self.root)
        except BaseException as trouble:
            raise self.failure(trouble) from None

    def execute(self, code: types.CodeType, name: str, folder: str) -> dict:
        """Runs the compiled script as a module of that name in that folder; returns its variables."""
        module = types.ModuleType(name)
        module.__file__, module.__package__ = self.path, self.package()
        # As CQ-editor does: some scripts ask whether "show_object" is among their globals.
        module.__dict__.update({name: getattr(builtins, name) for name in GIVEN if hasattr(builtins, name)})
        sys.modules[name] = module
        sys.argv = [self.path]
        os.chdir(folder)
        try:
            exec(code, module.__dict__)
        except SystemExit as leave:
            if leave.code not in (None, 0):
                raise
        return module.__dict__

    def package(self) -> str:
        """Returns the package a script lies in if it imports its neighbours by dots, as `python -m` would run it."""
        steps = self.part.split("/")[:-1]
        if not steps or not RELATIVE.search(self.source):
            return ""
        return ".".join(steps[1:] if steps[0] == "src" else steps)

    def failure(self, trouble: BaseException) -> Failure:
        """Returns the trouble as a sentence with the deepest place inside the design."""
        file, line = self.place(trouble)
        kind = type(trouble).__name__
        if isinstance(trouble, Failure):
            return trouble
        if isinstance(trouble, MemoryError):
            return Failure("memory", "The script needs more memory than it may have.", file, line)
        if isinstance(trouble, SystemExit):
            return Failure("script", f"The script ended itself with sys.exit({trouble.code!r}).", file, line)
        if isinstance(trouble, SyntaxError):
            if pointer := self.pointer(file):
                return Failure("syntax", pointer, file, 1)
            return Failure("syntax", f"{kind}: {trouble.msg}", file, line)
        if (selector := mistyped_selector(trouble)) is not None:
            return Failure("script", f"“{selector[:100]}” is no selector of CadQuery{SELECTOR_HINT}", file, line)
        text = short(trouble)
        if type(trouble).__module__.startswith("OCP"):
            return Failure("geometry", f"{kind}: {text or 'no reason given'} ({KERNEL_HINT}).", file, line)
        return Failure("script", f"{kind}: {text}" if text else kind, file, line)

    def pointer(self, file: str | None) -> str | None:
        """Returns what to say of a file of the design that is no Python because Git LFS has not been fetched."""
        try:
            with open(os.path.join(self.root, file or ""), "rb") as script:
                return left_by_lfs(script.read(200), file or "")
        except OSError:
            return None

    def place(self, trouble: BaseException) -> tuple[str | None, int | None]:
        """Returns file and line of the deepest frame inside the design's own files."""
        prefix = self.root + os.sep
        if isinstance(trouble, SyntaxError) and str(trouble.filename or "").startswith(prefix):
            return trouble.filename.removeprefix(prefix), trouble.lineno
        places = [
            (frame.f_code.co_filename.removeprefix(prefix), line)
            for frame, line in traceback.walk_tb(trouble.__traceback__)
            if frame.f_code.co_filename.startswith(prefix)
        ]
        return places[-1] if places else (self.part, None)


def mistyped_selector(trouble: BaseException) -> str | None:
    """Returns the text that CadQuery could not read as a selector; its own message is the grammar, 1,000 characters."""
    text = getattr(trouble, "pstr", None)
    frames = [frame.f_code.co_filename for frame, _ in traceback.walk_tb(trouble.__traceback__)]
    return text if isinstance(text, str) and any(name.endswith("cadquery/selectors.py") for name in frames) else None


def names_in(node: ast.AST) -> set[str]:
    """Returns the names a piece of code uses."""
    return {name.id for name in ast.walk(node) if isinstance(name, ast.Name)}


def short(trouble: BaseException) -> str:
    """Returns an exception's text in one line; one that cannot be written is no text."""
    try:
        text = " ".join(str(trouble).split())
    except Exception:
        return ""
    return text if len(text) <= LONGEST_MESSAGE else text[: LONGEST_MESSAGE - 1] + "…"
