"""Letters about notices: how often somebody wants them, and the words of those that are about several things."""

from collections.abc import Callable, Mapping, Sequence
from html import escape

from opendesign.core.announcement import EVENTS, N_, Written
from opendesign.core.text import clean_line

NEVER, AT_ONCE, DAILY = "never", "once", "daily"
CHOICES = (NEVER, AT_ONCE, DAILY)
ADOPTED = "adopted"
SENTENCES = {**EVENTS, ADOPTED: N_("{who} has taken “{title}” from {source} into {design}.")}
DAY = N_("OpenDesign: what others did")
REST = N_("And {number} more:")
STOP = N_("You get letters about notices because you chose so. To get none any more:")

Say = Callable[[str], str]


def sentence(kind: str, facts: Mapping[str, object], say: Say = str) -> str:
    """Returns what somebody did, in one line; `facts` are who, title, design, and number or source."""
    named = {**facts, "title": clean_line(str(facts["title"])[:200], 200)}
    return say(SENTENCES[kind]).format(**named)


def write_news(lines: Sequence[tuple[str, str]], more: int, address: str, say: Say = str) -> Written:
    """Returns a letter about things that happened, each a sentence and where it is seen; `more` are left out."""
    told = [*lines, *([(say(REST).format(number=more), f"{address}/notices")] if more else [])]
    text = "\n\n".join(f"{words}\n{link}" for words, link in told) + "\n"
    subject = f"OpenDesign: {lines[0][0][:150]}" if len(lines) == 1 and not more else say(DAY)
    return Written(subject, text, "")


def with_stop(written: Written, link: str, say: Say = str) -> Written:
    """Returns a letter that ends with how to get no more of its kind."""
    html = written.html
    if html:
        foot = (
            f'<p style="color:#666;font-size:.9em">{escape(say(STOP))} <a href="{escape(link)}">{escape(link)}</a></p>'
        )
        html = html.replace("</body>", f"{foot}\n</body>")
    return Written(written.subject, f"{written.text}\n-- \n{say(STOP)}\n{link}\n", html, written.images)
