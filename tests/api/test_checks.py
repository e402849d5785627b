"""A fork is held to the checks of the design it comes from, those that are code too; no engine runs here."""

from opendesign.records.base import now
from opendesign.records.inspection import Inspection

CHECKS = 'def check_it_fits_the_base(parts):\n    """It fits the London base."""\n    assert len(parts) == 1\n'


def test_a_relatives_own_checks_are_run_over_the_parts_of_a_fork(world, ada, bia, box, nobody):
    ada.made("PUT", f"{box}/files/main/checks.py", {"content": CHECKS, "message": "What must hold"})
    bia.made("POST", f"{box}/forks")
    text = bia.get("/designs/bia/box/files/main/box.py").json["content"]
    fork = "/designs/bia/box"
    bia.made("PUT", f"{fork}/files/main/checks.py", {"content": "def check_nothing():\n    pass\n", "message": "Mine"})
    bia.made("PUT", f"{fork}/files/main/box.py", {"content": f"{text}# wider\n", "message": "Wider"})
    with world.house.reading() as work:
        before = {row.key for row in work.session.query(Inspection)}

    def told() -> list[tuple[str, str]]:
        found = nobody.get(f"{fork}/checks?base=ada/box:main").json
        return [(each["name"], each["state"]) for each in found if each["kind"] == "assert"]

    assert told() == [("check_it_fits_the_base", "waiting")] and told() == told()
    with world.house.noting() as work:
        (run,) = [row for row in work.session.query(Inspection) if row.key not in before]
        assert run.design_id == 1 and list(run.recipe["parts"]) == ["box.py"], "its files are ada's, the part is bia's"
        run.state, run.finished_at = "made", now()
        said = {"state": "failed", "message": "too wide", "file": "checks.py", "line": 3, "seconds": 0.1}
        run.result = {"checks": [{"name": "check_it_fits_the_base", **said}]}
    assert told() == [("check_it_fits_the_base", "failed")]
    own = [each["name"] for each in nobody.get(f"{fork}/checks").json if each["kind"] == "assert"]
    assert own == ["check_nothing"]
