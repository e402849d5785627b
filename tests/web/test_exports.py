"""Files of a revision: stamped, made once when somebody asks, kept; and all of them as one archive."""

import io
import json
import xml.etree.ElementTree as xml
import zipfile
from concurrent.futures import ThreadPoolExecutor

import ezdxf
import pytest
from engine_fixture import shared

from opendesign.actions.build import build
from opendesign.actions.fork import fork
from opendesign.actions.read_tree import read_tree
from opendesign.actions.want_build import want_build
from opendesign.cad.engine import Engine
from opendesign.records.design import design_by_path

pytestmark = pytest.mark.slow
PLATE = """import cadquery as cq

T = 4.0  # [1:0.5:9] Thickness, mm

result = cq.Workplane().box(40, 20, T, centered=(True, True, False)).faces(">Z").workplane().hole(6)
"""
BOTH = """import cadquery as cq
from plate import result as plate

model = cq.Assembly(name="both")
model.add(plate, name="lower", color=cq.Color(0.8, 0.1, 0.1))
model.add(plate, name="upper", loc=cq.Location((0, 0, 10)), color=cq.Color(0.8, 0.1, 0.1))
show_object(model)
"""
FILES = {
    "plate.py": PLATE,
    "both.py": BOTH,
    "broken.py": "import cadquery as cq\nresult = cq.Workplane().box(1, 1, 1).fillet(9)\n",
    "LICENSE": "Do what is fair.\n",
    "bom.csv": "ref,part,quantity,kind,source_file,material\nB1,=cmd,4,bought,,\n",
    "okh.toml": 'okhv = "2.4"\nname = "Plates"\nlicense = "CERN-OHL-S-2.0"\n',
}


class Counting(Engine):
    """An engine that counts what it was asked to make again."""

    remade: list[tuple[str, ...]]

    def remake(self, shapes, model, job):
        self.remade.append(job.formats)
        return super().remake(shapes, model, job)


@pytest.fixture(scope="module")
def site(open_site, request):
    """A site whose engine runs; it keeps few sections."""
    engine = Counting(shared(request, "namespaces").address)
    engine.remade = []
    return open_site(engine=engine, limits={"sections_per_build": 3})


@pytest.fixture(scope="module")
def design(site):
    """Two parts and one that does not build, all of them built as the worker would."""
    address = site.design("ada", "plates", FILES)
    make(site, address)
    return address


def make(site, address: str) -> None:
    """Builds every part at the head of a design."""
    with site.house.writing(site.visitor("ada")) as work:
        row = design_by_path(work.session, *address.strip("/").split("/"))
        snapshot = read_tree(work, row, site.head(address))
        keys = [want_build(work, row, snapshot, part.path).key for part in snapshot.parts]
    for key in keys:
        build(site.house, key)


@pytest.fixture(scope="module")
def key(site, design):
    """The key of the plate's build."""
    told = site.stranger().get(f"{design}/previews/plate.py").json
    return told["key"]


def test_a_drawing_is_made_when_asked_for_and_cannot_run_anything(site, key):
    answer = site.stranger().get(f"/builds/{key}/files/svg")
    assert answer.status_code == 200 and answer.mimetype == "image/svg+xml"
    assert "sandbox" in answer.headers["Content-Security-Policy"] and "immutable" in answer.headers["Cache-Control"]
    words = [text.text for text in xml.fromstring(answer.data).iter("{http://www.w3.org/2000/svg}text")]
    assert {"40", "20", "4", "mm", "plate"} <= set(words)


def test_asked_by_many_at_once_it_is_made_once(site, key):
    site.house.engine.remade.clear()
    with ThreadPoolExecutor(8) as people:
        answers = list(people.map(lambda _: site.stranger().get(f"/builds/{key}/files/dxf"), range(8)))
    assert {answer.status_code for answer in answers} == {200} and len({answer.data for answer in answers}) == 1
    assert site.house.engine.remade == [("dxf",)]


def test_a_section_lies_where_it_was_asked_for(site, design, key):
    stranger = site.stranger()
    sha = site.head(design)
    goes = stranger.get(f"{design}/exports/section/plate.py?ref={sha}&axis=y&offset=2,50&as=dxf")
    assert goes.status_code == 303 and "/exports/dxf-y-2.5/plate.py?" in goes.location
    drawing = ezdxf.read(io.StringIO(stranger.get(goes.location).text))
    widths = [entity.dxf.flags for entity in drawing.modelspace()]
    assert len(widths) == 2 and all(widths)  # on both sides of the hole, closed
    beside = stranger.get(f"{design}/exports/dxf-z-9/plate.py")
    assert beside.status_code == 422 and "between 0 and 4 mm" in beside.text
    assert stranger.get(f"{design}/exports/section/plate.py?axis=y&offset=x").status_code == 422
    assert stranger.get(f"{design}/exports/section/plate.py?axis=w&offset=1").status_code == 404
    assert stranger.get(f"/builds/{key}/files/dxf-z-1.50").status_code == 404


def test_a_build_keeps_only_its_newest_sections(site, key):
    for offset in ("0.5", "1", "1.5", "2", "2.5"):
        assert site.stranger().get(f"/builds/{key}/files/svg-z-{offset}").status_code == 200
    kept = [name for name in site.house.shelf.names(key) if name.startswith("svg-z")]
    assert kept == ["svg-z-1.5", "svg-z-2", "svg-z-2.5"]


def test_files_of_a_revision_say_where_they_are_from_and_are_always_the_same(site, design):
    sha, stranger = site.head(design), site.stranger()
    address = f"{design}/exports/%s/both.py?ref={sha}"
    glb = stranger.get(address % "glb")
    scene = json.loads(glb.data[20 : 20 + int.from_bytes(glb.data[12:16], "little")])
    assert scene["asset"]["copyright"] == "Ada CERN-OHL-S-2.0"
    facts = scene["asset"]["extras"]
    assert (facts["design"], facts["revision"]) == ("ada/plates", sha)
    assert facts["source"] == f"http://localhost/ada/plates/revisions/{sha}"
    model = zipfile.ZipFile(io.BytesIO(stranger.get(address % "3mf").data)).read("3D/3dmodel.model").decode()
    assert f'<metadata name="od:revision">{sha}</metadata>' in model and "CERN-OHL-S-2.0" in model
    assert sha.encode() in stranger.get(address % "step").data and sha.encode() in stranger.get(address % "brep").data
    assert "immutable" in glb.headers["Cache-Control"]
    assert "immutable" not in stranger.get(f"{design}/exports/glb/both.py").headers["Cache-Control"]
    with site.house.reading() as work:
        place = work.house.shelf
    for name in [path.parent.name for path in place.root.rglob("glb") if sha.encode() in path.read_bytes()]:
        place.delete(name)
    assert stranger.get(address % "glb").data == glb.data


def test_a_private_design_keeps_its_files(site, design):
    address = site.design("ada", "hidden", {"plate.py": PLATE + "# mine\n"}, visibility="private")
    make(site, address)
    for rest in ("exports/svg/plate.py", "archive/main.zip"):
        assert site.stranger().get(f"{address}/{rest}").status_code == 404
    answer = site.person("ada").get(f"{address}/exports/step/plate.py")
    assert answer.status_code == 200 and "private" in answer.headers["Cache-Control"]
    assert "public" not in answer.headers["Cache-Control"]


def test_the_page_offers_every_format_and_a_section(site, design):
    page = site.stranger().get(f"{design}/parts/plate.py").text
    for format in ("step", "stl", "3mf", "glb", "brep", "svg", "dxf", "png", "png-large"):
        assert f'href="{design}/exports/{format}/plate.py?ref={site.head(design)}' in page
    assert f'action="{design}/exports/section/plate.py"' in page and 'name="offset" value="2"' in page


def test_an_archive_holds_all_parts_and_what_goes_along(site, design):
    sha = site.head(design)
    answer = site.stranger().get(f"{design}/archive/main.zip?formats=step,svg")
    assert answer.status_code == 200 and answer.headers["Content-Disposition"].endswith(f"plates-{sha[:7]}.zip")
    archive = zipfile.ZipFile(io.BytesIO(answer.data))
    assert archive.testzip() is None
    top = f"plates-{sha[:7]}/"
    files = {name.removeprefix(top): archive.read(name) for name in archive.namelist()}
    assert set(files) == {"NOTICE.txt", "LICENSE", "okh.toml", "bom.csv"} | {
        f"parts/{part}.{format}" for part in ("plate", "both") for format in ("step", "svg")
    }
    told = files["NOTICE.txt"].decode()
    assert sha in told and "CERN-OHL-S-2.0" in told and "broken.py: does not build: " in told
    rows = files["bom.csv"].decode().splitlines()
    assert rows[1].startswith("B1,'=cmd,4,bought")
    assert ",plate.py," in rows[2] and rows[2].split(",")[2] == "2" and "40.00 x 20.00 x 4.00" in rows[2]
    assert sha.encode() in files["parts/plate.step"]
    again = site.stranger().get(f"{design}/archive/{sha}.zip?formats=step,svg")
    assert again.data == answer.data and again.headers["ETag"] == answer.headers["ETag"]
    known = {"If-None-Match": again.headers["ETag"]}
    same = site.stranger().get(f"{design}/archive/{sha}.zip?formats=step,svg", headers=known)
    assert same.status_code == 304


def test_the_notice_of_a_fork_says_what_it_was_made_from(site, design):
    with site.house.writing(site.visitor("bia")) as work:
        fork(work, design_by_path(work.session, "ada", "plates"))
    answer = site.stranger().get("/bia/plates/archive/main.zip?formats=brep")
    told = zipfile.ZipFile(io.BytesIO(answer.data)).read(f"plates-{site.head(design)[:7]}/NOTICE.txt").decode()
    assert "modified from http://localhost/ada/plates" in told


def test_archives_have_limits(site, design, open_site):
    stranger = site.stranger()
    refused = stranger.get(f"{design}/archive/main.zip?formats=step,exe")
    assert refused.status_code == 422 and "exe" in refused.text
    assert stranger.get(f"{design}/archive/nowhere.zip").status_code == 404
    small = open_site(engine=site.house.engine, limits={"archive_parts": 2})
    address = small.design("ada", "many", FILES)
    assert small.stranger().get(f"{address}/archive/main.zip").status_code == 413
