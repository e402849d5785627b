"""News: what people are told that others did, in one sentence, and where it is seen; on a page or in a letter."""

from dataclasses import dataclass

from opendesign.core.language import N_, Say
from opendesign.core.text import clean_line

ADOPTED = "adopted"
EVENTS = {
    "opened": N_("{who} proposes “{title}” to {design} (proposal {number})."),
    "updated": N_("{who} has new commits in “{title}”, proposed to {design} (proposal {number})."),
    "ready": N_("{who} calls “{title}” ready, proposed to {design} (proposal {number})."),
    "commented": N_("{who} says something about “{title}”, proposed to {design} (proposal {number})."),
    "approved": N_("{who} approves “{title}”, proposed to {design} (proposal {number})."),
    "changes": N_("{who} asks for changes to “{title}”, proposed to {design} (proposal {number})."),
    "merged": N_("{who} has merged “{title}” into {design} (proposal {number})."),
    "declined": N_("{who} has closed “{title}”, proposed to {design} (proposal {number}), without a merge."),
}
MADE = {
    "made": N_("{who} has made “{title}” of {design}."),
    "confirmed": N_("{who} confirms that “{title}” of {design} was made."),
    "doubted": N_("{who} doubts that “{title}” of {design} was made as it is said."),
}
ONE = N_("{who} has taken “{title}” from {source} into {design}.")
SEVERAL = N_("{who} has taken commits of {source} into {design}, the last of them “{title}” (commits: {commits}).")
SOMEBODY = N_("Somebody")
NO_WORDS = N_("(no words)")


@dataclass(frozen=True)
class News:
    """What somebody did to `design`: with its proposal of that `number`, or it took `commits` of `source` up to `sha`.

    `kind` is one of EVENTS, or of MADE, where the number is that of what was made, or ADOPTED; `who` is empty where
    nobody knows by now.
    """

    kind: str
    who: str
    title: str
    design: str
    number: int = 0
    source: str = ""
    sha: str = ""
    commits: int = 1

    @property
    def place(self) -> str:
        """Where it is seen, below the address of the service."""
        if self.kind == ADOPTED:
            return f"/{self.design}/revisions/{self.sha}"
        return f"/{self.design}/{'made' if self.kind in MADE else 'proposals'}/{self.number}"

    def sentence(self, say: Say = str) -> str:
        """Returns it in one line, as `say` translates it."""
        words = (EVENTS | MADE).get(self.kind) or (ONE if self.commits < 2 else SEVERAL)
        title = clean_line(self.title[:200], 200) or say(NO_WORDS)
        return say(words).format(
            who=self.who or say(SOMEBODY),
            title=title,
            design=self.design,
            number=self.number,
            source=self.source,
            commits=self.commits,
        )
