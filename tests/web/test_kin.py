"""Why a design from elsewhere is of a family, as its page and the API say it."""

import family

from opendesign.records.design import design_by_path


def test_what_shows_the_family_of_a_design_from_elsewhere_is_said(site):
    case = site.design("ada", "case", family.FILES)
    own = site.design("bia", "own", {"own.py": "GRIP = 1.5\n"})
    with site.house.writing() as work:
        ada, bia = (design_by_path(work.session, *path.strip("/").split("/")) for path in (case, own))
        bia.parent_id, bia.family_id, bia.kinship = ada.id, ada.root, "declared"
    page = site.stranger().get(f"{own}/lineage").text
    assert "It came from elsewhere" in page and "its okh.toml says that it is a fork of it" in page
    assert "related to" in page and "forked from" not in page
    told = site.stranger().get(f"/api/v1/designs{case}/lineage").json["designs"]
    assert [each["kinship"] for each in told] == [None, "declared"]
    with site.house.writing() as work:
        design_by_path(work.session, "ada", "case").visibility = "private"
    page = site.stranger().get(f"{own}/lineage").text
    assert "ada/case" not in page and "It came from elsewhere" not in page
    assert site.stranger().get(f"/api/v1/designs{own}/lineage").json["designs"][0]["kinship"] is None
