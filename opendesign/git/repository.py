"""One design's repository, open for reading: names, commits, folders, files and differences."""

import re
from collections.abc import Mapping, Sequence
from functools import cached_property
from pathlib import Path
from types import TracebackType
from typing import Self

from git import GitCmdObjectDB, Repo

from opendesign.core.errors import NotFound, TooLarge
from opendesign.core.remembered import Remembered
from opendesign.git import command, names
from opendesign.git.blobs import read_batch
from opendesign.git.commits import FORMAT, Commit, parse_commits
from opendesign.git.differences import FileDiff, parse_diff
from opendesign.git.files_of_refs import stands
from opendesign.git.limits import GitLimits, in_words, too_large
from opendesign.git.trees import Entry, parse_entries
from opendesign.git.walks import first_line, last_touched

EMPTY_TREE = "4b825dc642cb6eb9a060e54bf8d69288fbee4904"
TAGS_KEPT = 10_000
_tagged = Remembered[str, str](TAGS_KEPT)
PATCH = ("--raw", "--numstat", "--patch", "-r", "-M", "--full-index", "--no-color", "--no-ext-diff", "--no-textconv")


class Repository:
    """Reads the bare repository at `path`; objects below the folders `also` can be read through it too.

    A context manager: GitPython keeps a cat-file process, which ends with it. Commits are named by the 40 hex
    digits that `resolve` returns.
    """

    def __init__(self, path: Path, limits: GitLimits | None = None, also: Sequence[Path] = ()):
        self.path = path
        self.limits = limits or GitLimits()
        self.environment = command.environment(path, also)
        # New objects are checked against what is here alone: what lies elsewhere may go.
        self.writing: dict[str, str] | None = None
        self.locked: Mapping[str, str] = {}  # what others have locked, and who: moving a branch leaves it as it is

    @cached_property
    def _repo(self) -> Repo:
        """GitPython's view, made at the first question that its lasting cat-file process answers."""
        repo = Repo(self.path, odbt=GitCmdObjectDB)
        repo.git.update_environment(**self.environment)
        return repo

    def __enter__(self) -> Self:
        return self

    def __exit__(
        self, kind: type[BaseException] | None, error: BaseException | None, trace: TracebackType | None
    ) -> None:
        self.close()

    def close(self) -> None:
        """End the processes that answered questions."""
        if "_repo" in self.__dict__:
            self._repo.close()

    def run(self, *args: str, feed: bytes = b"", good: tuple[int, ...] = (0,)) -> bytes:
        """What a git command prints that may read every object in reach."""
        return command.run(
            self.path, *args, feed=feed, good=good, env=self.environment, seconds=self.limits.git_seconds
        )

    def refs(self) -> dict[str, str]:
        """The commit of every branch ("refs/heads/main") and tag; internal refs are left out."""
        found = stands(self.path)
        if found is None:
            said = self.run("for-each-ref", "--format=%(refname) %(objectname)", "refs/heads", "refs/tags")
            found = dict(line.split(" ") for line in said.decode("utf-8", "replace").split("\n")[:-1])
        led = {ref: sha if ref.startswith("refs/heads/") else self._led(sha) for ref, sha in found.items()}
        return {ref: sha for ref, sha in led.items() if sha}

    def _led(self, sha: str) -> str:
        """The commit that a tag with this id leads to, empty for none."""
        known = _tagged.get(sha) or self._commit_id(sha)
        return _tagged.keep(sha, known) if known else ""

    def head_branch(self) -> str:
        """The branch that clones check out first, whether it has commits or not."""
        return (self.path / "HEAD").read_text().strip().removeprefix("ref: refs/heads/")

    def set_head(self, branch: str) -> None:
        """Make `branch` the one that clones check out first; raises Invalid for a bad name, NotFound if absent."""
        ref = names.check_branch(branch)
        if self._commit_id(ref) is None:
            raise NotFound(f"There is no branch “{branch}”.")
        self.run("symbolic-ref", "HEAD", ref)

    def resolve(self, name: str) -> str:
        """The commit meant by a branch, a tag, a full or an abbreviated (≥ 7 digits) id; raises NotFound."""
        for ref in names.revisions_named(name):
            if sha := self._commit_id(ref):
                return sha
        if names.SHORT_SHA.fullmatch(name) and (sha := self._abbreviated(name)):
            return sha
        raise NotFound(f"There is no branch, tag or revision “{name[:200]}”.")

    def _commit_id(self, name: str) -> str | None:
        return (self._header(f"{name}^{{commit}}") or (None,))[0]

    def _abbreviated(self, prefix: str) -> str | None:
        shas = self.run("rev-parse", f"--disambiguate={prefix}").decode().split()[:100]
        commits = [sha for sha in shas if (self._header(sha) or ("", ""))[1] == "commit"]
        return commits[0] if len(commits) == 1 else None

    def _header(self, name: str) -> tuple[str, str, int] | None:
        """The (id, type, size) of an object, from the process that stays; None if there is no such object."""
        try:
            sha, kind, size = self._repo.git.get_object_header(name)
        except ValueError:
            return None
        return _text(sha), _text(kind), size

    def commit(self, sha: str) -> Commit:
        """The commit with this id; raises NotFound."""
        if (self._header(names.check_sha(sha)) or ("", ""))[1] != "commit":
            raise NotFound(f"There is no revision {sha[:12]} in this design.")
        return self._log("--no-walk", feed=[sha])[0]

    def commits(self, shas: Sequence[str]) -> dict[str, Commit]:
        """The commits with these ids, as far as they are here, in one process."""
        return {one.sha: one for one in self._log("--no-walk=unsorted", "--ignore-missing", feed=shas)} if shas else {}

    def log(
        self, sha: str, path: str | None = None, skip: int = 0, limit: int = 50, without: Sequence[str] = ()
    ) -> list[Commit]:
        """Commits reachable from `sha` and not from `without`, newest first; with `path`, those that
        touched it.
        """
        tips = [names.check_sha(sha), *_excluded(without)]
        return self._log(f"--skip={int(skip)}", f"--max-count={int(limit)}", feed=tips, path=path)

    def count(self, sha: str, without: Sequence[str] = ()) -> int:
        """How many commits are reachable from `sha` and not from `without`."""
        tips = [names.check_sha(sha), *_excluded(without)]
        return int(self.run("rev-list", "--count", "--stdin", feed=_lines(tips)))

    def new_commits(self, tips: Sequence[str], known: Sequence[str]) -> list[Commit]:
        """Commits reachable from `tips` and not from `known`, parents before children; unknown ids are
        skipped.
        """
        if not tips:
            return []
        feed = [*map(names.check_sha, tips), *_excluded(known)]
        return self._log("--reverse", "--topo-order", "--ignore-missing", feed=feed)

    def search(self, tip: str, *options: str) -> list[Commit]:
        """Commits that `tip` contains and that `git log` finds with these options, newest first."""
        return self._log(*options, feed=[names.check_sha(tip)])

    def _log(self, *options: str, feed: Sequence[str], path: str | None = None) -> list[Commit]:
        where = ("--", names.check_readable(path)) if path else ("--",)
        return parse_commits(self.run("log", *FORMAT, *options, "--stdin", *where, feed=_lines(feed)))

    def tree(self, sha: str, path: str = "") -> list[Entry]:
        """The entries of the folder `path` in a commit or tree, folders first; raises NotFound."""
        folder = path.strip("/")
        kind, tree, _ = self._at(sha, folder)
        if kind != "tree":
            raise NotFound(f"“{folder}” is not a folder in this revision.")
        entries = parse_entries(self.run("ls-tree", "-l", "-z", tree), folder)
        return sorted(entries, key=lambda entry: (entry.kind != "tree", entry.name))

    def files(self, sha: str) -> list[Entry]:
        """Every file, link and submodule of a commit or tree, with its size in bytes, in git's order."""
        return parse_entries(self.run("ls-tree", "-r", "-l", "-z", self.tree_id(sha)), "")

    def tree_id(self, sha: str) -> str:
        """The id of the top folder of a commit, or of a tree itself; raises NotFound."""
        return self._at(sha, "")[1]

    def _at(self, sha: str, path: str) -> tuple[str, str, int]:
        """The kind, id and size of what lies at `path` in a commit or tree; raises NotFound."""
        name = f"{names.check_sha(sha)}^{{tree}}"
        if path:
            name = f"{names.check_sha(sha)}:{names.check_readable(path)}"
        found = self._header(name)
        if found is None:
            raise NotFound(f"There is no “{path[:200]}” in this revision." if path else f"There is no revision {sha}.")
        return found[1], found[0], found[2]

    def read(self, sha: str, path: str, limit: int | None = None) -> bytes:
        """The bytes of a file in a commit or tree; a link gives its target. Raises NotFound and TooLarge."""
        kind, blob, size = self._at(sha, path)
        if kind != "blob":
            raise NotFound(f"“{path[:200]}” is a folder, not a file.")
        most = self.limits.read_bytes if limit is None else limit
        if size > most and limit is None:
            raise too_large(f"“{path[:200]}”, {in_words(size)},", self.limits, "read_bytes")
        if size > most:
            raise TooLarge(f"“{path[:200]}” has {in_words(size)}; at most {in_words(most)} are read here.")
        return self._repo.git.get_object_data(blob)[3]

    def read_object(self, sha: str) -> tuple[str, bytes]:
        """The type and content of a small object (a tree, a commit); raises NotFound."""
        if self._header(names.check_sha(sha)) is None:
            raise NotFound(f"There is no object {sha}.")
        _, kind, _, content = self._repo.git.get_object_data(sha)
        return _text(kind), content

    def read_blobs(self, shas: Sequence[str], most: int | None = None) -> dict[str, bytes]:
        """The contents of many files by id, in one process; raises NotFound and TooLarge.

        One file may have `most` bytes, by default `read_bytes`, and all together four times `read_bytes`.
        """
        wanted = list(dict.fromkeys(map(names.check_sha, shas)))
        return read_batch(self.path, self.environment, wanted, self.limits, most)

    def last_commits(self, sha: str, path: str = "") -> dict[str, Commit]:
        """For each name in the folder `path`, the last commit that touched it or something below it.

        One walk over the history, which looks at no more than `walk_commits` commits.
        """
        folder = path.strip("/")
        wanted = {entry.name for entry in self.tree(sha, folder)}
        touched = last_touched(self.path, self.environment, sha, folder, wanted, self.limits)
        found = self.commits(sorted(set(touched.values())))
        return {name: found[commit] for name, commit in touched.items()}

    def first_line(self, sha: str, most: int) -> list[tuple[str, dict[str, str]]]:
        """The newest `most` commits of the line of first parents, with path → status (A, D, M, T) of each change."""
        return first_line(self.path, self.environment, names.check_sha(sha), most, self.limits)

    def diff(self, a: str | None, b: str) -> list[FileDiff]:
        """The changes from commit or tree `a` (None: from nothing) to `b`; large ones are cut and say so."""
        sides = [self.tree_id(a) if a else EMPTY_TREE, self.tree_id(b)]
        seconds, most = self.limits.git_seconds, self.limits.diff_bytes
        with command.reading(self.path, "diff-tree", *PATCH, *sides, env=self.environment, seconds=seconds) as stream:
            printed = stream.read(most + 1)
            cut = len(printed) > most
            if cut:
                stream.close()
        return parse_diff(printed, cut, self.limits.diff_lines)

    def merge_base(self, a: str, b: str) -> str | None:
        """The best common ancestor of two commits, or None."""
        said = self.run("merge-base", names.check_sha(a), names.check_sha(b), good=(0, 1))
        return said.decode().strip() or None

    def is_ancestor(self, a: str, b: str) -> bool:
        """Whether the commit `b` contains the commit `a`."""
        ask = ("merge-base", "--is-ancestor", names.check_sha(a), names.check_sha(b))
        done = command.finished(self.path, *ask, good=(0, 1), env=self.environment, seconds=self.limits.git_seconds)
        return done.returncode == 0

    def held(self, shas: Sequence[str], tip: str) -> set[str]:
        """Which of the commits `shas` the commit `tip` contains."""
        beyond = self.run("rev-list", "--stdin", feed=_lines([*map(names.check_sha, shas), *_excluded([tip])]))
        return set(shas) - set(beyond.decode().split())

    def beyond(self, sha: str, known: Sequence[str]) -> set[str]:
        """The commits that `sha` contains and none of `known` does; ids that are not there count for nothing."""
        feed = _lines([names.check_sha(sha), *_excluded(known)])
        return set(self.run("rev-list", "--ignore-missing", "--stdin", feed=feed).decode().split())

    def history(self, *shas: str) -> set[str]:
        """The commits and all that they contain; ids that are not there count for nothing."""
        feed = _lines(list(map(names.check_sha, shas)))
        return set(self.run("rev-list", "--ignore-missing", "--stdin", feed=feed).decode().split()) if shas else set()

    def parents(self, tips: Sequence[str], most: int) -> dict[str, tuple[str, ...]]:
        """Commit → parents of all that some follow along first parents, if not gone; of one, `most` commits at most."""
        words = ["rev-list", "--ignore-missing", "--first-parent", "--parents"]
        few = [f"--max-count={most}"] if len(tips) == 1 else []
        lines = self.run(*words, *few, "--stdin", feed=_lines(list(map(names.check_sha, tips))))
        told = (line.split() for line in lines.decode().splitlines())
        return {sha: tuple(parents) for sha, *parents in told}

    def ahead_behind(self, a: str, b: str) -> tuple[int, int]:
        """How many commits only `a` has, and how many only `b` has."""
        pair = f"{names.check_sha(a)}...{names.check_sha(b)}"
        ahead, behind = re.findall(rb"\d+", self.run("rev-list", "--left-right", "--count", pair))
        return int(ahead), int(behind)


def _excluded(shas: Sequence[str]) -> list[str]:
    return [f"^{names.check_sha(sha)}" for sha in shas]


def _lines(words: Sequence[str]) -> bytes:
    return "".join(f"{word}\n" for word in words).encode()


def _text(word: str | bytes) -> str:
    return word if isinstance(word, str) else word.decode()
