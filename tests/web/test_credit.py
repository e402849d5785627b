"""Who made a design, on its page and for programs."""

import family

from opendesign.actions.find_adoptions import lineage_job
from opendesign.core.lineage.credit import WHOLE
from opendesign.records.design import design_by_path

RIB = "RIB = plate.union(rib(x, HEIGHT / 2, THICKNESS))\n"


def worked(site, address: str) -> None:
    """What the worker does after a push."""
    with site.house.reading() as work:
        key = str(design_by_path(work.session, *address.strip("/").split("/")).id)
    lineage_job(site.house, key)


def test_each_share_is_shown_with_what_it_is_from(site):
    ada = site.design("ada", "crate", family.FILES)
    bia = family.fork_of(site, ada, "bia")
    born = site.commit("bia", bia, {"rib.py": RIB}, message="A rib")
    taken = site.commit("ada", ada, {"rib.py": RIB}, message="Rib of Bia's")
    worked(site, ada)
    page = site.stranger().get(f"{ada}/credit").text
    assert page.count('<details class="panel"') == 2 and f'href="{bia}/revisions/{born}"' in page
    assert "A rib" in page and f'came here with <a class="sha" href="{ada}/revisions/{taken}"' in page
    told = site.stranger().get(f"/api/v1/designs{ada}/credit").json
    assert sum(each["ppm"] for each in told["shares"]) == WHOLE and told["commit"] == taken
    assert [each["person"] for each in told["shares"]] == ["ada", "bia"]
    assert [(e["source"], e["source_commit"], e["commit"], e["count"]) for e in told["shares"][1]["events"]] == [
        ("bia/crate", born, taken, 1)
    ]
    before = site.stranger().get(f"/api/v1/designs{ada}/credit?ref={site.head(ada)}~1")
    assert before.status_code == 404
    for where in (ada, f"{ada}/lineage"):
        assert f'href="{ada}/credit"' in site.stranger().get(where).text


def test_a_revision_of_before_is_told_by_its_ref(site):
    ada = site.design("ada", "pot", family.FILES)
    first = site.head(ada)
    site.commit("ada", ada, {"lid.py": RIB})
    told = site.stranger().get(f"/api/v1/designs{ada}/credit?ref={first[:12]}").json
    assert told["commit"] == first and {e["commit"] for e in told["shares"][0]["events"]} == {first}
    assert first[:7] in site.stranger().get(f"{ada}/credit?ref={first}").text


def test_a_design_with_nothing_in_it_credits_nobody(site):
    empty = site.design("ada", "void", {})
    assert site.stranger().get(f"{empty}/credit").status_code == 200
    blank = site.design("ada", "blank", {"README.md": "\n"})
    assert "Nothing that counts yet" in site.stranger().get(f"{blank}/credit").text
    assert site.stranger().get(f"/api/v1/designs{blank}/credit").json["shares"] == []
