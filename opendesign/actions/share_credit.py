"""Shares the credit for a revision among the people who made it, wherever in the family they did."""

import re
from collections import Counter
from collections.abc import Collection, Iterator, Sequence
from typing import NamedTuple

from opendesign.actions.find_care import find_care
from opendesign.actions.find_lenders import Lenders, find_lenders
from opendesign.actions.find_lines import Told, find_lines
from opendesign.actions.find_made import find_made
from opendesign.actions.find_origins import counted
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.core.lineage.credit import Credit, Event, pool_of, share, tokens
from opendesign.core.lineage.translation import hours, translations
from opendesign.core.lineage.unit import is_source
from opendesign.git.commits import Commit
from opendesign.records import change as kept
from opendesign.records.address import authors_at
from opendesign.records.design import Design
from opendesign.records.person import people_called
from opendesign.records.revision import signed

CO_AUTHOR = re.compile(r"(?<![^<>])([^<>]*)<([^<>\s]+)>")  # begins nowhere twice: a line may be as long as a file
MOST_MAKERS = 20  # of one commit, its author first


class Place(NamedTuple):
    """Where lines count: the pool, the commit that brought them, the one they are from, its design where that is of
    another family."""

    pool: str
    sha: str
    origin: str
    elsewhere: int


def share_credit(work: Work, design: Design, ref: str = "") -> Credit:
    """Returns the shares of a revision, by default the newest, in ppm that sum to 1,000,000, with all they are from.

    Each share is a person's name, or the address of somebody without an account, which always holds an “@”. Raises
    NotFound, and what `blame` does.
    """
    sha, family = find_revision(work, design, ref).sha, counted(work, design)
    with work.house.store.open(design.key) as repository:
        wanted = [each.path for each in repository.files(sha) if is_source(each.path)]
        history = repository.history(sha)
    told, merged, left_out = find_lines(work, design, family, sha, wanted)
    lent = find_lenders(work, family, {each.origin for each in told})
    others = [*find_care(work, merged), *find_made(work, family, history)]
    return share([*_lines(work, design, sha, told, lent), *others], left_out, _passed(told, lent))


def shown_names(
    work: Work, design: Design, everybody: Collection[str], shas: Collection[str], beyond: Collection[int] = ()
) -> dict[str, tuple[str, str]]:
    """Returns the name to show for everybody who has a share and the name of the account, empty without one.

    Somebody without an account is called as they sign, in the family or in these designs beyond it, or as a co-author
    of these commits is called, else by what stands before the “@” of their address.
    """
    people = people_called(work.session, [who for who in everybody if "@" not in who])
    addresses = [who for who in everybody if "@" in who]
    names = signed(work.session, {*counted(work, design), *beyond}, addresses)
    if addresses:
        with work.house.store.open(design.key) as repository:
            commits = repository.commits(sorted(set(shas)))
        names = dict(pair for sha in sorted(commits) for pair in _co_authors(commits[sha])) | names
    found = {who: ((names.get(who) or who).partition("@")[0].strip() or "?", "") for who in addresses}
    return found | {name: (person.shown_name, person.name) for name, person in people.items()}


def _lines(work: Work, design: Design, sha: str, told: Sequence[Told], lent: Lenders) -> Iterator[Event]:
    """Yields what the lines of a revision count, together for all that one commit brought of another.

    Lines of translations count for each text instead, as care.
    """
    translated = translations({each.path for each in told})
    counts, sizes = Counter[tuple[str, Place]](), Counter[tuple[str, Place]]()
    for each in told:
        place = Place(pool_of(each.path), each.line.sha, *lent.of.get((each.origin, each.text), (each.origin, 0)))
        key = each.path if each.path in translated else "", place
        counts[key] += 1
        sizes[key] += tokens(each.line.text)
    makers = makers_of(work, design, {sha for _, place in counts for sha in (place.sha, place.origin)})
    spoken = Counter[tuple[str, frozenset[str]]]()
    for (path, place), number in counts.items():
        people = makers.get(place.origin) or makers[place.sha]
        if path:
            spoken[path, people] += sizes[path, place]
        else:
            yield Event(
                place.pool, "lines", people, sizes[path, place], number, place.sha, place.origin, place.elsewhere
            )
    for (path, people), words in spoken.items():
        yield Event("care", "translation", people, hours(words), 1, f"{design.path}/files/{sha}/{path}")


def _passed(told: Sequence[Told], lent: Lenders) -> int:
    """Returns how many lines came with copies that were not looked up."""
    return sum(each.origin in lent.passed and (each.origin, each.text) not in lent.of for each in told)


def makers_of(work: Work, design: Design, shas: Collection[str]) -> dict[str, frozenset[str]]:
    """Returns who made each of these commits, authors and co-authors: names of accounts, else addresses.

    What is neither recorded nor in the design's repository is left out.
    """
    with work.house.store.open(design.key) as repository:
        addresses = {sha: _addresses(each) for sha, each in repository.commits(sorted(set(shas))).items()}
    elsewhere = kept.people_of(work.session, set(shas) - addresses.keys())
    # First and last names stand beside the addresses there.
    addresses |= {sha: some for sha, told in elsewhere.items() if (some := {each for each in told if " " not in each})}
    every = set[str]().union(*addresses.values())
    accounts = {address: person.name for address, person in authors_at(work.session, every).items()}
    # An address without an “@” is no account's name.
    return {
        sha: frozenset(accounts.get(each, each if "@" in each else f"{each}@") for each in some)
        for sha, some in addresses.items()
    }


def _addresses(commit: Commit) -> set[str]:
    found = [commit.author.email.lower(), *(address for address, _ in _co_authors(commit))]
    return set(found[:MOST_MAKERS])


def _co_authors(commit: Commit) -> list[tuple[str, str]]:
    """Returns the addresses of a commit's co-authors, in small letters, and their names."""
    return [
        (address.lower(), name.strip(" ,")) for text in commit.co_authors for name, address in CO_AUTHOR.findall(text)
    ]
