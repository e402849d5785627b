"""A family of many designs, made of records alone: no repositories, nothing built."""

from datetime import timedelta

from sqlalchemy.orm import Session

from opendesign.records.build import Build
from opendesign.records.design import Design, Part, Ref
from opendesign.records.improvement import Improvement
from opendesign.records.revision import Adoption, Revision

ACTIVE = 6  # every so manieth fork has changed something
TAKING = 30  # every so manieth has taken something from the active one before it
CHANGES = 4  # revisions of an active fork, every other one an improvement
PARTS = ("body.py", "lid.py", "hinge.py", "foot.py", "clip.py")


def crowd(session: Session, root: Design, size: int) -> list[int]:
    """Makes so many forks of a design, and forks of forks, an hour apart each; returns their numbers."""
    head = "0" * 40
    root.made_at -= timedelta(hours=size + 1)
    for path in PARTS:
        session.add(_build(f"{root.id}-{path}", path, 1000.0))
        session.add(_part(root.id, path, f"{root.id}-{path}"))
    designs: list[Design] = []
    for number in range(size):
        parent = designs[number - 1] if number % 10 == 9 else root
        made = root.made_at + timedelta(hours=number + 1)
        title = f"Case {number}, {'changed' if number % ACTIVE == 0 else 'as it was'}"
        design = Design(
            owner_id=root.owner_id, owner=root.owner, name=f"{root.name}-{number:03}", title=title, fork_sha=head
        )
        design.parent_id, design.family_id = parent.id, root.family_id or root.id
        design.made_at = design.moved_at = made
        session.add(design)
        session.flush()
        designs.append(design)
        session.add(Ref(design_id=design.id, name="refs/heads/main", sha=f"{design.id:040x}"))
        _fill(session, root, designs, number)
    session.flush()
    return [each.id for each in designs]


def born(design: int, number: int) -> str:
    """The commit of a change of a design of the crowd."""
    return f"{design:020x}{number:020x}"


def _fill(session: Session, root: Design, designs: list[Design], number: int) -> None:
    design, active = designs[number], number % ACTIVE == 0
    own = f"{design.id}-body.py"
    for path in PARTS:
        session.add(_part(design.id, path, own if active and path == "body.py" else f"{root.id}-{path}"))
    if not active:
        return
    session.add(_build(own, "body.py", 1000.0 + number))
    for change in range(CHANGES):
        at, sha = design.made_at + timedelta(minutes=change + 1), born(design.id, change)
        words = {"subject": f"Change {change}", "author_name": "Maker", "author_email": "maker@example.org"}
        session.add(Revision(design_id=design.id, sha=sha, authored_at=at, received_at=at, traced=True, **words))
        if change % 2 == 0:
            facts = {"family": root.family_id or root.id, "value": 3.0, "tokens": 9}
            session.add(Improvement(design_id=design.id, sha=sha, received_at=at, **facts, **words))
        design.moved_at = at
    if number and number % TAKING == 0:
        source, at = designs[number - ACTIVE], design.made_at + timedelta(minutes=30)
        taken = {"source_id": source.id, "target_id": design.id, "source_sha": born(source.id, 0), "at": at}
        session.add(
            Adoption(kind="pick", sha=born(design.id, 0), commits=1, subject="A hinge", evidence=["author"], **taken)
        )


def _part(design: int, path: str, key: str) -> Part:
    return Part(design_id=design, path=path, title=path[:-3].title(), position=PARTS.index(path), build_key=key)


def _build(key: str, path: str, volume: float) -> Build:
    box = [[0.0, 0.0, 0.0], [10.0, 10.0, volume / 100]]
    total = {"volume_mm3": volume, "area_mm2": 6 * volume, "level_mm2": volume, "bbox_mm": box, "valid": True}
    return Build(key=key, part=path, recipe={}, state="made", result={"total": total, "shapes": [total] * 4})
