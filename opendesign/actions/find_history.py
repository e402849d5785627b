"""Finds the revisions of a branch, of a folder, or of a file through its renames."""

from typing import NamedTuple

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.git.commits import Commit
from opendesign.git.names import check_readable
from opendesign.git.repository import Repository
from opendesign.git.walks import followed
from opendesign.records.design import Design


class Touched(NamedTuple):
    """A revision, and where the file lay then; empty where no file is followed."""

    commit: Commit
    path: str = ""


def find_history(
    work: Work, design: Design, repository: Repository, sha: str, path: str, skip: int, limit: int
) -> list[Touched]:
    """Returns revisions up to a commit, newest first: all (no `path`), or those that touched a file or folder.

    A file that the commit has is followed through renames. Raises NotFound for a path that git cannot be told.
    """
    if not path or path not in read_tree(work, design, sha).blobs:
        return [Touched(commit) for commit in repository.log(sha, path or None, skip, limit)]
    file = check_readable(path)
    walk = followed(repository.path, repository.environment, sha, file, skip + limit, repository.limits)[skip:]
    commits = repository.commits([commit for commit, _path in walk])
    return [Touched(commits[commit], then) for commit, then in walk]
