"""Settings: which parameter of which script a commit gave another value."""

import json
from collections.abc import Collection, Iterable
from typing import Any

from sqlalchemy import Text, cast, select
from sqlalchemy.orm import Session

from opendesign.core.lineage import setting as core
from opendesign.core.value import Value
from opendesign.records.base import chunks
from opendesign.records.change import FIRST, Setting, received
from opendesign.records.revision import Revision

ALIKE = 250  # settings that are looked for at once

Key = tuple[str, str, str]  # a parameter's name, its value as it is kept, its script


def setters(session: Session, wanted: Iterable[core.Setting]) -> dict[Key, list[str]]:
    """Returns the commits, whoever received them, that set each of these parameters to its value.

    In the order of their names, so that of each name all are read once however many there are.
    """
    found: dict[Key, list[str]] = {}
    keys = sorted(set(map(key_of, wanted)))
    query = select(Setting.sha, Setting.name, cast(Setting.after, Text), Setting.path)
    for start in range(0, len(keys), ALIKE):
        some = set(keys[start : start + ALIKE])
        named, valued = {name for name, _, _ in some}, {value for _, value, _ in some}
        for sha, *key in session.execute(query.where(Setting.name.in_(named), cast(Setting.after, Text).in_(valued))):
            if (told := tuple(key)) in some:
                found.setdefault(told, []).append(sha)
    return found


def key_of(setting: core.Setting) -> Key:
    """Returns what is equal where two commits set the same parameter of the same script to the same value."""
    return setting.name, json.dumps(setting.after), setting.path


def first_values(session: Session, design: int, names: Iterable[str]) -> dict[tuple[str, str], Value]:
    """Returns what parameters of these names were, by script and name, before the first commit to a design set each."""
    found: dict[tuple[str, str], Value] = {}
    query = select(Setting.path, Setting.name, Setting.before).join(Revision, Revision.sha == Setting.sha)
    query = query.where(Revision.design_id == design).order_by(*FIRST, Setting.id)
    for chunk in chunks(names):
        for path, name, before in session.execute(query.where(Setting.name.in_(chunk))):
            found.setdefault((path, name), _value(before))
    return found


def settings_in(
    session: Session, designs: Collection[int], names: Iterable[str]
) -> dict[str, tuple[core.Setting, ...]]:
    """Returns what the commits set that these designs received and that set parameters of these names, by commit."""
    query = select(Setting.sha).distinct()
    named = {sha for some in chunks(names) for sha in session.scalars(query.where(Setting.name.in_(some)))}
    return settings_of(session, received(session, designs, named))


def settings_of(session: Session, shas: Iterable[str]) -> dict[str, tuple[core.Setting, ...]]:
    """Returns what these commits set, by commit."""
    found: dict[str, list[core.Setting]] = {}
    query = select(Setting.sha, Setting.path, Setting.name, Setting.before, Setting.after).order_by(Setting.id)
    for chunk in chunks(shas):
        for sha, path, name, before, after in session.execute(query.where(Setting.sha.in_(chunk))):
            found.setdefault(sha, []).append(core.Setting(path, name, _value(before), _value(after)))
    return {sha: tuple(some) for sha, some in found.items()}


def _value(kept: Any) -> Value:
    return tuple(kept) if isinstance(kept, list) else kept
