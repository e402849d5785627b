"""NOTICE.txt: what an archive of parts is, whose, under which licence, and what is missing from it."""

from collections.abc import Mapping, Sequence
from datetime import datetime

from opendesign.core.stamp import clean

WIDTH = 20


def archive_notice(
    facts: Mapping[str, str], committed: datetime, files: Sequence[str], missing: Sequence[tuple[str, str]]
) -> str:
    """Returns the text; `facts` are a stamp's, `missing` parts with the reason, `files` the names in the archive."""
    known = {
        "Design": f"{facts.get('title', '')} ({facts['design']})",
        "Owner": facts.get("owner", ""),
        "Revision": facts["revision"],
        "Date of revision": committed.strftime("%Y-%m-%d %H:%M UTC"),
        "Licence": facts.get("licence", "none stated: all rights reserved by its authors"),
        "Source location": facts["source"],
    }
    lines = ["NOTICE", "======", "", *(f"{name + ':':<{WIDTH}}{clean(text)}" for name, text in known.items()), ""]
    if origin := facts.get("origin"):
        day = committed.strftime("%Y-%m-%d")
        lines += [f"This is a modified version, as of {day}: {clean(origin)}.", ""]
    if "licence" in facts:
        lines += [
            "Whoever receives these files, or things made from them, must be told where the complete source is (the",
            "source location above) where the licence asks for that, and gets the licence with them.",
            f"Licence identifier: https://spdx.org/licenses/{clean(facts['licence'])}.html",
            "",
        ]
    lines += ["Files:", *(f"  {name}" for name in files), ""]
    if missing:
        lines += ["Not in this archive:", *(f"  {clean(name)}: {clean(reason)}" for name, reason in missing), ""]
    return "\n".join(lines)
