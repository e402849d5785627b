"""When a shape that was taken over is gone is told by what is known of each part, whenever the worker comes by."""

import pytest
from families import settle_lineage
from houses import start
from lineage_ground import Ground

from opendesign.actions.fork import fork
from opendesign.actions.heal import reindex
from opendesign.records.build import Build, Comparison
from opendesign.records.design import Part, design_by_id
from opendesign.records.lapse import forget_sight

SIZES = {"bracket": 900.0, "hook": 1500.0, "wedge": 2100.0}
PATHS = ("bracket.py", "hook.py", "foot.py")


class Shapes(Ground):
    """A plate and its fork, whose parts are drawn as one of three shapes; a build is made, or stopped, when told so.

    Nobody measures anything: what a build shows is written down.
    """

    def __init__(self, folder, seed=0, look=0):
        super().__init__(folder, seed)
        self.look, self.drawn = look, {}
        self.do(self.begin)
        self.do(self.lend)

    def begin(self):
        ada, bia, _ = self.visitors
        self.london = start(self.house, ada, "plate", {"plate.py": "result = plate(40, 30)\n"})
        with self.house.writing(bia) as work:
            self.brazil = fork(work, design_by_id(work.session, self.london)).id

    def lend(self):
        for shape in ("bracket", "hook"):
            self._drew(self.london, f"{shape}.py", shape)
        self._end(self.london, made=True)

    def tell(self, deeds):
        kinds = [self.draw] * 3 + [self.make] * 3 + [self.drop, self.stop]
        for shape in ("bracket", "hook"):
            told(self, self.draw, f"{shape}.py", shape)
            self.do(self.make)
        for count in range(deeds):
            self.do(self.random.choice(kinds))
            if self.look and count % self.look == 0:
                self.find()
        self.find()
        return self

    def find(self):
        super().find()
        while self._compared():
            super().find()

    def draw(self, path="", shape=""):
        path, shape = path or self.random.choice(PATHS), shape or self.random.choice([*SIZES])
        return self._drew(self.brazil, path, shape)

    def drop(self):
        path = self.random.choice(PATHS)
        return path in self._files(self.brazil) and self._add(self.brazil, {path: None}, "Drop")

    def make(self):
        self._end(self.brazil, made=True)

    def stop(self):
        self._end(self.brazil, made=False)

    def ends(self):
        """Kind, when it came and when it ended of all that was taken."""
        return sorted(((row[0], row[9], row[10]) for row in self.found()["adoptions"]), key=str)

    def _drew(self, design, path, shape):
        text = f"import cadquery as cq\n\nresult = {shape}_{len(self.told)}_{design}(cq.Workplane())\n"
        sha = self._add(design, {path: text}, "Draw")
        with self.house.reading() as work:
            part = work.session.query(Part).filter_by(design_id=design, path=path).one()
        self.drawn[part.build_key] = shape
        return sha

    def _end(self, design, made):
        """One build of a design's head, or of the source's all, ends."""
        with self.house.writing() as work:
            keys = [part.build_key for part in work.session.query(Part).filter_by(design_id=design)]
            rows = [work.session.get(Build, key) for key in keys if key in self.drawn]
            rows = sorted((row for row in rows if row.waiting), key=lambda row: row.part)
            for row in rows if design == self.london else rows[:1]:
                if made:
                    row.state, row.result = "made", measured(SIZES[self.drawn[row.key]])
                else:
                    row.state, row.error = "failed", {"kind": "stopped", "message": "Somebody stopped it."}

    def _compared(self):
        with self.house.writing() as work:
            rows = [row for row in work.session.query(Comparison) if row.waiting]
            for row in rows:
                row.state, row.result = "made", {"overlap": 1.0}
        with self.house.writing() as work:
            forget_sight(work.session, [self.brazil] if rows else [])
        return rows


def measured(size):
    total = {"solids": 1, "volume_mm3": size, "area_mm2": 2 * size, "inertia_mm5": [size, size, size], "faces": 12}
    return {"total": total, "form": {"surfaces": {"plane": size, "cylinder": size}, "sorts": 8}}


@pytest.fixture
def shapes(tmp_path):
    made = Shapes(tmp_path)
    made.random.choice = max  # each deed is received twenty days after the one before
    yield made
    made.house.database.close()


def ended(shapes):
    ((kind, _, end),) = shapes.ends()
    assert kind == "geometry"
    reindex(shapes.house)
    assert shapes.ends()[0][-1] == end
    return end


def told(shapes, deed, *words):
    """Does something, and the worker comes by; returns when it was received."""

    def done():
        return deed(*words)

    shapes.do(done)
    shapes.find()
    return shapes.moment


def test_a_part_that_is_never_made_keeps_no_other_shape_alive_nor_ends_its_own(shapes):
    told(shapes, shapes.draw, "bracket.py", "bracket")
    told(shapes, shapes.make)
    assert ended(shapes) is None
    told(shapes, shapes.draw, "hook.py", "wedge")
    told(shapes, shapes.stop)
    assert ended(shapes) is None
    at = told(shapes, shapes.draw, "bracket.py", "wedge")
    assert ended(shapes) is None, "nobody knows yet how it looks"
    told(shapes, shapes.make)
    assert ended(shapes) == at, "whatever the wall that was stopped may look like"
    told(shapes, shapes.draw, "foot.py", "hook")
    assert ended(shapes) == at


@pytest.mark.parametrize("seed", [3, pytest.param(8, marks=pytest.mark.slow)])
def test_whenever_the_worker_comes_shapes_end_at_the_same_moments(tmp_path, seed):
    stories = [Shapes(tmp_path / str(look), seed, look).tell(16) for look in (1, 5)]
    first = stories[0].ends()
    assert len(first) == 2 and any(end for *_, end in first)
    for story in stories:
        assert story.ends() == first
        reindex(story.house)
        settle_lineage(story.house)
        assert story.ends() == first
        story.house.database.close()
