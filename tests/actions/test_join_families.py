"""Two families become one once a push brings both the same beginning, or one says whose it is."""

import pytest
from histories import LONG, RIBS, SLIT
from houses import BOX
from lineage_ground import Ground

from opendesign.actions.change_design import change_design
from opendesign.actions.create_design import create_design
from opendesign.actions.fork import fork
from opendesign.actions.heal import reindex
from opendesign.actions.house import NOBODY
from opendesign.actions.trace import trace
from opendesign.records.design import design_by_id


class Apart(Ground):
    """Ada's case with Bia's fork of it, and Caio's clamp, which knows of neither."""

    def __init__(self, folder):
        super().__init__(folder)
        self.random.choice = max  # each deed is received twenty days after the one before
        self.ada, self.bia, self.caio = self.visitors
        self.did(self.begin, self.ada, "case", {"box.py": BOX, "ribs.py": RIBS})
        self.case = self.designs[0]
        self.did(self.begin, self.caio, "clamp", {"clamp.py": SLIT + "JAW = 3.5\n"})
        self.clamp = self.designs[1]
        self.did(self.branch)
        self.fork = self.designs[2]

    def did(self, deed, *words):
        def done():
            return deed(*words)

        self.do(done)
        self.find()
        return self.told[-1][1]

    def begin(self, who, name, files):
        with self.house.writing(who) as work:
            made = create_design(work, name).id
        self.designs.append(made)
        return self._push(made, self._commit(made, files, "Start", ()))

    def branch(self):
        with self.house.writing(self.bia) as work:
            self.designs.append(fork(work, design_by_id(work.session, self.case)).id)

    def write(self, design, path, text):
        return self._add(design, {path: text}, "Write")

    def bring(self, source, target):
        """All of one is merged into the other, which has no commit in common with it."""
        theirs = self._tip(source)
        self._bring(source, target, theirs)
        return self._merge(target, self._tip(target), theirs)

    def import_by_push(self, source, who, name):
        with self.house.writing(who) as work:
            made = create_design(work, name).id
        self.designs.append(made)
        self._bring(source, made, self._tip(source))
        self._push(made, self._tip(source))
        return made

    def show(self, design, visibility):
        self._act(design, lambda work, row: change_design(work, row, visibility=visibility))

    def families(self):
        with self.house.reading() as work:
            return [design_by_id(work.session, key).root for key in self.designs]

    def seen(self, design, visitor=NOBODY):
        with self.house.reading(visitor) as work:
            return {each.design.id for each in trace(work, design_by_id(work.session, design)).kin}

    def taken(self):
        rows = self.found()["adoptions"]
        return sorted((kind, source, target, commits) for kind, source, target, _, _, commits, *_ in rows)

    def same_anew(self):
        before = self.families(), self.found()
        reindex(self.house)
        return (self.families(), self.found()) == before


@pytest.fixture
def apart(tmp_path):
    made = Apart(tmp_path)
    yield made
    made.house.database.close()


def test_a_merge_of_a_history_that_began_elsewhere_joins_both_families_and_is_one_adoption(apart):
    born = apart.did(apart.write, apart.clamp, "pegs.py", LONG)
    apart.did(apart.write, apart.case, "old.py", LONG)
    assert apart.taken() == [("copy", apart.clamp, apart.case, 1)]
    apart.did(apart.bring, apart.clamp, apart.case)
    assert len({*apart.families()}) == 1 and apart.seen(apart.case) == {*apart.designs}
    assert apart.taken() == [("merge", apart.clamp, apart.case, 2), ("port", apart.clamp, apart.case, 1)]
    assert {row[0] for row in apart.found()["improvements"]} == {min(apart.families())}
    assert born in [row[2] for row in apart.found()["improvements"]]
    assert apart.same_anew()


def test_whoever_merges_two_families_into_a_fork_or_one_after_the_other_into_a_design_does_not_make_them_one(apart):
    apart.did(apart.bring, apart.clamp, apart.fork)
    assert len({*apart.families()}) == 2, "Bia's fork says nothing about Ada's case"
    apart.did(apart.begin, apart.bia, "lamp", {"lamp.py": SLIT + "SHADE = 90.5\n"})
    lamp = apart.designs[-1]
    apart.did(apart.bring, apart.case, lamp)
    assert len({*apart.families()}) == 2 and apart.seen(lamp) == {apart.case, apart.fork, lamp}
    apart.did(apart.bring, apart.clamp, lamp)
    assert len({*apart.families()}) == 2 and apart.seen(apart.clamp) == {apart.clamp}
    assert apart.same_anew()


def test_who_pushes_all_of_a_design_into_an_empty_one_has_forked_it(apart):
    made = apart.did(apart.import_by_push, apart.case, apart.caio, "again")
    assert apart.seen(apart.case) == {apart.case, apart.fork, made} and apart.taken() == []
    with apart.house.reading() as work:
        design = design_by_id(work.session, made)
        assert (design.parent_id, design.kinship, design.fork_sha) == (apart.case, "root", apart._tip(apart.case))
    assert apart.same_anew()


def test_a_fork_that_is_declared_later_joins_and_stays_when_the_word_goes(apart):
    word = f'fork-of = "{apart.house.settings.address}/ada/case"\n'
    apart.did(apart.write, apart.fork, "okh.toml", word.replace("ada/case", "caio/clamp"))
    assert len({*apart.families()}) == 2, "a fork has a parent, and speaks for nobody else"
    apart.did(apart.write, apart.clamp, "okh.toml", word)
    assert len({*apart.families()}) == 1
    with apart.house.reading() as work:
        design = design_by_id(work.session, apart.clamp)
        assert (design.parent_id, design.kinship, design.fork_sha) == (apart.case, "declared", None)
    assert apart.same_anew()
    apart.did(apart.write, apart.clamp, "okh.toml", "version = '2'\n")
    assert len({*apart.families()}) == 1 and apart.same_anew()


def test_a_private_design_that_says_whose_fork_it_is_is_shown_to_its_own_people_alone(apart):
    apart.did(apart.show, apart.clamp, "private")
    apart.did(apart.write, apart.clamp, "okh.toml", f'fork-of = "{apart.house.settings.address}/ada/case"\n')
    assert apart.seen(apart.clamp, apart.caio) == {*apart.designs}
    assert apart.seen(apart.case) == apart.seen(apart.case, apart.bia) == {apart.case, apart.fork}
    assert apart.same_anew()


def test_a_private_design_brings_no_families_together_until_it_is_published(apart):
    apart.did(apart.show, apart.clamp, "private")
    apart.did(apart.bring, apart.case, apart.clamp)
    assert len({*apart.families()}) == 2 and apart.taken() == [] and apart.same_anew()
    apart.did(apart.show, apart.clamp, "public")
    assert len({*apart.families()}) == 1 and apart.taken() == [("merge", apart.case, apart.clamp, 1)]
    assert apart.same_anew()
