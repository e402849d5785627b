"""Somebody looks for a text in the files of a revision."""

from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.core.search import MOST_LINES, MOST_PATHS, Found, clean_words
from opendesign.git.searching import search
from opendesign.records.design import Design


def search_code(work: Work, design: Design, sha: str, words: str) -> Found:
    """Returns the lines of a revision that hold the words, and the files whose names do; nothing for no words.

    Letter by letter, whatever the case; binary files are skipped. Raises Invalid, TooLarge, TooMany.
    """
    words = clean_words(words)
    if not words:
        return Found((), (), False)
    paths = [path for path in sorted(read_tree(work, design, sha).blobs) if words.lower() in path.lower()]
    with work.house.store.open(design.key) as repository:
        lines, more = search(repository, sha, words, MOST_LINES)
    return Found(lines, paths[:MOST_PATHS], more or len(paths) > MOST_PATHS)
