"""The radar and improvements as programs see them."""

from opendesign.actions.find_adoptions import lineage_job

RIBS = "\nfor x in (-4, 4):\n    result = result.union(cq.Workplane().box(x, width / 2, 3.5))\n"


def test_what_waits_is_listed_dismissed_and_talked_about(world, ada, bia, box, nobody):
    bia.made("POST", f"{box}/forks")
    text = bia.get("/designs/bia/box/files/main/box.py").text
    sha = bia.made("PUT", "/designs/bia/box/files/main/box.py", {"content": text + RIBS, "message": "Ribs"})["commit"]
    lineage_job(world.house, "1")
    (waiting,) = nobody.get(f"{box}/radar").json
    assert (waiting["commit"], waiting["source"], waiting["parts"]) == (sha, "bia/box", ["box.py"])
    assert (waiting["adopted_by"], waiting["licence"]["verdict"], waiting["dismissed"]) == ([], "fine", None)
    assert nobody.get(f"{box}/radar?source=eva/box").json == []
    assert nobody.get("/designs/bia/box/radar").json == []
    assert nobody.get(f"{box}/radar?sort=best").status_code == 422

    stated = 'license = "CERN-OHL-S-2.0"\n\n[[part]]\nsource = "box.py"\nmaterial = "PETG"\nquantity = 4\n'
    sold = {"content": stated, "message": "From now on strongly"}
    strong = bia.made("PUT", "/designs/bia/box/files/main/okh.toml", sold)["commit"]
    lineage_job(world.house, "1")
    told = {each["commit"]: each["licence"] for each in nobody.get(f"{box}/radar").json}
    assert [told[each]["verdict"] for each in (sha, strong)] == ["fine", "refused"], "by what is stated at the commit"
    assert nobody.get(f"{box}/improvements/{strong}").json["licence"] == told[strong]
    refused = ada("POST", f"{box}/adoptions", {"source": "bia/box", "commit": strong})
    assert refused.status_code == 409 and told[strong]["detail"] in refused.json["detail"]
    assert ada.made("PUT", f"{box}/dismissals/{strong}") and len(nobody.get(f"{box}/radar").json) == 1

    assert ada.made("PUT", f"{box}/dismissals/{sha}")["by"] == "ada"
    assert nobody.get(f"{box}/radar").json == []
    assert nobody.get(f"{box}/radar?dismissed=true").json[-1]["dismissed"]["by"] == "ada"
    assert ada("DELETE", f"{box}/dismissals/{sha}").status_code == 204
    assert ada("DELETE", f"{box}/dismissals/{sha}").status_code == 404
    assert ada("PUT", f"{box}/dismissals/{'0' * 40}").status_code == 404

    told = nobody.get(f"{box}/improvements/{sha}").json
    assert (told["home"], told["here"], told["applies"]) == ("bia/box", False, "clean")
    assert [each["way"] for each in told["lives"]] == ["born"] and told["units"][0]["new"]
    said = bia.made("POST", f"{box}/improvements/{sha}/comments", {"body": "Stiffer"})
    assert ada("PUT", f"{box}/improvements/{sha}/comments/{said['id']}", {"body": "No"}).status_code == 403
    bia.made("PUT", f"{box}/improvements/{sha}/comments/{said['id']}", {"body": "Much stiffer"})
    assert [each["body"] for each in nobody.get(f"{box}/improvements/{sha}/comments").json] == ["Much stiffer"]
    assert bia("DELETE", f"{box}/improvements/{sha}/comments/{said['id']}").status_code == 204
