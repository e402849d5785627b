"""The part while a slider moves and while somebody types: a real engine makes it."""

import html
import json
import re
import threading
import time

import pytest
from engine_fixture import shared

from opendesign.actions.build import make_claimed_build
from opendesign.records.build import Build, claim

pytestmark = pytest.mark.slow
FAILS = """import cadquery as cq

R = 1.0  # [0.5:0.5:9] Radius, mm

result = cq.Workplane().box(4, 4, 4).edges("|Z").fillet(R)
"""


@pytest.fixture(scope="module")
def site(open_site, request):
    """A site whose engine runs."""
    return open_site(engine=shared(request, "namespaces"))


@pytest.fixture(scope="module")
def design(site):
    """A box that does not build when its rounding is too large."""
    return site.design("ada", "rounded", {"box.py": FAILS, "README.md": "# Rounded\n"})


def test_a_slider_gives_new_geometry_and_its_files(site, design):
    stranger = site.stranger()
    told = stranger.get(f"{design}/previews/box.py?p.R=0.5").json
    assert told["state"] == "made", told
    assert told["total"]["volume_mm3"] == pytest.approx(64 - 4 * (0.25 - 3.14159265 * 0.25 / 4) * 4, rel=1e-4)
    assert "4.00 × 4.00 × 4.00" in told["facts_html"] and "r0.5.step" in told["files_html"]
    viewer = stranger.get(told["viewer"])
    assert viewer.data[:4] == b"glTF" and viewer.mimetype == "model/gltf-binary"
    assert "immutable" in viewer.headers["Cache-Control"] and "public" in viewer.headers["Cache-Control"]
    assert "sandbox" in viewer.headers["Content-Security-Policy"]
    assert viewer.headers["X-Content-Type-Options"] == "nosniff"
    again = stranger.get(told["viewer"], headers={"If-None-Match": viewer.headers["ETag"]})
    assert again.status_code == 304
    part = stranger.get(told["viewer"], headers={"Range": "bytes=0-3"})
    assert (part.status_code, part.data) == (206, b"glTF")
    odd = stranger.get(told["viewer"], headers={"Range": "bytes=abc"})
    assert (odd.status_code, odd.data) == (200, viewer.data)


def test_files_that_were_only_previewed_are_made_when_asked_for(site, design):
    stranger = site.stranger()
    told = stranger.get(f"{design}/previews/box.py?p.R=1.5").json
    href = re.search(r'href="(/ada/rounded/exports/step/[^"]+)"', told["files_html"])[1]
    answer = stranger.get(html.unescape(href))
    assert answer.status_code == 200 and answer.data.startswith(b"ISO-10303-21")
    assert b"'parameters: R = 1.5'" in answer.data and site.head(design).encode() in answer.data
    plain = stranger.get(f"/builds/{told['key']}/files/step")
    assert plain.status_code == 200 and b"ada/rounded" not in plain.data
    name = answer.headers["Content-Disposition"]
    assert re.search(r'filename="?rounded-box-[0-9a-f]{7}-r1\.5\.step', name)
    assert stranger.get(f"/builds/{told['key']}").status_code == 200
    assert "Made" in stranger.fragment(f"/builds/{told['key']}/state").text


def test_a_failure_names_file_and_line_and_the_last_good_one_stays(site, design):
    stranger = site.stranger()
    good = stranger.get(f"{design}/previews/box.py").json
    told = stranger.get(f"{design}/previews/box.py?p.R=9")
    assert told.status_code == 200 and told.json["state"] == "failed"
    assert (told.json["error"]["file"], told.json["error"]["line"]) == ("box.py", 5)
    page = stranger.get(f"{design}/parts/box.py?p.R=9").text
    assert "box.py:5" in page and "these values do not build" in page
    assert f'src="/builds/{good["key"]}/files/viewer"' in page
    key = told.json["key"]
    assert stranger.get(f"/builds/{key}/files/step").status_code == 422
    assert "Try again" in stranger.get(f"/builds/{key}").text
    assert site.person("ada").post(f"/builds/{key}/tries").location == f"/builds/{key}"


def test_typing_shows_the_part_without_a_commit(site, design):
    ada, before = site.person("ada"), site.head(design)
    fields = {"path": "box.py", "ref": "main", "content": FAILS.replace("box(4, 4, 4)", "box(8, 4, 4)")}
    told = ada.post(f"{design}/previews", fields).json
    assert told["state"] == "made" and "8.00 × 4.00 × 4.00" in told["facts_html"]
    wrong = ada.post(
        f"{design}/previews", fields | {"content": "import cadquery as cq\nresult = cq.Workplane(.box(1)\n"}
    ).json
    assert wrong["state"] == "failed" and (wrong["error"]["file"], wrong["error"]["line"]) == ("box.py", 2)
    lost = ada.post(f"{design}/previews", fields | {"path": "README.md"})
    assert lost.status_code in (404, 422) and site.head(design) == before


def test_files_of_a_private_design_stay_out_of_shared_caches(site):
    hidden = site.design("ada", "hidden", {"box.py": FAILS + "# of Ada alone\n"}, visibility="private")
    ada = site.person("ada")
    viewer = ada.get(ada.get(f"{hidden}/previews/box.py").json["viewer"])
    assert viewer.status_code == 200
    told = viewer.headers["Cache-Control"]
    assert "private" in told and "public" not in told and "immutable" in told


SLOW = """import time
import cadquery as cq

W = 4.0  # [1:1:9] Width, mm
print("thinking")
time.sleep({0})
result = cq.Workplane().box(W, 4, 4)
"""


def test_a_slow_preview_says_how_far_it_is_line_by_line(site):
    slow = site.design("ada", "slow", {"box.py": SLOW.format(1.5)})
    answer = site.stranger().get(f"{slow}/previews/box.py?p.W=5", headers={"Accept": "application/x-ndjson"})
    assert answer.mimetype == "application/x-ndjson" and answer.headers["Cache-Control"] == "no-store"
    *news, last = (json.loads(line) for line in answer.text.splitlines())
    assert {each["state"] for each in news} == {"making"} and last["state"] == "made"
    assert "script" in [each["progress"]["stage"] for each in news]
    assert "thinking" in last["said_html"]
    again = site.stranger().get(f"{slow}/previews/box.py?p.W=5", headers={"Accept": "application/x-ndjson"})
    assert again.mimetype == "application/json" and again.json["state"] == "made"


def test_a_reader_that_goes_away_gives_the_job_up(site):
    slow = site.design("ada", "endless", {"box.py": SLOW.format(60)})
    answer = site.stranger().get(f"{slow}/previews/box.py", headers={"Accept": "application/x-ndjson"}, buffered=False)
    assert json.loads(next(answer.iter_encoded()))["state"] == "making"
    assert site.house.engine.status()["running"] == 1
    answer.close()
    end = time.monotonic() + 5
    while site.house.engine.status()["running"] and time.monotonic() < end:
        time.sleep(0.02)
    assert site.house.engine.status()["running"] == 0


def test_pages_show_how_far_a_build_is_and_stop_it(site):
    slow = site.design("ada", "stopped", {"box.py": SLOW.format(60)})
    stranger = site.stranger()
    page = stranger.get(f"{slow}/parts/box.py").text
    key = re.search(r"/builds/([0-9a-f]{64})/state", page)[1]
    assert "build-ended from:body" in page and "<progress" in page
    with site.house.writing() as work:
        assert claim(work.session, Build, key, 60)
    worker = threading.Thread(target=make_claimed_build, args=(site.house, key, True))
    worker.start()
    end = time.monotonic() + 20
    while "Running the script" not in (shown := stranger.fragment(f"/builds/{key}/state").text):
        assert time.monotonic() < end, shown
        time.sleep(0.05)
    assert "HX-Trigger" not in stranger.fragment(f"/builds/{key}/state").headers
    while "thinking" not in stranger.fragment(f"/builds/{key}/state").text:
        assert time.monotonic() < end
        time.sleep(0.05)
    assert "/cancellation" not in shown, "who only looks stops nobody's build"
    ada = site.person("ada")
    assert "/cancellation" in ada.fragment(f"/builds/{key}/state").text
    stopped = ada.post(f"/builds/{key}/cancellation", headers={"HX-Request": "true"})
    assert stopped.headers["HX-Trigger"] == "build-ended" and "Stopped" in stopped.text and "hx-get" not in stopped.text
    worker.join(5)
    assert not worker.is_alive() and site.house.engine.status()["running"] == 0
    assert ada.post(f"/builds/{key}/cancellation").location == f"/builds/{key}"
    back = f"{slow}/parts/box.py?p.D=2"
    led = ada.post(f"/builds/{key}/cancellation", {"next": f"{back}&stopped=0"}).location
    assert led == f"{back}&stopped={key[:12]}"
    for hostile in ("https://evil.example/x", "//evil.example", "/\\evil.example", "javascript:alert(1)"):
        assert ada.post(f"/builds/{key}/cancellation", {"next": hostile}).location == f"/builds/{key}"
    stays = stranger.get(f"{slow}/parts/box.py?stopped={key[:12]}").text
    assert "Try again" in stays and "/cancellation" not in stays, "who has stopped it sees it stopped"
    assert f'name="next" value="{slow}/parts/box.py?stopped={key[:12]}"' in stays
    shown = stranger.get(f"/builds/{key}").text
    assert "Stopped" in shown and "Try again" in shown and "This does not build" not in shown.split("<script")[0]
    assert "Try again" in stranger.fragment(f"{slow}/parts/box.py", "stage").text, "a fragment starts nothing"
    assert "/cancellation" in stranger.get(f"{slow}/parts/box.py").text, "whoever comes afresh has it made again"


def test_remarks_stand_beside_the_measurements_and_a_warning_in_the_list(site):
    thin = site.design(
        "ada", "foil", {"foil.py": "import cadquery as cq\nresult = cq.Workplane().box(20, 20, 0.002)\n"}
    )
    stranger = site.stranger()
    told = stranger.get(f"{thin}/previews/foil.py").json
    assert "is-warning" in told["facts_html"] and "0.002" in told["facts_html"]
    assert "next to nothing" in stranger.get(f"/builds/{told['key']}").text
    assert "1 warning" in stranger.get(thin).text
