"""Settings: which parameter of which script a commit gave another value."""

from collections.abc import Collection, Iterable
from typing import cast

from sqlalchemy import select
from sqlalchemy.orm import Session

from opendesign.core.lineage import setting as core
from opendesign.core.value import Value
from opendesign.records.change import Setting, chunks
from opendesign.records.revision import Revision


def settings_in(
    session: Session, designs: Collection[int], names: Iterable[str]
) -> dict[str, tuple[core.Setting, ...]]:
    """Returns the settings of parameters of these names in commits that these designs received, by commit."""
    found: dict[str, tuple[core.Setting, ...]] = {}
    received = select(Revision.id).where(Revision.sha == Setting.sha, Revision.design_id.in_(designs)).exists()
    for chunk in chunks(names):
        query = select(Setting).where(Setting.name.in_(chunk), received).order_by(Setting.id)
        for row in session.scalars(query):
            found[row.sha] = (*found.get(row.sha, ()), _setting(row))
    return found


def settings_of(session: Session, shas: Iterable[str]) -> dict[str, tuple[core.Setting, ...]]:
    """Returns what these commits set, by commit."""
    found: dict[str, tuple[core.Setting, ...]] = {}
    for chunk in chunks(shas):
        for row in session.scalars(select(Setting).where(Setting.sha.in_(chunk)).order_by(Setting.id)):
            found[row.sha] = (*found.get(row.sha, ()), _setting(row))
    return found


def _setting(row: Setting) -> core.Setting:
    return core.Setting(row.path, row.name, _value(row.before), _value(row.after))


def _value(kept: object) -> Value:
    return cast(Value, tuple(kept) if isinstance(kept, list) else kept)
