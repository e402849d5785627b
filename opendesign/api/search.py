"""Search in the code of a design."""

from pydantic import Field

from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.search_code import search_code
from opendesign.api.operation import DESIGN, Answer, operation
from opendesign.api.shape import Query, Sha, Shown, example
from opendesign.core.search import LONGEST, MOST_LINES, MOST_PATHS
from opendesign.records.design import Design


class LineFound(Shown):
    """A line that holds what was searched for; a long one is cut."""

    path: str
    line: int
    text: str


class SearchShown(Shown):
    """What a search found."""

    model_config = example(
        {
            "commit": "9fceb02d0ae598e95dc970b74767f19372d61af8",
            "lines": [{"path": "lid.py", "line": 3, "text": "wall = 2.4"}],
            "paths": [],
            "truncated": False,
        }
    )
    commit: Sha
    lines: list[LineFound] = Field(description=f"By path; {MOST_LINES} at most.")
    paths: list[str] = Field(description=f"Files whose names hold it; {MOST_PATHS} at most.")
    truncated: bool = Field(description="True when there are more.")


class Sought(Query):
    """What is searched for, and where."""

    q: str = Field("", max_length=LONGEST, description="A text, letter by letter; case does not count.")
    ref: str = Field("", description="A branch, tag or commit; by default the default branch.")


@operation("GET", f"{DESIGN}/search", SearchShown, verb="see", query=Sought)
def find(work: Work, design: Design, query: Sought) -> Answer:
    """Searches the text files of a revision for a text, which is no pattern; takes 10 s at most."""
    sha = find_revision(work, design, query.ref).sha
    found = search_code(work, design, sha, query.q)
    lines = [LineFound(path=each.path, line=each.number, text=each.text) for each in found.lines]
    return Answer(SearchShown(commit=sha, lines=lines, paths=list(found.paths), truncated=found.cut))
