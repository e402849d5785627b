"""Made-up histories of a family: what happens is drawn from a seed, and is the same in each house it is told in."""

from houses import BOX
from lineage_ground import Ground

from opendesign.actions.change_design import change_design, delete_design, give_role, take_role
from opendesign.actions.create_design import create_design
from opendesign.actions.fork import fork
from opendesign.records.design import design_by_id
from opendesign.records.fetch import note_fetch
from opendesign.records.person import Person

RIBS = "for x in (-4, 4):\n    result = result.union(rib(x, HEIGHT / 2, THICKNESS))\n"
SLIT = "result = result.cut(cq.Workplane(origin=(0, 3, 0)).box(2 * WIDTH, 2 * DEPTH, 1.2))\n"
HINGE = "hinge = knuckles(5, GAP).translate((0, WIDTH / 2, HEIGHT))\nresult = result.union(hinge)\n"
LONG = "".join(f"peg{number} = peg({number}, {number} * PITCH, LENGTH)\n" for number in range(24))
PIECES = [RIBS, SLIT, HINGE, "GAP = 0.35\n", LONG, RIBS.replace("(-4, 4)", "(-5, 0, 5)"), SLIT + HINGE]
WIDTHS, HEIGHTS = ("10.0", "12.35", "14.0"), ("4.0", "6.5")


class History(Ground):
    """What happens in a family; `look` says after how many deeds the worker comes by, 0 for at the end only."""

    def __init__(self, folder, seed, look):
        super().__init__(folder, seed)
        self.look = look
        for deed in (self.start, self.fork, self.fork, self.start):
            self.do(deed)

    def tell(self, deeds):
        """Draws and does so many deeds."""
        often = (
            [self.write] * 5
            + [self.pick] * 4
            + [self.merge] * 4
            + [self.revert] * 3
            + [self.side] * 2
            + [self.lend] * 2
        )
        seldom = [
            self.run,
            self.squash,
            self.copy,
            self.rename,
            self.declare,
            self.force,
            self.fetch,
            self.tag,
            self.drop,
        ]
        rare = [self.fork, self.start, self.delete, self.show, self.switch, self.share]
        kinds = often + seldom * 2 + rare
        for count in range(deeds):
            self.do(self.random.choice(kinds))
            if self.look and count % self.look == 0:
                self.find()
        self.find()
        return self

    def start(self):
        """A design without common history, that has some of what there is."""
        if len(self.designs) > 8:
            return None
        who = self.random.choice(self.visitors)
        with self.house.writing(who) as work:
            made = create_design(work, f"design{len(self.told)}-{len(self.designs)}").id
        files = {"box.py": BOX, f"own{made}.py": f"own = block({made}, {made} * WIDTH, HEIGHT)\n"}
        if self.designs:
            files |= {"piece.py": self._piece()}
        self.designs.append(made)
        self._push(made, self._commit(made, files, "Start", ()))
        return made

    def fork(self):
        """A fork of a design, or of a fork of it."""
        if len(self.designs) > 6:
            return None
        parent, who = self._one(), self.random.choice(self.visitors)
        with self.house.writing(who) as work:
            made = fork(work, design_by_id(work.session, parent), f"fork{len(self.told)}-{len(self.designs)}").id
        self.designs.append(made)
        return parent, made

    def write(self):
        """One commit: a file of a piece, a piece at the end of the box, or other parameters."""
        design = self._one()
        box = BOX.replace("10.0", self.random.choice(WIDTHS)).replace("4.0", self.random.choice(HEIGHTS))
        kinds = [{self._path(): self._piece()}, {"box.py": box}, {"box.py": box + self._piece()}]
        return design, self._add(design, self.random.choice(kinds), "Write")

    def run(self):
        """One push of commits that write the same file."""
        design, path, shas = self._one(), self._path(), []
        tip = self._tip(design)
        for _ in range(self.random.choice((2, 3))):
            shas.append(tip := self._commit(design, {path: self._piece() + self._piece()}, "Rewrite", (tip,)))
        self._push(design, tip)
        return design, shas

    def pick(self):
        """`git cherry-pick`, sometimes with -x, of one of a relative's commits."""
        source, target = self._two()
        sha = self._any(source)
        self._bring(source, target, sha)
        note = f"\n\n(cherry picked from commit {sha})" if self.random.random() < 0.3 else ""
        made = self._replay(target, sha, self._tip(target), note)
        return source, target, sha, made and self._push(target, made)

    def merge(self):
        """A relative's branch is merged, whether it has common history or not."""
        source, target = self._two()
        theirs, ours = self._tip(source), self._tip(target)
        self._bring(source, target, theirs)
        return source, target, theirs, self._merge(target, ours, theirs)

    def squash(self):
        """All of a relative's branch comes as one commit."""
        source, target = self._two()
        files = {path: text for path, text in self._files(source).items() if self.random.random() < 0.8}
        return source, target, self._add(target, files or self._files(source), "Squash")

    def copy(self):
        """One file of a relative comes, under its own name or another."""
        source, target = self._two()
        path, text = self.random.choice(sorted(self._files(source).items()))
        path = self.random.choice((path, f"copied/{path.rpartition('/')[2]}"))
        return source, target, self._add(target, {path: text}, "Copy")

    def lend(self):
        """A long file comes that others may have as well, whatever their family."""
        design = self._one()
        return design, self._add(design, {self._path(): LONG}, "Pegs")

    def drop(self):
        """A file goes."""
        design = self._one()
        files = sorted(self._files(design))
        return design, len(files) > 1 and self._add(design, {self.random.choice(files): None}, "Drop")

    def rename(self):
        """A file moves."""
        design = self._one()
        path, text = self.random.choice(sorted(self._files(design).items()))
        return design, self._add(design, {path: None, f"moved/{path.rpartition('/')[2]}": text}, "Move")

    def revert(self):
        """`git revert` of one of the last commits; of a revert, it is a re-revert."""
        design = self._one()
        tip = self._tip(design)
        sha = self.random.choice(self._git(design, "rev-list", "--first-parent", "-n", "6", tip).split())
        parents = self._git(design, "rev-list", "--parents", "-n", "1", sha).split()[1:]
        if not parents or len(self._files(design)) < 2:
            return None
        tree = self._merged(design, sha, tip, parents[0])
        return design, sha, tree and self._push(design, self._made(design, tree, f"Revert {sha[:7]}", (tip,)))

    def declare(self):
        """A commit that says where it is from, and has none of it."""
        source, target = self._two()
        words = f"Inspired\n\nAdopted-from: somebody/case@{self._any(source)[:12]}"
        return source, target, self._add(target, {self._path(): self._piece()}, words)

    def side(self):
        """A side branch comes; the next time it is rebased, merged, or deleted."""
        design = self._one()
        refs, main = self._refs(design), self._tip(design)
        old = refs.get("refs/heads/side")
        if not old:
            tip = self._commit(design, {"trial.py": self._piece()}, "Trial", (main,))
            return design, self._push(design, tip, "refs/heads/side")
        kind = self.random.choice(("rebase", "merge", "delete", "more"))
        if kind == "rebase":
            made = self._replay(design, old, main)
            return kind, design, made and self._push(design, made, "refs/heads/side")
        if kind == "merge":
            return kind, design, self._merge(design, main, old)
        if kind == "more":
            return (
                kind,
                design,
                self._push(
                    design, self._commit(design, {"trial.py": self._piece()}, "More", (old,)), "refs/heads/side"
                ),
            )
        self._git(design, "update-ref", "-d", "refs/heads/side")
        return kind, design, self._sync(design)

    def force(self):
        """The default branch is pushed over: back a few commits, or to a history of its own."""
        design = self._one()
        back = self._git(design, "rev-list", "--first-parent", "-n", "4", self._tip(design)).split()[-1]
        if self.random.random() < 0.3:
            back = self._commit(design, {"box.py": BOX, self._path(): self._piece()}, "Begin anew", ())
        return design, self._push(design, back)

    def tag(self):
        """A tag holds what stands there now."""
        design = self._one()
        return design, self._push(design, self._tip(design), f"refs/tags/v{len(self.told)}")

    def fetch(self):
        """Somebody fetches a design."""
        design, who = self._one(), self.random.choice(self.visitors)
        with self.house.writing() as work:
            note_fetch(work.session, design, who.person_id, self.moment)
        return design, who.person_id

    def delete(self):
        """A design goes for good; its forks stay."""
        if len(self.designs) < 4:
            return None
        gone = self._one()
        self.designs.remove(gone)
        self._act(gone, lambda work, design: delete_design(work, design, design.path))
        return gone

    def show(self):
        """A design becomes private, or public."""
        design, kind = self._one(), self.random.choice(("public", "private"))
        self._act(design, lambda work, design: change_design(work, design, visibility=kind))
        return design, kind

    def switch(self):
        """Another branch is the default one."""
        design = self._one()
        branches = [name for name in self._refs(design) if name.startswith("refs/heads/")]
        branch = self.random.choice(branches).removeprefix("refs/heads/")
        self._act(design, lambda work, design: change_design(work, design, default_branch=branch))
        return design, branch

    def share(self):
        """Somebody gets a role in a design, or loses it."""
        key, who = self._one(), self.random.choice(self.visitors).person_id

        def change(work, design):
            if who != design.owner_id:
                person = work.session.get(Person, who)
                (take_role if who in design.roles else lambda *words: give_role(*words, "writer"))(work, design, person)

        self._act(key, change)
        return key, who

    def _one(self):
        return self.random.choice(self.designs)

    def _two(self):
        return self.random.sample(self.designs, 2)

    def _piece(self):
        return self.random.choice(PIECES)

    def _path(self):
        return f"part{self.random.randrange(3)}.py"
