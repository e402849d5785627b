"""Somebody takes a revision's lineage along: PROV, a citation, its manifest, or the family's adoptions as a table."""

import tomlkit
from tomlkit.exceptions import TOMLKitError

from opendesign.actions.find_origins import counted
from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import Work
from opendesign.actions.read_tree import read_tree
from opendesign.actions.share_credit import makers_of, share_credit, shown_names
from opendesign.actions.trace import FETCH, adoptions_elsewhere
from opendesign.core.errors import Invalid
from opendesign.core.lineage.account import Account, Adopted, Agent, Made
from opendesign.core.lineage.credit import Credit
from opendesign.core.manifest import read_manifest, stated_licence
from opendesign.git.commits import Commit
from opendesign.records.design import Design, known_refs
from opendesign.records.person import people_by_id
from opendesign.records.proposal import proposals_by_id
from opendesign.records.revision import adoptions_among

MOST_COMMITS = 1000  # the newest, told one by one
MOST_ADOPTED = 1000  # of a manifest
OKH = "OKH-LOSHv2.4"
LONGEST = 64 << 10  # characters of a manifest that is added to: to read one keeping its form takes 2 s


def account_of(work: Work, design: Design, ref: str, base: str) -> Account:
    """Returns what the exports of a revision tell. `base` is the service's address; raises as `share_credit` does.

    What is hidden from everybody stays out, whoever asks: a file is passed on.
    """
    place, family = find_revision(work, design, ref), counted(work, design)
    with work.house.store.open(design.key) as repository:
        commits = repository.log(place.sha, limit=MOST_COMMITS)
        history = repository.history(place.sha)
    credit = share_credit(work, design, place.sha)
    made, names = _made(work, design, commits, credit)
    parent = family.get(design.parent_id or 0)
    team = [each.person for each in design.members if each.role != "reader"]
    return Account(
        base=base,
        design=design.path,
        title=design.title,
        summary=design.summary,
        licence=stated_licence(read_tree(work, design, place.sha).manifest) or design.licence,
        owner=Agent(design.owner.shown_name, design.owner.name),
        team=tuple(Agent(person.shown_name, person.name) for person in (design.owner, *team)),
        sha=place.sha,
        made_at=commits[0].committer.at,
        version=_version(work, design, place.sha),
        parent=parent.path if parent else "",
        fork_sha=(design.fork_sha or "") if parent else "",
        root=next(iter(family.values())).path,
        commits=made,
        taken=tuple(each for each in adoptions(work, design) if each.target == design.path and each.commit in history),
        shares=tuple((names[each.who], each.ppm) for each in credit.shares),
    )


def adoptions(work: Work, design: Design) -> list[Adopted]:
    """Returns the adoptions between the public designs of a family and the design itself, oldest first.

    Those from and to public designs of other families are among them.
    """
    family = counted(work, design)
    elsewhere, others = adoptions_elsewhere(work, design, family)
    known = family | {key: each for key, each in others.items() if each.visibility == "public"}
    rows = adoptions_among(work.session, list(family))
    rows += [each for each in elsewhere if {each.source_id, each.target_id} <= known.keys()]
    rows.sort(key=lambda each: (each.at, each.id))
    people = people_by_id(work.session, {each.person_id for each in rows})
    proposals = proposals_by_id(work.session, {each.proposal_id for each in rows})
    found = []
    for each in rows:
        person, proposal = people.get(each.person_id or 0), proposals.get(each.proposal_id or 0)
        # A squash is recorded by what was proposed: that commit is in the source only.
        squash = proposal.merge if proposal and proposal.merge and proposal.merge.strategy == "squash" else None
        taken = not each.source_sha and squash is not None
        one = Adopted(
            id=each.id,
            kind=each.kind,
            source=known[each.source_id].path,
            source_commit=each.source_sha or each.sha,
            target=known[each.target_id].path,
            commit=squash.sha if taken and squash else each.sha,
            subject=each.subject,
            evidence=tuple(sign for sign in each.evidence if sign != FETCH),
            share=each.share,
            commits=each.commits,
            credited=each.credited,
            person=Agent(person.shown_name, person.name) if person else None,
            at=each.at,
            proposal=proposal.number if proposal else None,
        )
        found.append(one)
    return found


def manifest(work: Work, design: Design, account: Account) -> str:
    """Returns the revision's okh.toml with `fork-of` and a table `[coop]`; the rest of it, if there is one, as it is.

    Raises Invalid where it is not TOML, or nothing can be added to it.
    """
    text = read_tree(work, design, account.sha).manifest
    if text is not None and len(text) > LONGEST:
        raise Invalid(f"okh.toml of this revision is too long to be added to: more than {LONGEST >> 10} KiB.")
    try:
        document = tomlkit.parse(text) if text is not None else tomlkit.document()
        if text is None:
            document.update(_begun(account))
        if account.parent:
            document["fork-of"] = f"{account.base}/{account.parent}"
        document.pop("coop", None)
        document["coop"] = _coop(account)
        told = tomlkit.dumps(document)
    except (TOMLKitError, AttributeError, TypeError, ValueError) as trouble:
        raise Invalid(f"okh.toml of this revision cannot be added to ({str(trouble)[:200]}).") from trouble
    read_manifest(told)
    return told


def _begun(account: Account) -> dict[str, str]:
    """Returns what a manifest must say, for a design that has none."""
    told = {"okhv": OKH, "name": account.title, "repo": f"{account.base}/{account.design}", "version": account.version}
    told |= {"license": account.licence, "licensor": account.owner.name, "function": account.summary}
    return {key: text for key, text in told.items() if text}


def _coop(account: Account) -> dict[str, object]:
    """Returns who is related to whom: the family by its first design, who controls this one, what it has taken."""
    taken = [each for each in account.taken if each.credited][-MOST_ADOPTED:]
    told: dict[str, object] = {"family": f"{account.base}/{account.root}", "team": [a.account for a in account.team]}
    if account.fork_sha:
        told["forked-at"] = account.fork_sha
    adopted = [
        {
            "from": account.revision(each.source, each.source_commit),
            "as": each.commit,
            "kind": each.kind,
            "at": each.at.replace(microsecond=0),
        }
        for each in taken
    ]
    return told | ({"adopted": adopted} if adopted else {})


def _made(
    work: Work, design: Design, commits: list[Commit], credit: Credit
) -> tuple[tuple[Made, ...], dict[str, Agent]]:
    makers = makers_of(work, design, [each.sha for each in commits])
    everybody = {*(each.who for each in credit.shares), *(who for some in makers.values() for who in some)}
    lines = [event for each in credit.shares for event in each.events if event.kind == "lines"]
    beyond = {event.elsewhere for event in lines if event.elsewhere}
    shas = {*makers, *(event.place for event in lines)}
    names = {who: Agent(*each) for who, each in shown_names(work, design, everybody, shas, beyond).items()}
    made = tuple(
        Made(
            each.sha,
            each.subject,
            each.parents,
            tuple(names[who] for who in sorted(makers.get(each.sha, ()))),
            each.author.at,
        )
        for each in commits
    )
    return made, names


def _version(work: Work, design: Design, sha: str) -> str:
    """Returns the first tag at a commit, else the beginning of its id."""
    refs = known_refs(work.session, design)
    tags = sorted(
        ref.removeprefix("refs/tags/") for ref, at in refs.items() if at == sha and ref.startswith("refs/tags/")
    )
    return tags[0] if tags else sha[:12]
