"""However a family's history came about and whenever somebody looked, the same is found in it."""

import os
import random
import subprocess
from bisect import bisect
from contextlib import suppress
from datetime import UTC, datetime, timedelta

import pytest
from houses import BOX, new_house, settle_in, start

from opendesign.actions.change_design import delete_design
from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.heal import reindex
from opendesign.actions.house import Visitor
from opendesign.actions.sync import sync
from opendesign.core.errors import Invalid
from opendesign.git.commits import Signature
from opendesign.git.writing import create_branch, delete_branch, move_branch, write_files
from opendesign.records.base import now
from opendesign.records.design import design_by_id
from opendesign.records.improvement import Improvement
from opendesign.records.lapse import Lapse
from opendesign.records.revision import Adoption, Revision

START = datetime(2026, 3, 1, tzinfo=UTC)
PEOPLE = ("ada", "bia", "caio")
TEXTS = [
    "for x in (-4, 4):\n    result = result.union(rib(x, HEIGHT / 2, THICKNESS))\n",
    "result = result.cut(cq.Workplane(origin=(0, 3, 0)).box(2 * WIDTH, 2 * DEPTH, 1.2))\n",
    "hinge = knuckles(5, GAP).translate((0, WIDTH / 2, HEIGHT))\nresult = result.union(hinge)\n",
    "GAP = 0.35\n",
]
BOXES = [BOX, BOX.replace("10.0", "12.35"), BOX.replace("10.0", "14.0").replace("4.0", "6.5")]


class Story:
    """What happens in a family, told in the same way in each house; `look` says after how many steps somebody looks."""

    def __init__(self, folder, seed, look):
        self.house, self.random, self.look = new_house(folder), random.Random(seed), look
        self.visitors = settle_in(self.house, *PEOPLE)
        self.clock, self.moments = 0, []
        self.designs = [start(self.house, self.visitors[0], "case", {"box.py": BOX, "NOTES.md": "one\n"})]
        # What a house writes by itself carries the moment; the rest of the story is dated.
        for _ in range(2):
            self.fork()
        self.touched = set(self.designs)

    def tell(self, steps):
        deeds = [self.write] * 6 + [self.merge] * 3 + [self.pick, self.revert, self.move, self.side, self.fork]
        for count in range(steps):
            self.random.choice(deeds)()
            if self.look and count % self.look == 0:
                self.find()
        self.delete()
        self.find()
        return self

    def find(self):
        for design in sorted(self.touched):
            lineage_job(self.house, str(design))
        self.touched = set()

    def who(self):
        name = self.random.choice(PEOPLE)
        self.clock += 1
        return Signature(name.title(), f"{name}@example.org", START + timedelta(minutes=self.clock))

    def commit(self, design, files, message, branch="main"):
        who = self.who()
        with self.house.store.open(str(design)) as repository:
            tip = repository.refs()[f"refs/heads/{branch}"]
            contents = {path: text.encode() if text is not None else None for path, text in files.items()}
            with suppress(Invalid):  # it is so already
                write_files(repository, branch, contents, f"{message} {self.clock}", who, tip)
        self.sync(design)

    def sync(self, design):
        self.moments.append(now())
        with self.house.writing() as work:
            sync(work, design_by_id(work.session, design))
        self.touched.add(design)

    def files(self, design):
        with self.house.store.open(str(design)) as repository:
            tip = repository.refs()["refs/heads/main"]
            return {each.path: repository.read(tip, each.path).decode() for each in repository.files(tip)}

    def write(self):
        design, number = self.random.choice(self.designs), self.random.randrange(len(TEXTS))
        kinds = [{f"part{number}.py": TEXTS[number]}, {"box.py": self.random.choice(BOXES)}]
        kinds.append({f"other{self.random.randrange(3)}.py": TEXTS[number] + self.random.choice(TEXTS)})
        self.commit(design, self.random.choice(kinds), "Write")

    def pick(self):
        source, target = self.random.sample(self.designs, 2)
        files = {path: text for path, text in self.files(source).items() if path != "NOTES.md"}
        self.commit(target, files, "Squash all of a relative's")

    def revert(self):
        design = self.random.choice(self.designs)
        gone = sorted(self.files(design).keys() - {"NOTES.md"})
        if gone:
            self.commit(design, {self.random.choice(gone): None}, "Take away")

    def move(self):
        design = self.random.choice(self.designs)
        files = self.files(design)
        path = self.random.choice(sorted(files))
        self.commit(design, {path: None, f"moved/{path.rpartition('/')[2]}": files[path]}, "Move")

    def side(self):
        """A side branch comes, and is pushed over or deleted the next time."""
        design = self.random.choice(self.designs)
        with self.house.store.open(str(design)) as repository:
            refs = repository.refs()
            main, old = refs["refs/heads/main"], refs.get("refs/heads/side")
            if old and self.random.random() < 0.5:
                delete_branch(repository, "side", old)
            elif old:
                move_branch(repository, "side", main, old)
            else:
                create_branch(repository, "side", main)
        self.sync(design)
        if not old:
            self.commit(design, {"trial.py": self.random.choice(TEXTS)}, "Trial", "side")

    def merge(self):
        source, target = self.random.sample(self.designs, 2)
        with self.house.store.open(str(source)) as repository:
            theirs = repository.refs()["refs/heads/main"]
        self.house.store.bring(str(source), str(target), theirs, "refs/proposals/1/head")
        path, who = self.house.store.path(str(target)), self.who()
        with self.house.store.open(str(target)) as repository:
            ours = repository.refs()["refs/heads/main"]
        tried = git(path, "merge-tree", "--write-tree", "--allow-unrelated-histories", ours, theirs)
        if tried.returncode == 0 and git(path, "merge-base", "--is-ancestor", theirs, ours).returncode != 0:
            tree = tried.stdout.split()[0]
            words = ("commit-tree", tree, "-p", ours, "-p", theirs, "-m", f"Merge {self.clock}")
            made = git(path, *words, who=who).stdout.strip()
            git(path, "update-ref", "refs/heads/main", made, ours)
            self.sync(target)

    def fork(self):
        parent, who = self.random.choice(self.designs), self.random.choice(self.visitors)
        with self.house.writing(who) as work:
            self.designs.append(fork(work, design_by_id(work.session, parent), f"fork{len(self.designs)}").id)

    def delete(self):
        gone = self.designs.pop(0)
        with self.house.writing(Visitor(self.visitors[0].person_id)) as work:
            design = design_by_id(work.session, gone)
            delete_design(work, design, design.path)
        self.touched.discard(gone)
        self.touched |= set(self.designs[:1])

    def found(self):
        """All that was found, with commits named by what they say: their ids hold the moment the story began."""
        with self.house.reading() as work:
            session = work.session
            words = {each.sha: each.subject for each in session.query(Revision)}

            def at(moment):
                """The number of the push that it was."""
                return moment and bisect(self.moments, moment)

            def word(sha):
                return words.get(sha, "gone" if sha else "")

            adoptions = [
                (
                    *(each.kind, each.source_id, each.target_id, word(each.source_sha), word(each.sha), each.commits),
                    *(each.by_id, tuple(each.evidence), each.share, at(each.ended_at)),
                )
                for each in session.query(Adoption)
            ]
            births = [(i.design_id, word(i.sha), tuple(i.units), i.value) for i in session.query(Improvement)]
            lapses = [(each.design_id, word(each.sha), at(each.at)) for each in session.query(Lapse)]
            return [sorted(some, key=repr) for some in (adoptions, births, lapses)]


def git(path, *words, who=None):
    env = os.environ | ({f"GIT_{role}_{fact}": text for role, fact, text in signed(who)} if who else {})
    return subprocess.run(["git", "-C", str(path), *words], env=env, capture_output=True, text=True, check=False)


def signed(who):
    for role in ("AUTHOR", "COMMITTER"):
        yield role, "NAME", who.name
        yield role, "EMAIL", who.email
        yield role, "DATE", who.at.isoformat()


SEEDS = [1, *(pytest.param(seed, marks=pytest.mark.slow) for seed in range(2, 12))]


@pytest.mark.parametrize("seed", SEEDS)
def test_the_same_is_found_whenever_somebody_looks(tmp_path, seed):
    stories = [Story(tmp_path / str(look), seed, look).tell(28) for look in (1, 5, 0)]
    found = [story.found() for story in stories]
    assert all(found[0]), "adoptions, improvements and lapses"
    for number, (adoptions, births, lapses) in enumerate(found[1:], 1):
        assert (adoptions, births, lapses) == tuple(found[0]), number
    for story in stories:
        reindex(story.house)
        assert story.found() == found[0]
        story.house.database.close()
