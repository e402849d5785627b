"""What came of a design's own checks, as the family's table tells it."""

from houses import BOX, new_house, settle_in, start

from opendesign.actions.measure_family import measure_family
from opendesign.actions.trace import trace
from opendesign.core.inspection import STATES
from opendesign.records.design import design_by_id, known_refs
from opendesign.records.inspection import Inspection


def test_a_check_that_holds_passes_and_no_other(tmp_path):
    house = new_house(tmp_path)
    try:
        (ada,) = settle_in(house, "ada")
        case = start(house, ada, "case", {"box.py": BOX})
        with house.writing() as work:
            head = known_refs(work.session, design_by_id(work.session, case))["refs/heads/main"]
            came = [{"name": f"check_{state}", "state": state} for state in STATES]
            recipe = {"tree": head, "changes": {}, "parts": {}}
            work.session.add(Inspection(key="k", design_id=case, recipe=recipe, state="made", result={"checks": came}))
        with house.reading() as work:
            design = design_by_id(work.session, case)
            relatives = list(trace(work, design).by_id.values())
            assert measure_family(work, design, relatives)[case].checks == (1, len(STATES))
    finally:
        house.database.close()
