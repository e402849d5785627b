"""Their change on my part: the page, and with an engine the geometry."""

import re

import family
import pytest
from engine_fixture import shared

from opendesign.worker.jobs import performer

# Lines apart from each other, so that a change of one and a change of the other are no conflict.
FILES = {**family.FILES, "box.py": family.BOX.replace("HOLE = 2.0", "\n# --- Hole ---\nHOLE = 2.0")}


def change(name: str, old: float, new: float, text: str) -> dict[str, str]:
    return {"box.py": text.replace(f"{name} = {old}", f"{name} = {new}")}


def grown(site, owner: str) -> tuple[str, str, str]:
    """Ada's box and bia's fork of it, whose hole is larger, while ada's has grown wider; with bia's revision."""
    address = site.design("ada", owner, FILES)
    fork = family.fork_of(site, address, "bia")
    larger = site.commit("bia", fork, change("HOLE", 2.0, 4.0, FILES["box.py"]), message="Larger hole")
    site.commit("ada", address, change("WIDTH", 20.0, 50.0, FILES["box.py"]), message="Wider")
    return address, fork, larger


def test_the_change_is_shown_with_my_width_and_is_asked_for_until_it_is_there(site):
    own, fork, larger = grown(site, "tried")
    heads = site.head(own), site.head(fork)
    ada = site.person("ada")
    assert f"{own}/trials?source=" in ada.get(f"{fork}/revisions/{larger}").text
    assert "/trials?source=" not in site.stranger().get(f"{fork}/revisions/{larger}").text
    address = f"{own}/trials?source={fork.strip('/')}&commit={larger}"
    page = ada.get(address).text
    assert "Larger hole" in page and "Nothing is committed." in page and "1 of 2 parts changes" in page
    assert re.search(r"<del>2</del>.*<ins>4</ins>", page) and "<ins>50</ins>" not in page
    poll = re.search(r'hx-get="([^"]+)"', page)[1].replace("&amp;", "&")
    assert poll.startswith(address.replace("bia/", "bia%2F")) and ada.fragment(poll).status_code == 204
    assert ada.fragment(poll.replace("done=0", "done=3")).status_code == 200
    assert heads == (site.head(own), site.head(fork)), "no branch has moved"


def test_values_of_a_part_are_set_on_both_sides_and_checked(site):
    own, fork, larger = grown(site, "valued")
    address = f"{own}/trials?source={fork.strip('/')}&commit={larger}&of=box.py"
    page = site.stranger().get(f"{address}&p.WIDTH=77").text
    assert "<code>WIDTH = 77</code>" in page and "<ins>4</ins>" in page
    assert "p.WIDTH=77" in re.search(r'hx-get="([^"]+)"', page)[1]
    assert site.stranger().get(f"{address}&p.WIDTH=7777").status_code == 422


def test_what_does_not_apply_is_said(site):
    own, fork, _ = grown(site, "clashing")
    site.commit("bia", fork, change("WIDTH", 20.0, 90.0, FILES["box.py"]), message="Much wider")
    answer = site.stranger().get(f"{own}/trials?source={fork.strip('/')}")
    assert answer.status_code == 409 and "does not apply to main" in answer.text and "box.py" in answer.text


def test_the_form_offers_who_may_be_seen(site):
    own, fork, _ = grown(site, "offered")
    hidden = family.fork_of(site, own, "bob")
    site.person("bob").post(f"{hidden}/settings/visibility", {"visibility": "private"})
    page = site.stranger().get(f"{own}/trials").text
    assert f'<option value="{fork.strip("/")}">' in page and "bob/" not in page
    assert site.stranger().get(f"{own}/trials?source={hidden.strip('/')}").status_code == 404
    assert site.stranger().get(f"{own}/trials?source={fork.strip('/')}&proposal=x").status_code == 422


def work(site) -> None:
    """Does every job that waits, as a worker would."""
    perform, huey = performer(site.house), site.house.queue.huey
    while task := huey.dequeue():
        perform(*task.args)


READER = """import cadquery as cq
from pathlib import Path

long = float(Path("sizes.txt").read_text())
result = cq.Workplane().box(long, 1, 1)
"""


@pytest.mark.slow
def test_a_changed_file_that_a_script_reads_reaches_the_build(open_site, request):
    site = open_site(engine=shared(request, "namespaces"))
    own = site.design("ada", "read", {"reader.py": READER, "sizes.txt": "3"})
    fork = family.fork_of(site, own, "bia")
    site.commit("bia", fork, {"sizes.txt": "5"}, message="Longer")
    address = f"{own}/trials?source={fork.strip('/')}"
    site.stranger().get(address)
    work(site)
    page = site.stranger().get(address).text
    assert re.search(r'swatch--added"></span>\w+</span></th><td class="number"><span class="nowrap">2\.0', page), page


@pytest.mark.slow
def test_their_hole_is_cut_out_of_my_wider_box(open_site, request):
    site = open_site(engine=shared(request, "namespaces"))
    own, fork, larger = grown(site, "cut")
    address = f"{own}/trials?source={fork.strip('/')}&commit={larger}"
    site.stranger().get(address)
    work(site)
    page = site.stranger().get(address).text
    cells = re.findall(r'swatch--(\w+)"></span>\w+</span></th><td class="number"><span class="nowrap">([\d.,]+)', page)
    # 50 × 10 × 4 mm³ less a hole of 4 mm; the ring between holes of 2 and 4 mm is what goes: 4π (2² − 1²) mm³.
    assert dict(cells[:3]) == {"added": "0.00", "removed": "0.04", "common": "1.95"}
