"""Model files have pages like scripts, and anybody who may write, or fork, says which of them are parts."""

import pytest

SHOWS = "import cadquery as cq\nresult = cq.Workplane().box(1, 2, 3)\n"
STEP = "ISO-10303-21;\n"
LOGO = '<svg xmlns="http://www.w3.org/2000/svg"/>'


@pytest.fixture(scope="module")
def design(site):
    """Ada's design with a script, a file of another program, and an export."""
    return site.design(
        "ada", "models", {"box.py": SHOWS, "bought/motor.step": STEP, "box.stl": "solid x\n", "logo.svg": LOGO}
    )


def test_the_file_of_a_model_shows_its_shape_and_leads_to_the_part(site, design):
    page = site.stranger().get(f"{design}/files/main/bought/motor.step").text
    assert "<od-viewer" in page and f'href="{design}/parts/bought/motor.step"' in page and "Measurements" in page
    assert "ISO-10303-21" not in page and "appears here by itself" in page
    logo = site.stranger().get(f"{design}/files/main/logo.svg").text
    assert logo.index("<img") < logo.index("<od-viewer")


def test_the_page_of_a_model_has_no_parameters_and_no_editor(site, design):
    page = site.stranger().get(f"{design}/parts/bought/motor.step").text
    assert "STEP" in page and 'id="parameters"' not in page and "/edit/main/bought" not in page
    assert "In the list of parts" not in page
    assert "not among the parts" not in page
    assert "not among the parts" in site.stranger().get(f"{design}/parts/box.stl").text


def test_the_owner_renames_hides_and_shows(site, design):
    ada = site.person("ada")
    base = f"{design}/parts/bought/motor.step"
    assert "In the list of parts" in ada.get(base).text
    assert ada.post(f"{base}/listing", {"ref": "main", "title": "Stepper", "listed": "1"}).status_code == 303
    assert "Stepper" in ada.get(design).text
    ada.post(f"{base}/listing", {"ref": "main", "title": "Stepper"})
    hidden = ada.get(base).text
    assert "not among the parts" in hidden and "Stepper" in hidden
    assert 'modules = ["bought/motor.step"]' in ada.get(f"{design}/raw/main/okh.toml").text


def test_somebody_else_says_so_in_a_fork(site, design):
    bia = site.person("bia")
    answer = bia.post(f"{design}/parts/box.stl/listing", {"ref": "main", "title": "Box mesh", "listed": "1"})
    assert answer.status_code == 303 and answer.location.startswith("/bia/models/parts/box.stl")
    assert "Box mesh" in bia.get("/bia/models").text and "Box mesh" not in bia.get(design).text


def test_a_stranger_is_asked_to_enter(site, design):
    answer = site.stranger().post(f"{design}/parts/box.stl/listing", {"title": "X", "listed": "1"})
    assert answer.status_code in (302, 303, 401, 403)
