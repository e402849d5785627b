"""Ada takes what bob made: with his name on it, only what is published, once; text only, so no engine."""

from concurrent.futures import ThreadPoolExecutor

import pytest

from opendesign.actions.find_adoptions import lineage_job
from opendesign.records.change import Change
from opendesign.records.design import design_by_path

TEXT = "one\ntwo\nthree\nfour\nfive\nsix\nseven\neight\nnine\n"
OWN, FORK = "/designs/ada/case", "/designs/bob/case"
BOM = "ref,part,quantity\nA1,screw,4\n"


def write(who, where: str, path: str, content: str, message: str, branch: str = "main") -> str:
    return who.made("PUT", f"{where}/files/{branch}/{path}", {"content": content, "message": message})["commit"]


def read(who, path: str, branch: str = "main") -> str:
    return who.get(f"{OWN}/files/{branch}/{path}").json["content"]


def take(who, *shas: str, where: str = OWN, **more):
    return who("POST", f"{where}/adoptions", {"source": "bob/case", "commits": list(shas), **more})


@pytest.fixture
def bob(world):
    return world.person("bob")


@pytest.fixture
def first(ada, bob):
    """Ada's case, and bob's first commit on a fork of it."""
    ada.made("POST", "/designs", {"name": "case", "licence": "CERN-OHL-W-2.0"})
    write(ada, OWN, "notes.md", TEXT, "Start")
    write(ada, OWN, "bom.csv", BOM, "Screws")
    bob.made("POST", f"{OWN}/forks", {})
    words = "A stronger hinge\n\nIt held 4 kg.\n\nCo-authored-by: Cleo <cleo@example.org>\nProposal: 1"
    words += "\nAdopted-part: hinge.py\nAdopted-by-right: A friend of mine said so"
    return write(bob, FORK, "notes.md", TEXT.replace("two", "TWO"), words)


def test_a_commit_keeps_its_author_its_time_and_its_words(world, ada, bob, first):
    write(ada, OWN, "notes.md", TEXT.replace("nine", "NINE"), "Mine")
    made = ada.made("POST", f"{OWN}/adoptions", {"source": "bob/case", "commit": first})
    assert read(ada, "notes.md") == TEXT.replace("two", "TWO").replace("nine", "NINE")
    with world.house.reading() as work, world.house.store.open(design_by_path(work.session, "ada", "case").key) as own:
        taken = own.commit(made["commit"])
        with world.house.store.open(design_by_path(work.session, "bob", "case").key) as theirs:
            born = theirs.commit(first)
    assert (taken.author, taken.committer.name) == (born.author, "ada") and taken.subject == "A stronger hinge"
    assert taken.body.startswith("It held 4 kg.")
    said = [("Co-authored-by", "Cleo <cleo@example.org>"), ("Adopted-from", f"bob/case@{first}")]
    assert taken.trailers == said, "and nothing of bob's own proposals and rights"
    assert made["adoption"]["licence"]["verdict"] == "fine" and made["commits"] == [made["commit"]]


def test_the_lineage_and_bob_know_at_once(ada, bob, first):
    made = take(ada, first).json
    (shown,) = ada.get(f"{OWN}/adoptions").json
    assert (shown["kind"], shown["source_commit"], shown["commit"]) == ("pick", first, made["commit"])
    assert shown["evidence"] == ["author", "trailer"]
    (told,) = bob.get("/notices").json
    assert (told["subject"], told["target"], told["by"], told["read"]) == ("A stronger hinge", "ada/case", "ada", False)
    assert ada.get("/notices").json == [] and bob("POST", "/notices/readings").status_code == 204
    assert [each["read"] for each in bob.get("/notices").json] == [True]


def test_what_is_adopted_is_told_so_even_where_the_lineage_cannot_be_traced(world, ada, bob, first):
    cleo = world.person("cleo")
    cleo.made("POST", f"{OWN}/forks", {})
    write(cleo, "/designs/cleo/case", "notes.md", TEXT.replace("nine", "NINE"), "Mine")
    with world.house.reading() as work:
        path = world.house.store.path(design_by_path(work.session, "cleo", "case").key)
    path.rename(path.with_suffix(".lost"))
    made = take(ada, first)
    assert made.status_code == 201 and "TWO" in read(ada, "notes.md") and ada.get(f"{OWN}/adoptions").json == []
    path.with_suffix(".lost").rename(path)
    with world.house.reading() as work:
        lineage_job(world.house, design_by_path(work.session, "ada", "case").key)
    assert [each["commit"] for each in ada.get(f"{OWN}/adoptions").json] == [made.json["commit"]]


def test_what_is_there_is_not_taken_twice(ada, first):
    own = take(ada, first).json["commit"]
    again = take(ada, first)
    assert again.status_code == 409 and f"already, as {own[:12]}" in again.json["detail"]
    write(ada, OWN, "notes.md", TEXT.replace("two", "2"), "Otherwise")
    assert "already" in take(ada, first).json["detail"], "even where it would be in conflict by now"
    write(ada, OWN, "notes.md", TEXT, "Taken back")
    assert take(ada, first).status_code == 201, "but what was taken back may come again"


def test_the_same_request_is_done_once(ada, first):
    asked = {"source": "bob/case", "commit": first, "branch": "hinge", "into": "main"}
    key = {"headers": {"Idempotency-Key": "k"}}
    answers = [ada("POST", f"{OWN}/adoptions", asked, **key) for _ in range(2)]
    assert [each.status_code for each in answers] == [201, 201] and answers[0].json == answers[1].json
    assert answers[0].json["proposal"] == 1


def test_a_branch_with_a_rule_takes_a_proposal_of_it(ada, first):
    ada.made("PUT", f"{OWN}/branches/main/rule", {"proposals_only": True})
    assert take(ada, first).status_code == 403
    made = take(ada, first, branch="hinge", into="main").json
    shown = ada.get(f"{OWN}/proposals/{made['proposal']}").json
    assert (shown["title"], shown["source_branch"], shown["target_branch"]) == ("A stronger hinge", "hinge", "main")
    assert "TWO" in read(ada, "notes.md", "hinge") and "TWO" not in read(ada, "notes.md")
    assert "there already" in take(ada, first, branch="hinge", into="main").json["detail"]


def test_what_it_builds_upon_is_named_and_comes_along(ada, bob, first):
    write(bob, FORK, "bom.csv", f"{BOM}B2,nut,4\n", "Nuts")
    second = write(bob, FORK, "notes.md", TEXT.replace("two", "TWO AND MORE"), "Even more")
    refused = take(ada, second)
    assert refused.status_code == 409
    needed = [each["commit"] for each in refused.json["errors"] if each.get("kind") == "needs"]
    assert needed == [first] and "A stronger hinge" in refused.json["detail"]
    made = take(ada, second, first).json
    assert made["adoption"]["source_commits"] == [first, second], "in the order they were made"
    assert read(ada, "notes.md") == TEXT.replace("two", "TWO AND MORE") and read(ada, "bom.csv") == BOM


def test_conflicts_are_listed_and_decided_as_in_a_merge(ada, bob, first):
    write(ada, OWN, "bom.csv", BOM.replace("4", "6"), "Six")
    more = write(bob, FORK, "bom.csv", BOM.replace("4", "8"), "Eight")
    refused = take(ada, more)
    (rival,) = refused.json["errors"]
    assert (rival["path"], rival["name"], rival["ours"], rival["theirs"]) == ("bom.csv", "A1/quantity", "6", "8")
    strange = {"bom.csv": {"A1/quantity": "theirs", "A1/price": "ours"}}
    assert take(ada, more, resolutions=strange).status_code == 422
    assert take(ada, more, resolutions={"bom.csv": {"A1/quantity": "7"}}).status_code == 201
    assert read(ada, "bom.csv") == BOM.replace("4", "7")


def test_mallory_gets_nothing_that_is_not_hers_to_take_or_to_give(world, ada, bob, first):
    mallory = world.person("mallory")
    assert take(mallory, first).status_code == 403, "ada's case is not hers"
    mallory.made("POST", f"{OWN}/forks", {})
    hers = "/designs/mallory/case"
    evil = write(mallory, hers, "notes.md", TEXT.replace("one", "EVIL"), "Evil")
    mallory.made("POST", f"{FORK}/proposals", {"source": "mallory/case", "source_branch": "main"})
    forged = take(ada, evil)
    assert forged.status_code == 404, "what was only proposed to bob is not published by him"
    assert take(ada, "0" * 40).status_code == 404
    bob.made("PATCH", FORK, {"visibility": "private"})
    assert take(mallory, first, where=hers).status_code == 404
    bob.made("PUT", f"{FORK}/members/mallory", {"role": "reader"})
    refused = take(mallory, first, where=hers)
    assert refused.status_code == 403 and "private" in refused.json["detail"]
    assert "TWO" not in mallory.get(f"{hers}/files/main/notes.md").json["content"]
    bob.made("PUT", f"{FORK}/members/mallory", {"role": "writer"})
    refused = take(mallory, first, where=hers)
    assert refused.status_code == 409 and refused.json["errors"][0]["kind"] == "text", "her line one touches his two"


def test_a_secret_fork_tells_nobody(world, ada, bob, first):
    cleo = world.person("cleo")
    cleo.made("POST", f"{OWN}/forks", {})
    cleo.made("PATCH", "/designs/cleo/case", {"visibility": "private"})
    assert take(cleo, first, where="/designs/cleo/case").status_code == 201
    assert bob.get("/notices").json == [] and bob.get(f"{FORK}/lineage").json["adoptions"] == []


def test_licences_that_do_not_fit_need_a_reason_which_stays(ada, bob, first):
    bob.made("PATCH", FORK, {"licence": "CERN-OHL-S-2.0"})
    refused = take(ada, first)
    assert refused.status_code == 409 and "CERN-OHL-S-2.0 asks that changes stay under it" in refused.json["detail"]
    made = take(ada, first, right="Bob wrote to me\nthat I may").json
    assert made["adoption"]["licence"]["verdict"] == "refused"
    body = ada.get(f"{OWN}/revisions/{made['commit']}").json["body"]
    assert "Adopted-by-right: Bob wrote to me that I may" in body
    assert [each["said"] for each in bob.get("/notices").json] == ["Bob wrote to me that I may"]


def test_of_those_who_race_one_wins(world, ada, first):
    askers = [world.person("ada") for _ in range(4)]
    with ThreadPoolExecutor(4) as pool:
        answers = list(pool.map(lambda who: take(who, first), askers))
    assert sorted(each.status_code for each in answers) == [201, 409, 409, 409]
    assert len([each for each in ada.get(f"{OWN}/revisions").json if each["subject"] == "A stronger hinge"]) == 1
    late = take(ada, first, expected=ada.get(f"{OWN}/revisions").json[-1]["sha"])
    assert late.status_code == 409 and "moved" in late.json["detail"]


def test_nothing_of_bobs_history_comes_along_but_what_is_taken(world, ada, bob, first):
    secret = write(bob, FORK, "other.md", "not for ada\n", "Other")
    last = write(bob, FORK, "bom.csv", BOM.replace("screw", "bolt"), "Bolts")
    assert take(ada, last).status_code == 201
    with world.house.reading() as work:
        assert work.session.get(Change, last) is not None
        key = design_by_path(work.session, "ada", "case").key
    path = world.house.store.path(key)
    packed = [*path.glob("objects/**/*")]
    assert not [each for each in packed if secret[2:] in each.name]
