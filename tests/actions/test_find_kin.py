"""A repository without a common commit finds its family: by what it began with, by its files, or by its own word."""

import subprocess

import pytest
from families import ADA, commit
from houses import BOX, settle_in, start

from opendesign.actions.find_adoptions import lineage_job
from opendesign.actions.fork import fork
from opendesign.actions.heal import reindex
from opendesign.actions.house import Visitor
from opendesign.actions.import_design import import_design
from opendesign.actions.starters import starter_files
from opendesign.actions.trace import behind_parent, trace
from opendesign.actions.watch_family import lacking
from opendesign.records.design import design_by_id
from opendesign.records.improvement import Improvement
from opendesign.records.kin import family_of
from opendesign.records.revision import Adoption, Revision


def script(word: str) -> str:
    return BOX + "".join(f"{word}{number} = cq.Workplane().box(WIDTH, {number}, HEIGHT)\n" for number in range(24))


CASE = {"case.py": script("wall"), "lid.py": script("lid"), "hinge.py": script("hinge"), "NOTES.md": "Ours.\n"}


@pytest.fixture
def house(house):
    settle_in(house, "ada", "bia", "caio", "dora")
    return house


def case(house, files=CASE, who=1, name="case", **fields) -> int:
    """A design of Ada's, unless somebody else's, as lineage has read it."""
    made = start(house, Visitor(who), name, files, **fields)
    lineage_job(house, str(made))
    return made


def repository(folder, *revisions: dict[str, str]):
    """A repository that began elsewhere, with a commit for each of these."""

    def git(*words):
        named = ("-c", "user.name=Bia", "-c", "user.email=bia@example.org", "-c", "commit.gpgsign=false")
        subprocess.run(["git", "-C", str(folder), *named, *words], check=True)

    folder.mkdir()
    git("init", "-q", "-b", "main")
    for number, files in enumerate(revisions):
        for path, text in files.items():
            (folder / path).write_text(text)
        git("add", "-A")
        git("commit", "-q", "-m", f"Revision {number}")
    return folder


def brought(house, folder, who=2, name="ours", **fields) -> int:
    """Bia, unless somebody else, imports a repository; returns the design's number."""
    with house.writing(Visitor(who)) as work:
        made = import_design(work, folder, name, **fields).id
    lineage_job(house, str(made))
    return made


def kin(house, key) -> tuple:
    with house.reading() as work:
        design = design_by_id(work.session, key)
        return design.kinship, design.parent_id, design.root


def found(house) -> list[tuple]:
    """All that lineage has found, but for the numbers of its rows."""
    with house.reading() as work:
        taken = [(a.kind, a.source_id, a.target_id, a.source_sha, a.sha) for a in work.session.query(Adoption)]
        new = [(i.design_id, i.sha, i.value, i.family) for i in work.session.query(Improvement)]
        return sorted(taken, key=str) + sorted(new)


def same_anew(house) -> bool:
    before = found(house)
    reindex(house)
    return found(house) == before != []


def alone(house, key) -> bool:
    return kin(house, key) == (None, None, key)


def test_histories_that_begin_with_the_same_files_are_a_family_and_what_they_began_with_is_not_taken(house, tmp_path):
    ada = case(house)
    second = {"case.py": CASE["case.py"].replace("10.0", "12.5")}
    commit(house, ada, second, "Wider", ADA)
    tip = commit(house, ada, {"foot.py": script("foot")}, "Feet", ADA)
    bia = brought(house, repository(tmp_path / "again", CASE, second, {"rib.py": script("rib")}))
    assert kin(house, bia) == ("tree", ada, ada)
    with house.reading() as work:
        design, parent = design_by_id(work.session, bia), design_by_id(work.session, ada)
        assert [each.sha for each in lacking(work, design)] == [tip]
        seen = trace(work, parent).kin
        assert [(each.design.id, each.ahead, each.behind) for each in seen] == [(ada, 0, 0), (bia, 1, 1)]
        assert behind_parent(work, design) == 0  # of commits: git could not merge them
        assert work.session.query(Adoption).count() == 0
        receipts = {each.sha: each for each in work.session.query(Revision).where(Revision.design_id == ada)}
        assert receipts[design.fork_sha].subject == "Wider" and design.made_at == receipts[design.fork_sha].received_at
    assert same_anew(house)


def test_half_of_the_files_are_enough_and_fewer_or_a_single_one_are_not(house, tmp_path):
    ada = case(house)
    one = {"lid.py": CASE["lid.py"], "NOTES.md": "Mine.\n"}
    fewer = {**one, "hinge.py": CASE["hinge.py"]} | {f"{word}.py": script(word) for word in "abc"}
    half = {path: text for path, text in fewer.items() if path != "c.py"}
    for name, files in (("one", one), ("fewer", fewer)):
        assert alone(house, brought(house, repository(tmp_path / name, files), 3, name, visibility="private"))
    assert kin(house, brought(house, repository(tmp_path / "half", half))) == ("files", ada, ada)


def test_a_family_by_files_lists_them_as_taken_and_finds_the_same_anew(house, tmp_path):
    ada = case(house)
    commit(house, ada, {"foot.py": script("foot")}, "Feet", ADA)
    bia = brought(house, repository(tmp_path / "half", {**CASE, "case.py": script("mine")}))
    with house.reading() as work:
        taken = work.session.query(Adoption).all()
        assert taken and {(each.source_id, each.target_id) for each in taken} == {(ada, bia)}
        seen = trace(work, design_by_id(work.session, ada)).kin
        assert seen[1].design.id == bia and seen[1].behind > 0
    assert same_anew(house)


def test_the_same_starter_or_name_or_hardly_anything_makes_no_family(house, tmp_path):
    words = {"title": "Bracket", "licence": "MIT", "licensor": "Somebody"}
    files = {path: text.decode() for path, text in starter_files("bracket", words).items()}
    little = {"README.md": "# Case\n", "LICENSE": script("law"), "a.py": BOX, "b.py": BOX + "# b\n"}
    for number, same in enumerate((files, little, {})):
        case(house, same, name=f"case-{number}")
    flat = {path: text for path, text in files.items() if "/" not in path}
    for number, same in enumerate((flat, little, {"NOTES.md": "New.\n"})):
        assert alone(house, brought(house, repository(tmp_path / str(number), same), name=f"case-{number}"))


def test_what_three_families_began_with_or_have_is_everybodys(house, tmp_path):
    for who in (1, 3, 4):
        case(house, CASE, who)
    assert alone(house, brought(house, repository(tmp_path / "same", CASE)))
    assert alone(house, brought(house, repository(tmp_path / "more", {**CASE, "NOTES.md": "M.\n"}), name="more"))


def test_what_is_private_is_not_told_of(house, tmp_path):
    case(house, visibility="private")
    same = repository(tmp_path / "same", CASE)
    word = f'fork-of = "{house.settings.address}/ada/case"\n'
    assert alone(house, brought(house, same, 1, name="mine", visibility="private"))
    assert alone(house, brought(house, same))
    assert alone(house, brought(house, repository(tmp_path / "said", {"okh.toml": word}), name="said"))


def test_a_design_says_what_it_is_a_fork_of(house, tmp_path):
    ada = case(house)
    with house.writing(Visitor(3)) as work:
        caio = fork(work, design_by_id(work.session, ada)).id
    word = f'fork-of = "{house.settings.address}/caio/case"\n'
    bia = brought(house, repository(tmp_path / "said", {"okh.toml": word, "own.py": script("own")}))
    assert kin(house, bia) == ("declared", caio, ada)
    with house.reading() as work:
        assert [each.id for each in family_of(work.session, design_by_id(work.session, ada))] == [ada, caio, bia]
        assert trace(work, design_by_id(work.session, ada)).kin[-1].behind > 0  # it says whose it is, and has nothing
        assert work.session.query(Adoption).count() == 0
    assert same_anew(house)


def test_a_word_that_names_no_other_design_here_says_nothing(house, tmp_path):
    case(house)
    here = house.settings.address
    elsewhere, nothing, owner = "'https://elsewhere.example/ada/case'", f"'{here}/ada/nothing'", f"'{here}/ada'"
    for number, word in enumerate((elsewhere, nothing, owner, f"'{here}/bia/own-3'", f"['{here}/ada/case']")):
        told = repository(tmp_path / str(number), {"okh.toml": f"fork-of = {word}\n"})
        assert alone(house, brought(house, told, name=f"own-{number}"))


def test_what_shows_a_family_counts_before_a_word_about_another(house, tmp_path):
    ada, caio = case(house), case(house, {"x.py": script("x")}, 3, "other")
    word = {"okh.toml": f'fork-of = "{house.settings.address}/caio/other"\n'}
    bia = brought(house, repository(tmp_path / "both", {**CASE, **word}))
    assert kin(house, bia) == ("files", ada, ada) and caio


def test_a_shared_commit_is_told_as_such(house, tmp_path):
    ada = case(house)
    with house.store.open(str(ada)) as there:
        folder = there.path
    assert kin(house, brought(house, folder)) == ("root", ada, ada)


def test_reindexing_learns_the_roots_of_older_records(house, tmp_path):
    ada = case(house)
    with house.writing() as work:
        work.session.query(Revision).update({"root_tree": None})
    same = repository(tmp_path / "same", {**CASE})
    reindex(house)
    assert kin(house, brought(house, same)) == ("tree", ada, ada)
