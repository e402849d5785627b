"""PROV: revisions, the commits and adoptions that made them, and who did it, as the PROV-JSONLD submission writes it.

https://www.w3.org/submissions/prov-jsonld/: one statement an object, names shortened, its terms spelt out here so that
no reader has to fetch them.
"""

from collections.abc import Iterable, Iterator
from datetime import UTC, datetime
from urllib.parse import quote

from opendesign.core.lineage.account import Account, Agent

PROV = "http://www.w3.org/ns/prov#"
NAMES = {"prov": PROV, "xsd": "http://www.w3.org/2001/XMLSchema#", "rdfs": "http://www.w3.org/2000/01/rdf-schema#"}
Statement = dict[str, object]


def _term(name: str, kind: str = "@id", **more: object) -> dict[str, object]:
    return {"@id": name, "@type": kind, **more}


def _turned(name: str) -> dict[str, object]:
    """Returns a term that is said of the thing it names: RDF has a qualified relation hang from its subject."""
    return {"@reverse": f"prov:{name}", "@type": "@id"}


TIME = _term("prov:atTime", "xsd:dateTime")
TERMS: dict[str, object] = {
    "entity": _term("prov:entity"),
    "activity": _term("prov:activity"),
    "agent": _term("prov:agent"),
    "type": _term("http://www.w3.org/1999/02/22-rdf-syntax-ns#type"),
    "label": {"@id": "rdfs:label"},
    "Entity": {"@id": "prov:Entity"},
    "Agent": {"@id": "prov:Agent"},
    "Activity": {
        "@id": "prov:Activity",
        "@context": {
            "startTime": _term("prov:startedAtTime", "xsd:dateTime"),
            "endTime": _term("prov:endedAtTime", "xsd:dateTime"),
        },
    },
    "Generation": {"@id": "prov:Generation", "@context": {"entity": _turned("qualifiedGeneration"), "time": TIME}},
    "Usage": {"@id": "prov:Usage", "@context": {"activity": _turned("qualifiedUsage"), "time": TIME}},
    "Association": {"@id": "prov:Association", "@context": {"activity": _turned("qualifiedAssociation")}},
    "Attribution": {"@id": "prov:Attribution", "@context": {"entity": _turned("qualifiedAttribution")}},
    "Delegation": {
        "@id": "prov:Delegation",
        "@context": {"delegate": _turned("qualifiedDelegation"), "responsible": _term("prov:agent")},
    },
    "Derivation": {
        "@id": "prov:Derivation",
        "@context": {
            "generatedEntity": _turned("qualifiedDerivation"),
            "usedEntity": _term("prov:entity"),
            "activity": _term("prov:hadActivity"),
        },
    },
}


def provenance(account: Account) -> dict[str, object]:
    """Returns the PROV-JSONLD document of a revision's lineage.

    An entity is a revision, an activity a commit or an adoption, an agent one of the people or the team of a design.
    What is ours alone (the kind of an adoption, shares in ppm) is called `coop:`.
    """
    names = NAMES | {"at": f"{account.base}/", "coop": f"{account.base}/api#"}
    statements: dict[str, Statement] = {}
    for each in (*_commits(account), *_adoptions(account), *_shares(account)):
        statements.setdefault(repr(sorted(each.items(), key=str)), each)
    return {"@context": [names, {"@version": 1.1, **TERMS}], "@graph": list(statements.values())}


def _commits(account: Account) -> Iterator[Statement]:
    shown = {each.sha for each in account.commits}
    yield from _team(account, account.design, account.team)
    for each in account.commits:
        revision, activity = (
            _revision(account.design, each.sha),
            f"at:{_path(account.design)}/revisions/{each.sha}#commit",
        )
        yield _entity(account.design, each.sha, each.subject)
        yield {"@type": "Activity", "@id": activity, "startTime": _time(each.at), "endTime": _time(each.at)}
        yield {"@type": "Generation", "entity": revision, "activity": activity, "time": _time(each.at)}
        for parent in each.parents:
            if parent in shown:
                yield _derived(revision, _revision(account.design, parent), activity)
        for agent in each.agents:
            name = _name(account, agent)
            yield from _agents(account, [agent])
            yield {"@type": "Association", "activity": activity, "agent": name}
            yield {"@type": "Attribution", "entity": revision, "agent": name}
    if account.parent and account.fork_sha in shown:
        yield _entity(account.parent, account.fork_sha)
        yield _derived(_revision(account.design, account.fork_sha), _revision(account.parent, account.fork_sha))


def _adoptions(account: Account) -> Iterator[Statement]:
    for each in account.taken:
        activity, before = f"at:{_path(each.target)}/lineage#adoption-{each.id}", each.source_commit or each.commit
        yield _entity(each.source, before, each.subject)
        yield _entity(each.target, each.commit)
        yield {
            "@type": "Activity",
            "@id": activity,
            "endTime": _time(each.at),
            "coop:kind": [_text(each.kind)],
            "coop:evidence": [_text(word) for word in each.evidence],
            "coop:credited": [{"@value": str(each.credited).lower(), "@type": "xsd:boolean"}],
        }
        yield {"@type": "Usage", "activity": activity, "entity": _revision(each.source, before)}
        yield _derived(_revision(each.target, each.commit), _revision(each.source, before), activity)
        yield {"@type": "Association", "activity": activity, "agent": _team_name(each.target)}
        yield from _team(account, each.source, ())
        yield {"@type": "Attribution", "entity": _revision(each.source, before), "agent": _team_name(each.source)}
        if each.person:
            yield from _agents(account, [each.person])
            yield {"@type": "Association", "activity": activity, "agent": _name(account, each.person)}


def _shares(account: Account) -> Iterator[Statement]:
    for agent, ppm in account.shares:
        yield from _agents(account, [agent])
        share = [{"@value": str(ppm), "@type": "xsd:integer"}]
        entity = _revision(account.design, account.sha)
        yield {"@type": "Attribution", "entity": entity, "agent": _name(account, agent), "coop:ppm": share}


def _team(account: Account, design: str, people: Iterable[Agent]) -> Iterator[Statement]:
    yield {"@type": "Agent", "@id": _team_name(design), "type": ["prov:Organization"], "label": [_text(design)]}
    yield from _agents(account, people)
    for each in people:
        yield {"@type": "Delegation", "delegate": _name(account, each), "responsible": _team_name(design)}


def _agents(account: Account, agents: Iterable[Agent]) -> Iterator[Statement]:
    for each in agents:
        yield {"@type": "Agent", "@id": _name(account, each), "type": ["prov:Person"], "label": [_text(each.name)]}


def _name(account: Account, agent: Agent) -> str:
    """Returns the address of somebody's page; who has none is told apart by the name they sign with."""
    if agent.account:
        return f"at:{_path(agent.account)}"
    return f"at:{_path(account.design)}/credit#{quote(agent.name, safe='')}"


def _team_name(design: str) -> str:
    return f"at:{_path(design)}#team"


def _revision(design: str, sha: str) -> str:
    return f"at:{_path(design)}/revisions/{sha}"


def _path(path: str) -> str:
    return quote(path)


def _entity(design: str, sha: str, label: str = "") -> Statement:
    told: Statement = {"label": [_text(label)]} if label else {}
    return {"@type": "Entity", "@id": _revision(design, sha), **told}


def _derived(new: str, old: str, activity: str = "") -> Statement:
    how: Statement = {"activity": activity} if activity else {}
    return {"@type": "Derivation", "generatedEntity": new, "usedEntity": old, **how}


def _text(text: str) -> Statement:
    return {"@value": text}


def _time(moment: datetime) -> str:
    return moment.astimezone(UTC).strftime("%Y-%m-%dT%H:%M:%SZ")
