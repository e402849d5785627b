"""The engine's own page, and the same by the API: what a script may use, and what holds the jail."""

from opendesign.cad.version import engine_packages, engine_version, model_packages


def test_the_page_names_the_engine_its_packages_and_that_building_is_off(stranger):
    page = stranger.get("/about/engine")
    assert page.status_code == 200
    for text in (*engine_packages(), *model_packages(), "DejaVu Sans", "Building is off"):
        assert text in page.text


def test_the_allow_list_is_what_is_installed_for_models():
    found = model_packages()
    assert {"cqkit", "bd-warehouse", "cadquery-massembly"} <= found.keys()
    assert not {"cadquery", "build123d", "flask", "opendesign"} & found.keys()
    assert engine_version().startswith(f"cadquery {engine_packages()['cadquery']}, build123d ")
