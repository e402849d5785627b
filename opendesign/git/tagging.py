"""New annotated tags in a bare repository."""

from opendesign.core.errors import Conflict
from opendesign.git import locks, names
from opendesign.git.commits import Signature, encode_tag
from opendesign.git.repository import Repository
from opendesign.git.writing import NOTHING, Draft, point


def create_tag(repo: Repository, name: str, sha: str, message: str, tagger: Signature) -> None:
    """An annotated tag at the commit `sha`; raises Conflict if it exists, Invalid for a bad name, NotFound."""
    ref = names.check_tag(name)
    repo.commit(sha)
    if ref in repo.refs():
        raise Conflict(f"There is a tag “{name}” already.")
    draft = Draft(repo)
    tag = draft.add("tag", encode_tag(sha, name, message, tagger))
    with locks.together(repo.path):
        draft.store()
    point(repo, ref, tag, NOTHING)
