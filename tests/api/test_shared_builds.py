"""A build that a private design had first is everybody's who has the same source, and says nothing of that design."""

from houses import preview

from opendesign.actions.find_revision import find_revision
from opendesign.actions.house import NOBODY
from opendesign.actions.read_tree import read_tree
from opendesign.records.base import now
from opendesign.records.build import Build
from opendesign.records.design import design_by_path


def test_what_a_private_fork_wanted_first_is_open_to_whoever_wants_it_of_the_public_design(ada, bia, nobody, box):
    ada.made("POST", f"{box}/forks", {"name": "for-a-client", "owner": "ada"})
    ada.made("PATCH", "/designs/ada/for-a-client", {"visibility": "private"})
    wish = {"part": "box.py", "parameters": {"width": 31}}
    first = ada.made("POST", "/designs/ada/for-a-client/builds", wish)
    assert bia.get(f"/builds/{first['key']}").status_code == 404
    second = bia.made("POST", f"{box}/builds", wish)
    assert second["key"] == first["key"]
    assert bia.get(f"/builds/{first['key']}").status_code == 200
    assert nobody.get(f"/builds/{first['key']}").status_code == 200
    assert ada.get(f"/builds/{first['key']}").status_code == 200


def test_a_private_build_stays_where_it_is_for_whoever_may_see_it(world, ada, box):
    ada.made("POST", "/designs", {"name": "mine", "visibility": "private", "title": "Mine"})
    content = ada.get(f"{box}/files/main/box.py").json["content"]
    ada.made("PUT", "/designs/ada/mine/files/main/box.py", {"content": content})
    wish = {"part": "box.py", "parameters": {"width": 32}}
    key = ada.made("POST", f"{box}/builds", wish)["key"]
    assert ada.made("POST", "/designs/ada/mine/builds", wish)["key"] == key
    with world.house.reading() as work:
        home = design_by_path(work.session, "ada", "box")
        assert work.session.get(Build, key).design_id == home.id


def test_a_preview_of_what_was_made_for_a_private_design_can_be_fetched(world, ada, bia, box):
    ada.made("POST", f"{box}/forks", {"name": "for-a-client", "owner": "ada"})
    ada.made("PATCH", "/designs/ada/for-a-client", {"visibility": "private"})
    key = ada.made("POST", "/designs/ada/for-a-client/builds", {"part": "box.py", "parameters": {"width": 33}})["key"]
    with world.house.writing() as work:
        work.session.get(Build, key).state = "made"
    with world.house.reading() as work:
        design = design_by_path(work.session, "ada", "box")
        snapshot = read_tree(work, design, find_revision(work, design, "main").sha)
    assert preview(world.house, NOBODY, design, snapshot, "box.py", {"width": 33}).key == key
    assert bia.get(f"/builds/{key}").status_code == 200


def test_a_file_is_not_called_after_a_design_that_is_hidden(world, ada, bia):
    content = "import cadquery as cq\n\nresult = cq.Workplane().box(3, 4, 5)\n"
    ada.made("POST", "/designs", {"name": "for-a-client", "visibility": "private", "title": "Secret"})
    ada.made("PUT", "/designs/ada/for-a-client/files/main/box.py", {"content": content})
    key = ada.made("POST", "/designs/ada/for-a-client/builds", {"part": "box.py"})["key"]
    with world.house.writing() as work:
        build = work.session.get(Build, key)
        build.state, build.files, build.exported_at = "made", {"stl": 3}, now()
        home = build.design_id
    world.house.shelf.put(key, {"stl": b"abc"})
    bia.made("POST", "/designs", {"name": "mine", "title": "Mine"})
    bia.made("PUT", "/designs/bia/mine/files/main/box.py", {"content": content})
    with world.house.writing() as work:
        work.session.get(Build, key).design_id = home
    answer = bia.get(f"/builds/{key}/files/stl")
    assert (answer.status_code, answer.data) == (200, b"abc")
    assert "client" not in answer.headers["Content-Disposition"]


def test_two_private_designs_of_strangers_share_a_build_and_nobody_else_sees_it(world, ada, bia, nobody):
    content = "import cadquery as cq\n\nwidth = 7.0\nresult = cq.Workplane().box(width, 4, 6)\n"
    wish = {"part": "box.py", "parameters": {"width": 8}}
    keys = []
    for person, name in ((ada, "hers"), (bia, "also-hers"), (ada, "hers")):
        if not keys or name != "hers":
            person.made("POST", "/designs", {"name": name, "visibility": "private", "title": "Secret"})
            person.made("PUT", f"/designs/{person.name}/{name}/files/main/box.py", {"content": content})
        keys.append(person.made("POST", f"/designs/{person.name}/{name}/builds", wish)["key"])
        seen = [asker.get(f"/builds/{keys[0]}").status_code for asker in (ada, bia, nobody)]
        assert seen == [200, 200 if len(keys) > 1 else 404, 404]
    assert len(set(keys)) == 1
    with world.house.writing() as work:
        build = work.session.get(Build, keys[0])
        build.state, build.error = "failed", {"kind": "stopped", "message": "Stopped.", "file": None, "line": None}
    assert bia.made("POST", "/designs/bia/also-hers/builds", wish)["key"] == keys[0]
    assert [asker.get(f"/builds/{keys[0]}").status_code for asker in (ada, bia, nobody)] == [200, 200, 404]
    assert ada("DELETE", "/designs/ada/hers").status_code < 300
    assert [asker.get(f"/builds/{keys[0]}").status_code for asker in (ada, bia, nobody)] == [404, 200, 404]


def test_a_design_that_got_the_number_of_a_deleted_one_is_no_home(world, ada, bia, box):
    key = ada.made("POST", f"{box}/builds", {"part": "box.py", "parameters": {"width": 41}})["key"]
    ada.made("PATCH", "/designs/ada/box", {"visibility": "private"})
    world.box(bia, "other")
    with world.house.writing() as work:
        other = design_by_path(work.session, "bia", "other")
        build = work.session.get(Build, key)
        build.recipe = build.recipe | {"homes": [[other.id, other.made_at.timestamp() - 1]]}
    assert bia.get(f"/builds/{key}").status_code == 404
