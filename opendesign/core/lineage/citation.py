"""CITATION.cff: how to cite a revision (Citation File Format 1.2.0), its authors in the order of their credit."""

import json
from collections.abc import Iterable
from datetime import UTC

from opendesign.core.licence import licence_of
from opendesign.core.lineage.account import Account, Agent

MOST_AUTHORS = 100
# Of the licences offered here, this one is not among those that the format knows by name.
UNKNOWN = ("SHL-2.1",)
MESSAGE = "If you use this design, please cite it; its authors stand in the order of what they gave to it."


def citation(account: Account) -> str:
    """Returns the file's text, which is YAML: every text is quoted as JSON quotes it.

    Names are given whole, since which part of one is the family's is not known. Where nobody has credit yet, its owner
    is its author.
    """
    place = f"{account.base}/{account.design}"
    lines = ["cff-version: 1.2.0", f"message: {_quoted(MESSAGE)}", f"title: {_quoted(account.title or account.design)}"]
    lines += ["authors:", *_people(account, [agent for agent, _ in account.shares] or [account.owner])]
    if account.summary:
        lines.append(f"abstract: {_quoted(account.summary)}")
    lines += [f"version: {_quoted(account.version)}", f"commit: {_quoted(account.sha)}"]
    lines.append(f"date-released: {_quoted(account.made_at.astimezone(UTC).strftime('%Y-%m-%d'))}")
    lines += _licence(account.licence)
    lines += [f"repository-code: {_quoted(place)}", f"url: {_quoted(account.revision(account.design, account.sha))}"]
    return "\n".join([*lines, *_references(account)]) + "\n"


def _licence(spdx: str) -> list[str]:
    known = licence_of(spdx)
    if not spdx or known.title == spdx:  # an own licence, or one we do not know
        return []
    if known.spdx in UNKNOWN:
        return [f"license-url: {_quoted(f'https://spdx.org/licenses/{known.spdx}.html')}"]
    return [f"license: {known.spdx}"]


def _references(account: Account) -> list[str]:
    """Returns the designs that it was forked from and took something from."""
    sources = [account.parent, *(each.source for each in account.taken if each.credited)]
    found = list(dict.fromkeys(each for each in sources if each))
    lines = ["references:"] if found else []
    for source in found:
        lines += ["  - type: generic", f"    title: {_quoted(source)}", "    authors:"]
        lines += [
            f"      - name: {_quoted(source.partition('/')[0])}",
            f"    url: {_quoted(f'{account.base}/{source}')}",
        ]
    return lines


def _people(account: Account, agents: Iterable[Agent]) -> list[str]:
    """Returns the list of authors: two of the same name and no account cannot be told apart, and stand once."""
    lines: list[str] = []
    for each in list(dict.fromkeys(agents))[:MOST_AUTHORS]:
        lines.append(f"  - given-names: {_quoted(each.name)}")
        if each.account:
            lines += [
                f"    alias: {_quoted(each.account)}",
                f"    website: {_quoted(f'{account.base}/{each.account}')}",
            ]
    return lines


def _quoted(text: str) -> str:
    letters = "".join(letter if letter.isprintable() else " " for letter in text)
    return json.dumps(" ".join(letters.split()) or "?", ensure_ascii=False)
