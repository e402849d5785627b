"""A house in which people push to a family with plain git, at moments that are told and not measured."""

import os
import random
import subprocess
from datetime import UTC, datetime, timedelta

from families import settle_lineage
from houses import new_house, settle_in
from sqlalchemy import func, select, update

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.house import Visitor
from opendesign.actions.sync import sync
from opendesign.records.base import now
from opendesign.records.design import Design, all_designs, design_by_id
from opendesign.records.improvement import Improvement
from opendesign.records.lapse import Lapse
from opendesign.records.revision import Adoption, Revision

START = datetime(2020, 3, 1, tzinfo=UTC)
PEOPLE = ("ada", "bia", "caio")


class Ground:
    """The house, its people, and what it takes to push there; the same deeds make the same commits in each house."""

    def __init__(self, folder, seed=0):
        self.house, self.random, self.began = new_house(folder), random.Random(seed), now()
        self.visitors = settle_in(self.house, *PEOPLE)
        self.moment, self.told, self.designs = START, [], []

    def do(self, deed):
        """Does one of these; it is received some days later than the one before, or at the same moment."""
        self.moment += timedelta(days=self.random.choice((1, 2, 20)))
        known = self._newest()
        self.told.append((deed.__name__, deed()))
        self._date(known)

    def find(self):
        """The worker looks at every family."""
        with self.house.reading() as work:
            keys = all_designs(work.session)
        for key in keys:
            lineage_job(self.house, str(key))
        settle_lineage(self.house)

    def found(self):
        """All that was found in this house."""
        with self.house.reading() as work:
            adoptions = [
                (
                    *(each.kind, each.source_id, each.target_id, each.source_sha, each.sha, each.commits, each.by_id),
                    *(tuple(each.evidence), each.share, each.at, each.ended_at, each.subject),
                )
                for each in work.session.query(Adoption)
            ]
            births = [
                (each.family, each.design_id, each.sha, tuple(sorted(each.units)), each.value, each.received_at)
                for each in work.session.query(Improvement)
            ]
            lapses = [(each.design_id, each.sha, each.at) for each in work.session.query(Lapse)]
        return {
            "adoptions": sorted(adoptions, key=repr),
            "improvements": sorted(births, key=repr),
            "lapses": sorted(lapses, key=repr),
        }

    def _act(self, key, change):
        with self.house.writing() as work:
            owner = design_by_id(work.session, key).owner_id
        with self.house.writing(Visitor(owner)) as work:
            change(work, design_by_id(work.session, key))

    def _sync(self, design):
        with self.house.reading() as work:
            owner = Visitor(design_by_id(work.session, design).owner_id)
        with self.house.writing(owner) as work:
            return sync(work, design_by_id(work.session, design))

    def _refs(self, design):
        with self.house.store.open(str(design)) as repository:
            return repository.refs()

    def _branch(self, design):
        with self.house.reading() as work:
            return f"refs/heads/{design_by_id(work.session, design).default_branch}"

    def _tip(self, design):
        return self._refs(design)[self._branch(design)]

    def _any(self, design):
        return self.random.choice(self._git(design, "rev-list", "--no-merges", "-n", "8", self._tip(design)).split())

    def _files(self, design):
        with self.house.store.open(str(design)) as repository:
            tip = repository.refs()[self._branch(design)]
            return {each.path: repository.read(tip, each.path).decode() for each in repository.files(tip)}

    def _add(self, design, files, message):
        tip = self._tip(design)
        return self._push(design, self._commit(design, files, message, (tip,)))

    def _commit(self, design, files, message, parents):
        index = self.house.store.path(str(design)) / "index.made"
        env = {"GIT_INDEX_FILE": str(index)}
        index.unlink(missing_ok=True)
        if parents:
            self._git(design, "read-tree", parents[0], **env)
        lines = []
        for path, text in files.items():
            if text is None:
                lines.append(f"0 {'0' * 40}\t{path}")
            else:
                blob = self._git(design, "hash-object", "-w", "--stdin", feed=text).strip()
                lines.append(f"100644 {blob}\t{path}")
        self._git(design, "update-index", "--index-info", feed="\n".join(lines) + "\n", **env)
        tree = self._git(design, "write-tree", **env).strip()
        index.unlink()
        return self._made(design, tree, message, parents)

    def _made(self, design, tree, message, parents, author=None):
        name = author or self.random.choice(PEOPLE)
        said = [word for parent in parents for word in ("-p", parent)]
        subject, line, rest = message.partition("\n")
        message = f"{subject} {len(self.told)}{line}{rest}"
        return self._git(design, "commit-tree", tree, *said, "-m", message, **self._signed(name)).strip()

    def _signed(self, name):
        return {
            f"GIT_{role}_{fact}": value
            for role in ("AUTHOR", "COMMITTER")
            for fact, value in (
                ("NAME", name.title()),
                ("EMAIL", f"{name}@example.org"),
                ("DATE", self.moment.isoformat()),
            )
        }

    def _replay(self, design, sha, onto, note=""):
        """The change of a commit, on another; None where it does not fit or changes nothing there."""
        before = self._git(design, "rev-list", "--parents", "-n", "1", sha).split()[1:]
        empty = self._git(design, "hash-object", "-w", "-t", "tree", "--stdin", feed="").strip()
        base = before[0] if before else self._made(design, empty, "Nothing", (), "ada")
        tree = self._merged(design, base, onto, sha)
        author = self._git(design, "log", "-1", "--format=%an", sha).strip().lower()
        return tree and self._made(design, tree, f"Replayed{note}", (onto,), author)

    def _merged(self, design, base, ours, theirs):
        """The tree of ours with what lies between a base and theirs; empty where that conflicts or changes nothing."""

        def made(sha, *parents):
            return self._made(design, f"{sha}^{{tree}}", "Aside", parents, "ada")

        root = made(base)
        tree = self._git(design, "merge-tree", "--write-tree", made(ours, root), made(theirs, root), may_fail=True)
        same = self._git(design, "rev-parse", f"{ours}^{{tree}}")
        return "" if tree == same else tree.strip()

    def _merge(self, design, ours, theirs):
        if self._git(design, "merge-base", ours, theirs, may_fail=True).strip() == theirs:
            return None
        tree = self._git(
            design, "merge-tree", "--write-tree", "--allow-unrelated-histories", ours, theirs, may_fail=True
        )
        return self._push(design, self._made(design, tree.strip() or f"{ours}^{{tree}}", "Merge", (ours, theirs)))

    def _push(self, design, sha, ref=""):
        self._git(design, "update-ref", ref or self._branch(design), sha)
        self._sync(design)
        return sha

    def _bring(self, source, target, sha):
        self.house.store.bring(str(source), str(target), sha, "refs/proposals/1/head")

    def _git(self, design, *words, feed="", may_fail=False, **env):
        path = str(self.house.store.path(str(design)))
        command = ["git", "-C", path, *words]
        done = subprocess.run(command, env=os.environ | env, input=feed, capture_output=True, text=True, check=False)
        assert may_fail or done.returncode == 0, (words, done.stderr)
        return done.stdout if done.returncode == 0 else ""

    def _newest(self):
        with self.house.reading() as work:
            return work.session.scalar(select(func.max(Revision.id))) or 0

    def _date(self, known):
        """What a deed brought was received at its moment, one after the other as they came."""
        with self.house.writing() as work:
            session = work.session
            new = session.scalars(select(Revision).where(Revision.id > known).order_by(Revision.id))
            for count, each in enumerate(new):
                each.received_at = self.moment + timedelta(microseconds=count)
            session.execute(update(Adoption).where(Adoption.at > self.began).values(at=self.moment))
            for each in session.query(Design):
                each.made_at = self.moment if each.made_at > self.began else each.made_at
                each.moved_at = self.moment if each.moved_at > self.began else each.moved_at
