"""Forms: what shape each part of a design had, from the push on that brought it."""

from collections.abc import Collection, Iterable
from datetime import UTC, datetime
from functools import cache

from sqlalchemy import ColumnElement, Index, Select, UniqueConstraint, bindparam, func, select, update
from sqlalchemy.orm import Mapped, Session, aliased, mapped_column

from opendesign.core.lineage import form as core
from opendesign.core.lineage.crowd import COMMON, is_common
from opendesign.records.base import Record, add_many, reference
from opendesign.records.build import Build
from opendesign.records.change import Receipt
from opendesign.records.design import Design
from opendesign.records.revision import Adoption, Revision

LONGEST = 1000  # bytes of a part's path: an index holds no more
MOST_TAKEN = 500  # that are looked at in one transaction
EVER = datetime.min.replace(tzinfo=UTC)


class Form(Record):
    """A part of a design as it stood at a head for the first time, by the name of its build.

    Once that is made and `read`: `change` is the commit that made the part so, None where that is none of the design's
    own; `text`, `before` and `share` are as core/lineage/form.py says, `facts` its form but for solids and volume.
    `traced` says that it was looked at who had it first.
    """

    __tablename__ = "form"
    __table_args__ = (UniqueConstraint("design_id", "path", "key"), Index("form_alike", "solids", "volume"))
    id: Mapped[int] = mapped_column(primary_key=True)
    design_id: Mapped[int] = reference("design.id")
    sha: Mapped[str]
    path: Mapped[str]
    key: Mapped[str] = mapped_column(index=True)
    change: Mapped[str | None]
    text: Mapped[str] = mapped_column(default="")
    before: Mapped[str | None]
    share: Mapped[float] = mapped_column(default=1.0)
    solids: Mapped[int | None]
    volume: Mapped[float | None]
    facts: Mapped[dict] = mapped_column(default=dict)
    read: Mapped[bool] = mapped_column(default=False, index=True)
    traced: Mapped[bool] = mapped_column(default=True, index=True)

    @property
    def told(self) -> core.Form | None:
        """The form as lineage reads it; None for what has none."""
        if self.solids is None or self.volume is None:
            return None
        area, moments, surfaces = self.facts["area"], tuple(self.facts["moments"]), self.facts["surfaces"]
        return core.Form(self.solids, self.volume, area, moments, surfaces, self.facts["faces"], self.facts["sorts"])

    def take(self, found: core.Form) -> None:
        """Keeps a form."""
        self.solids, self.volume = found.solids, found.volume
        self.facts = {
            "area": found.area,
            "moments": list(found.moments),
            "surfaces": dict(found.surfaces),
            "faces": found.faces,
            "sorts": found.sorts,
        }


def shape_of(build: Build) -> core.Form | None:
    """Returns the form of what a build shows; None where it has none."""
    return core.form_of(build.result) if build.state == "made" else None


def note_forms(session: Session, design: int, sha: str, keys: Iterable[tuple[str, str]]) -> None:
    """Remembers the parts (path, build) that a design has at a head and had not before."""
    wanted = dict.fromkeys((path, key) for path, key in keys if len(path.encode("utf-8", "replace")) <= LONGEST)
    if not wanted:
        return
    query = select(Form.path, Form.key).where(Form.design_id == design, Form.path.in_({path for path, _ in wanted}))
    known = set(session.execute(query).tuples())
    fresh = [(path, key) for path, key in wanted if (path, key) not in known]
    add_many(session, Form, [{"design_id": design, "sha": sha, "path": path, "key": key} for path, key in fresh])


def unread_forms(session: Session, designs: Collection[int]) -> list[tuple[int, int, str, str, dict | None]]:
    """Returns number, design, head, path and the build's result of each form of these designs that can be read."""
    query = select(Form.id, Form.design_id, Form.sha, Form.path, Build.result).join(Build, Build.key == Form.key)
    query = query.where(Form.read.is_(False), Form.design_id.in_(designs), Build.state == "made")
    return list(session.execute(query.order_by(Form.design_id, Form.id)).tuples())


def designs_formed(session: Session, build: str) -> list[int]:
    """Returns the designs that can be looked at now that a build is made, or was compared: none of its push waits."""
    return list(session.scalars(_designs_formed(), {"build": build}))


@cache
def _designs_formed() -> Select:
    # Put together once, as every build asks it: that takes 5 ms.
    build: ColumnElement[str] = bindparam("build", type_=Form.key.type)
    pending = aliased(Form)
    waiting = select(pending.id).join(Build, Build.key == pending.key)
    waiting = waiting.where(pending.design_id == Form.design_id, pending.read.is_(False), Build.key != build)
    waiting = waiting.where(Build.state.in_(("wanted", "making"))).correlate(Form)
    ready = Form.read.is_(False) | Form.traced.is_(False)
    return select(Form.design_id).where(Form.key == build, ready, ~waiting.exists()).distinct()


def designs_unformed(session: Session) -> list[int]:
    """Returns the designs with parts that are made, and that nobody has looked at for their forms."""
    made = select(Build.key).where(Build.key == Form.key, Build.state == "made").exists()
    late = (Form.read.is_(False) & made) | Form.traced.is_(False)
    return list(session.scalars(select(Form.design_id).where(late).distinct()))


def take_untraced_forms(session: Session, designs: Collection[int], after: int) -> list[Form]:
    """Claims forms of these designs that nobody has looked at, 500 at most whose numbers follow on one.

    Those of a design with commits that nobody has looked at wait: text comes first.
    """
    late = aliased(Revision)
    untold = select(late.id).where(late.design_id == Form.design_id, late.traced.is_(False)).exists()
    ready = (Form.design_id.in_(designs), Form.traced.is_(False), Form.read.is_(True))
    some = select(Form.id).where(*ready, ~untold, Form.id > after).order_by(Form.id).limit(MOST_TAKEN)
    claimed = update(Form).where(Form.id.in_(some), Form.traced.is_(False)).values(traced=True).returning(Form)
    found = session.scalars(claimed, execution_options={"synchronize_session": False, "populate_existing": True})
    return sorted(found, key=lambda each: each.id)


def forms_like(session: Session, designs: Collection[int], form: core.Form) -> list[Form]:
    """Returns the forms of parts of these designs that agree with one, by an index."""
    low, high = core.volumes_alike(form.volume)
    query = select(Form).where(Form.solids == form.solids, Form.volume.between(low, high))
    found = session.scalars(query.where(Form.design_id.in_(designs), Form.change.is_not(None)).order_by(Form.id))
    return [each for each in found if (told := each.told) and core.is_alike(told, form)]


def forms_of_change(session: Session, design: int, change: str) -> list[Form]:
    """Returns the parts of a design that one commit made what they are."""
    return list(session.scalars(select(Form).where(Form.design_id == design, Form.change == change).order_by(Form.id)))


def forms_at(session: Session, design: int, path: str) -> list[Form]:
    """Returns the forms that a design's part had."""
    query = select(Form).where(Form.design_id == design, Form.path == path, Form.change.is_not(None))
    return list(session.scalars(query.order_by(Form.id)))


def families_drawing(session: Session, form: core.Form, family: int, before: datetime) -> int:
    """Returns how many other families had a part of a form in public before a moment, one more at most than make it
    common."""
    low, high = core.volumes_alike(form.volume)
    root = func.coalesce(Design.family_id, Design.id)
    query = select(Form, root).join(Design, Design.id == Form.design_id)
    query = query.join(Revision, (Revision.sha == Form.change) & (Revision.design_id == Form.design_id))
    query = query.where(Form.solids == form.solids, Form.volume.between(low, high), Revision.received_at < before)
    found: set[int] = set()
    for each, number in session.execute(query.where(Design.visibility == "public", root != family)).tuples():
        if (told := each.told) and core.is_alike(told, form):
            found.add(number)
        if len(found) > COMMON:
            break
    return len(found)


def wake_alike(session: Session, row: Form, designs: Collection[int], form: core.Form) -> set[int]:
    """Has it looked at anew who was first with a form that was read just now, in these designs, a family, and in
    others that received it later; returns these, unless it is common there whoever has it here."""
    at = Revision.received_at
    came = session.scalar(select(func.min(at)).where(Revision.sha == row.change, Revision.design_id == row.design_id))
    design = session.get_one(Design, row.design_id)
    crowd = came is None or is_common(families_drawing(session, form, design.root, came) - 1)
    return _wake(session, form, designs, None if crowd else came)


def wake_like_those_of(session: Session, design: Design) -> set[int]:
    """Has it looked at anew who was first with any form of a design's parts; returns the designs that have one."""
    rows = session.scalars(select(Form).where(Form.design_id == design.id, Form.change.is_not(None)))
    told = {each.key: form for each in rows if (form := each.told) and form.is_telling}
    return set[int]().union(*(_wake(session, form, (), EVER) for form in told.values())) - {design.id}


def _wake(session: Session, form: core.Form, designs: Collection[int], since: datetime | None) -> set[int]:
    low, high = core.volumes_alike(form.volume)
    received = (Revision.sha == Form.change) & (Revision.design_id == Form.design_id)
    query = select(Form, Revision.received_at).join(Revision, received).where(Form.solids == form.solids)
    found: set[int] = set()
    for each, at in session.execute(query.where(Form.volume.between(low, high))).tuples():
        own = each.design_id in designs
        if (own or (since and at > since)) and (told := each.told) and core.is_alike(told, form):
            each.traced = False
            found.update(() if own else (each.design_id,))
    return found


def push_of(session: Session, design: int, change: Receipt) -> list[Revision]:
    """Returns what a design received with the push that a commit came with."""
    tip = select(Revision.received_at).where(Revision.design_id == design, Revision.tip.is_(True))
    at = Revision.received_at
    start = session.scalar(tip.where(at < change.received_at).order_by(at.desc()).limit(1))
    end = session.scalar(tip.where(at >= change.received_at).order_by(at).limit(1))
    query = select(Revision).where(Revision.design_id == design)
    if start is not None:
        query = query.where(at > start)
    return list(session.scalars(query.where(at <= (end or change.received_at))))


def formed_in(session: Session, target: int) -> dict[str, Adoption]:
    """Returns what a design has by its forms alone, by the change it is."""
    query = select(Adoption).where(Adoption.target_id == target, Adoption.kind.in_(core.DESERVING))
    found = session.scalars(query)
    return {each.source_sha: each for each in found if each.source_sha and core.FINGERPRINT in each.evidence}


def forget_forms(session: Session, designs: Select) -> None:
    """Has it looked at anew who was first with the forms of these designs' parts."""
    stale = update(Form).where(Form.design_id.in_(designs), Form.change.is_not(None))
    session.execute(stale.values(traced=False))
