"""Permissions: who may do what to a design. `may(person, "push", design)` reads as a sentence."""

from collections.abc import Collection, Mapping
from dataclasses import dataclass, field, replace

from opendesign.core.errors import Forbidden, NotFound, Withheld
from opendesign.core.rule import Rule

# Who needs to be what: anyone who sees it, anyone who sees it and is known by name, a writer, an owner.
SEERS = ("see", "build")
KNOWN = ("fork", "propose", "comment", "review", "make", "vouch")
WRITERS = ("push", "edit", "merge", "decline", "release")
OWNERS = ("settings", "delete", "invite", "override", "unlock", "recall")
# What moves branches or tags, or asks for it: nobody does in a design that follows a repository elsewhere.
MOVERS = ("propose", "push", "edit", "merge", "release")
MIRRORED = (
    "This design mirrors a repository elsewhere and moves only with it. Fork it and change your fork; "
    "its owners can stop mirroring in its settings."
)
RELEASED = "{} is released, so it stays where it is; push another tag, or have an owner take the release back first"
# What moves branches, makes designs or is evidence: where the operator wants it so, only for those whose address is
# confirmed.
MAKERS = ("fork", "push", "edit", "merge", "release", "make", "vouch")
UNPROVEN = "Confirm your e-mail address first: the link is in a letter to you, and your settings send another."
BARE = "Operators need a second factor here. Set yours up first, under Settings → Second factor."
VERBS = (*SEERS, *KNOWN, *WRITERS, *OWNERS)
ROLES = ("reader", "writer", "owner")
SCOPES = ("read", "write", "admin")
WITHHELD = "withheld"  # the visibility of what was taken down

SENTENCES = {
    "see": "see this design",
    "build": "build parts of this design",
    "fork": "fork this design",
    "propose": "propose a change to this design",
    "comment": "comment on this design",
    "review": "review proposals to this design",
    "make": "say that you made something of this design",
    "vouch": "confirm or doubt what others made of this design",
    "push": "push to this design",
    "edit": "change files of this design",
    "merge": "merge proposals into this design",
    "decline": "decline proposals to this design",
    "release": "release revisions of this design",
    "settings": "change the settings of this design",
    "delete": "delete this design",
    "invite": "invite people to this design",
    "override": "go around the rules of this design's branches",
    "unlock": "take away locks that others hold on files of this design",
    "recall": "take back releases of this design",
}


@dataclass(frozen=True)
class Actor:
    """A person who asks; `scopes` are those of the token used, None for someone who entered by password.

    `unproven`: they must still show that their e-mail address is theirs. `bare`: an operator who must still set up a
    second factor, and until then is nobody special.
    """

    id: int
    admin: bool = False
    scopes: frozenset[str] | None = None
    unproven: bool = False
    bare: bool = False


@dataclass(frozen=True)
class Ground:
    """What decides about a design: public or private, the role of each person who has one, and whether it mirrors.

    One that was taken down is `withheld`: `before` says what it was until then, `reason` why.
    """

    visibility: str
    roles: Mapping[int, str] = field(default_factory=dict)
    mirrored: bool = False
    before: str = "private"
    reason: str = ""


def may(person: Actor | None, verb: str, design: Ground) -> bool:
    """Says whether a person (None: a visitor) may do this to the design; raises KeyError for another verb."""
    allowed, scope = _role_allows(person, verb, design), _scope_of(verb)
    if design.visibility == WITHHELD:
        return verb == "see" and may_operate(person)
    if person is not None and person.unproven and verb in MAKERS:
        return False
    if person is None or person.scopes is None:
        return allowed
    if verb in SEERS and design.visibility == "public":
        return True  # a token never takes away what every visitor may do
    return allowed and has_scope(person, scope)


def need(person: Actor | None, verb: str, design: Ground) -> None:
    """Raises NotFound if the person may not even see the design, Forbidden if they may not do this to it."""
    if may(person, verb, design):
        return
    if design.visibility == WITHHELD and _role_allows(person, "see", replace(design, visibility=design.before)):
        raise Withheld(f"This design was taken down by the operators of this service. {design.reason}".rstrip())
    if not may(person, "see", design):
        raise NotFound("There is no such design here, or it is not open to you.")
    if design.mirrored and verb in MOVERS:
        raise Forbidden(MIRRORED)
    act = SENTENCES[verb]
    if person is None:
        raise Forbidden(f"Enter first to {act}.")
    if verb in MAKERS:
        need_proven(person)
    if _role_allows(person, verb, design):
        raise Forbidden(f"This token may not {act}: it lacks the scope “{_scope_of(verb)}”.")
    who = "its owners" if verb in OWNERS else "people who may write to it"
    raise Forbidden(f"You may not {act}: only {who} may. You can fork it and propose your change.")


def need_proven(person: Actor | None) -> None:
    """Raises Forbidden if a person must confirm their e-mail address before they make anything."""
    if person is not None and person.unproven:
        raise Forbidden(UNPROVEN)


def may_move(person: Actor | None, design: Ground, rule: Rule | None) -> bool:
    """Says whether a person may move a branch without a proposal: push, commit or merge to it, or make it.

    `rule` is the branch's. Every way that moves a branch asks this; the merge of a proposal asks the rule itself.
    """
    if not may(person, "push", design):
        return False
    return rule is None or may_override(person, design, rule) or (person is not None and person.id in rule.pushers)


def may_override(person: Actor | None, design: Ground, rule: Rule) -> bool:
    """Says whether a person may go around the rule of a branch: an owner, where it exempts them."""
    return rule.owners_exempt and may(person, "override", design)


def may_retag(person: Actor | None, design: Ground, released: bool) -> bool:
    """Says whether a person may move or delete a tag by pushing: nobody may while a release stands on it."""
    return may(person, "push", design) and not released


def may_vouch(person: Actor | None, design: Ground, maker: int | None, mates: Collection[int]) -> bool:
    """Says whether a person may confirm or doubt what somebody made of a design: only who is independent of the maker.

    `mates` are those who control a design together with the maker, wherever that is.
    """
    return may(person, "vouch", design) and person is not None and person.id not in {maker, *mates}


def need_vouch(person: Actor | None, design: Ground, maker: int | None, mates: Collection[int]) -> None:
    """Raises Forbidden if a person may not confirm or doubt what somebody made of a design, as `need` does."""
    need(person, "vouch", design)
    if person is not None and person.id == maker:
        raise Forbidden("Nobody confirms what they made themselves. Ask somebody who has seen it.")
    if not may_vouch(person, design, maker, mates):
        raise Forbidden("You control a design together with the maker, so you count as one team: ask somebody else.")


def may_withdraw(person: Actor | None, design: Ground, maker: int | None) -> bool:
    """Says whether a person may take back what is said to be made of a design: its maker, or who runs the service.

    Not the design's owners: whoever could take away what failed could make a design look better than it is.
    """
    own = person is not None and person.id == maker and may(person, "make", design)
    return own or (may_operate(person) and may(person, "see", design))


def need_move(person: Actor | None, design: Ground, rule: Rule | None) -> None:
    """Raises Forbidden if the rule of a branch lets a person move it by proposals only, as `need` if they never may.

    Without a rule it asks nothing more than `need` has been asked already.
    """
    if design.mirrored:
        raise Forbidden(MIRRORED)
    if rule is None or may_move(person, design, rule):
        return
    need(person, "push", design)
    raise Forbidden(f"{rule.refusal}.")


def may_operate(person: Actor | None) -> bool:
    """Says whether a person may run the service: its jobs, its people, its modes."""
    return person is not None and person.admin and not person.bare and has_scope(person, "admin")


def need_operator(person: Actor | None) -> None:
    """Raises NotFound for whoever may not run the service, whom nobody tells what there is; Forbidden for the bare."""
    if person is not None and person.admin and person.bare:
        raise Forbidden(BARE)
    if not may_operate(person):
        raise NotFound("There is no page at this address.")


def has_scope(person: Actor, scope: str) -> bool:
    """Says whether the way a person came in allows a scope; admin includes write, write includes read."""
    if person.scopes is None:
        return True
    return any(SCOPES.index(each) >= SCOPES.index(scope) for each in person.scopes if each in SCOPES)


def role_of(person: Actor | None, design: Ground) -> str | None:
    """reader, writer or owner; an administrator counts as owner, a stranger has none."""
    if person is None:
        return None
    return "owner" if person.admin and not person.bare else design.roles.get(person.id)


def _role_allows(person: Actor | None, verb: str, design: Ground) -> bool:
    if design.mirrored and verb in MOVERS:
        return False
    role = role_of(person, design)
    sees = design.visibility == "public" or role in ROLES
    if SENTENCES[verb] and verb in SEERS:
        return sees
    if verb in KNOWN:
        return sees and person is not None
    return role in (("owner",) if verb in OWNERS else ("writer", "owner"))


def _scope_of(verb: str) -> str:
    return "read" if verb in SEERS else "admin" if verb in OWNERS else "write"
