"""Letters about notices: how often somebody wants them, and the words of those that are about several things."""

from collections.abc import Sequence
from html import escape

from opendesign.core.announcement import Written
from opendesign.core.language import N_, Say
from opendesign.core.news import News

NEVER, AT_ONCE, DAILY = "never", "once", "daily"
CHOICES = (NEVER, AT_ONCE, DAILY)
DAY = N_("OpenDesign: what others did")
REST = N_("And {number} more:")
STOP = N_("You get letters about notices because you chose so. To get none any more:")


def write_news(news: Sequence[News], more: int, address: str, say: Say = str) -> Written:
    """Returns a letter about things that happened, each a sentence and where it is seen; `more` are left out."""
    told = [(each.sentence(say), address + each.place) for each in news]
    subject = f"OpenDesign: {told[0][0][:150]}" if len(told) == 1 and not more else say(DAY)
    told += [(say(REST).format(number=more), f"{address}/notices")] if more else []
    return Written(subject, "\n\n".join(f"{words}\n{link}" for words, link in told) + "\n", "")


def with_stop(written: Written, link: str, say: Say = str) -> Written:
    """Returns a letter that ends with how to get no more of its kind."""
    html = written.html
    if html:
        foot = (
            f'<p style="color:#666;font-size:.9em">{escape(say(STOP))} <a href="{escape(link)}">{escape(link)}</a></p>'
        )
        html = html.replace("</body>", f"{foot}\n</body>")
    return Written(written.subject, f"{written.text}\n-- \n{say(STOP)}\n{link}\n", html, written.images)
