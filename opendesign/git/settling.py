"""Conflicts that git leaves are settled by what the files say, and by what people decide."""

import re
from collections.abc import Mapping
from dataclasses import replace

from opendesign.core.encoding import bytes_of, decode
from opendesign.core.errors import Invalid, NotFound, TooLarge
from opendesign.core.merging import SIDES, Merged
from opendesign.core.merging_kinds import has_keys, merge_texts
from opendesign.git import locks
from opendesign.git.merging import ConflictPath, Trial, try_merge
from opendesign.git.repository import Repository
from opendesign.git.writing import Draft

Decisions = Mapping[str, Mapping[str, object]]
CONTENT = "content"  # the key under which somebody gives a whole file
MARK = re.compile(r"^(?:<{7}|>{7}) ", re.MULTILINE)  # of a version that git could not choose
BOTH_CHANGED = ("contents", "add/add")
DECIDABLE = (*BOTH_CHANGED, "modify/delete")  # the file stands at its path in git's own half-merged tree


def chooses_a_side(decisions: Decisions) -> bool:
    """Says whether each decision takes what ours or theirs has, so that the result holds nothing of anybody's own."""
    chosen = [(name, word) for wanted in decisions.values() for name, word in wanted.items()]
    return all(name != CONTENT and word in SIDES[1:] for name, word in chosen)


def other_way(decisions: Decisions) -> Decisions:
    """Returns the same decisions about a merge in the other direction: what was ours is theirs."""
    turned = {"ours": "theirs", "theirs": "ours"}
    return {
        path: {name: word if name == CONTENT else turned.get(str(word), word) for name, word in wanted.items()}
        for path, wanted in decisions.items()
    }


def try_settled(repo: Repository, ours: str, theirs: str) -> Trial:
    """As `try_merge`, with what can be merged by parameters and keys merged by these."""
    trial = try_merge(repo, ours, theirs)
    return settle(repo, trial, {}) if trial.conflicts else trial


def settle(repo: Repository, trial: Trial, decisions: Decisions) -> Trial:
    """As `weigh`; once no conflict is left the trial has a tree, which is stored."""
    found = weigh(repo, trial, decisions)
    if found.conflicts or not found.solved or not found.marked:
        return found
    return replace(found, tree=_tree(repo, found.marked, found.solved))


def weigh(repo: Repository, trial: Trial, decisions: Decisions) -> Trial:
    """The trial with its conflicts decided: by name, to "base", "ours", "theirs" or a value, or by a file's `content`.

    Stores nothing. Raises Invalid for a decision about what is not in conflict or that does not fit.
    """
    if strange := sorted(decisions.keys() - {each.path for each in trial.conflicts}):
        raise Invalid(f"Not in conflict: {strange[0][:200]}.", [{"path": strange[0][:200], "name": "resolutions"}])
    texts = _texts(repo, trial.conflicts)
    solved, left = dict(trial.solved), []
    for conflict in trial.conflicts:
        found = _merged(conflict, texts, decisions.get(conflict.path, {}))
        _need_unicode(conflict.path, found)
        if found is None or found.undecided:
            left.append(replace(conflict, rivals=found.undecided if found else []))
        else:
            solved[conflict.path] = found.text
    return replace(trial, conflicts=left, solved=solved)


def _merged(conflict: ConflictPath, texts: Mapping[str, str], wanted: Mapping[str, object]) -> Merged | None:
    content = wanted.get(CONTENT)
    if isinstance(content, str) and len(wanted) == 1 and conflict.kind in DECIDABLE:
        if mark := MARK.search(content):
            line = content.count("\n", 0, mark.start()) + 1
            message = (
                f"{conflict.path[:200]}, line {line}: both versions still stand there. Keep what counts, without marks."
            )
            raise Invalid(message, [{"path": conflict.path[:200], "name": "resolutions"}])
        return Merged(content)
    ours, theirs = texts.get(conflict.ours or ""), texts.get(conflict.theirs or "")
    base = texts.get(conflict.base or "") if conflict.base else ""
    found = None
    if conflict.kind in BOTH_CHANGED and base is not None and ours is not None and theirs is not None:
        found = merge_texts(conflict.path, (base, ours, theirs), wanted)
    if found is None and wanted:
        message = f"{conflict.path[:200]} cannot be merged by names; give its whole content, or solve it with git."
        raise Invalid(message, [{"path": conflict.path[:200], "name": "resolutions"}])
    return found


def _need_unicode(path: str, found: Merged | None) -> None:
    try:
        (found.text if found else "").encode()
    except UnicodeEncodeError:
        raise Invalid(f"{path[:200]} would hold half a character.", [{"path": path[:200], "name": CONTENT}]) from None


def _texts(repo: Repository, conflicts: list[ConflictPath]) -> dict[str, str]:
    """The texts of what can be merged by blob id, but for what is too long or not UTF-8."""
    known = [each for each in conflicts if each.kind in BOTH_CHANGED and has_keys(each.path)]
    wanted = {sha for each in known for sha in (each.base, each.ours, each.theirs) if sha}
    try:
        contents = repo.read_blobs(sorted(wanted))
    except (NotFound, TooLarge):  # a submodule, or more than is read at once: git's word stands
        return {}
    texts = {sha: decode(content) for sha, content in contents.items()}
    return {sha: text for sha, text in texts.items() if text is not None}


def _tree(repo: Repository, marked: str, solved: Mapping[str, str]) -> str:
    draft = Draft(repo)
    tree = draft.tree(marked, {tuple(path.split("/")): bytes_of(path, text) for path, text in solved.items()})
    with locks.together(repo.path):
        draft.store()
    assert tree is not None
    return tree
