"""What a design's own checks came to is on its page and on the page of a proposal, also while they are run."""

import re

import family
import pytest
from engine_fixture import shared

from opendesign.actions.build import build
from opendesign.actions.read_tree import read_tree
from opendesign.actions.stop_inspection import stop_inspection
from opendesign.records.build import Build, unfinished
from opendesign.records.design import design_by_path
from opendesign.worker.jobs import performer

pytestmark = pytest.mark.slow
CHECKS = '''def check_box_is_short(parts):
    """The box fits the drawer."""
    box = parts["box.py"].val().BoundingBox()
    assert box.xlen <= 25, f"it is {box.xlen:g} mm long"
'''


@pytest.fixture(scope="module")
def site(open_site, request):
    """A site whose engine runs."""
    return open_site(engine=shared(request, "namespaces"))


def work(site) -> None:
    """Does every job that waits, as a worker would."""
    perform, huey = performer(site.house), site.house.queue.huey
    while task := huey.dequeue():
        perform(*task.args)


def test_a_check_of_ones_own_is_seen_running_failing_and_holding(site):
    ada = site.design("ada", "box", family.FILES | {"checks.py": CHECKS})
    bia = family.fork_of(site, ada, "bia")
    site.commit("bia", bia, family.wider(30.0), message="Wider")
    address = family.proposed(site, bia, ada)
    page = site.stranger().get(address).text
    assert "0 of 2 parts of the merged design rebuilt" in page and "<code>check_box_is_short</code>" in page
    with site.house.reading() as looking:
        keys = unfinished(looking.session, Build)
    for key in keys:
        build(site.house, key)
    page = site.stranger().get(address).text
    assert "The checks are running" in page and "checks are being run on them" in page and "hx-trigger" in page
    work(site)
    page = re.sub(r"\s+", " ", site.stranger().get(address).text)
    assert "1 check failed" in page and "The check “The box fits the drawer” fails: it is 30 mm long" in page
    site.commit("bia", bia, family.wider(25.0), message="Shorter")
    work(site)
    page = site.stranger().get(address).text
    assert "Ready to merge" in page and "The check “The box fits the drawer” holds." in page
    shown = re.sub(r"\s+", " ", site.stranger().get(ada).text)
    assert re.search(
        r'data-state="passed".{0,400}check_box_is_short</code><br><span[^>]*>The box fits the drawer', shown
    )
    assert 'href="/ada/box/parts/checks.py' not in shown


def test_a_run_is_stopped_and_wanted_again_on_the_pages_that_tell_of_it(site):
    ada = site.design("ada", "stopped", family.FILES | {"checks.py": CHECKS.replace("25", "26")})
    own, bia = site.person("ada"), site.person("bia")
    assert "Stop the checks" in own.get(ada).text and "Stop the checks" not in bia.get(ada).text
    assert bia.post(f"{ada}/inspections/cancellation", {"ref": "main"}).status_code == 403
    assert own.post(f"{ada}/inspections/cancellation", {"ref": "main"}).location == f"{ada}?ref=main"
    assert "Run the checks again" in own.get(ada).text
    fork = family.fork_of(site, ada, "bia", "stopped")
    site.commit("bia", fork, {"checks.py": CHECKS.replace("25", "27")}, message="Longer")
    address = family.proposed(site, fork, ada)
    with site.house.reading() as looking:
        keys = unfinished(looking.session, Build)
    own.get(address)
    for key in keys:
        build(site.house, key)
    assert "Stop the checks" not in own.get(address).text, "it was first wanted for the fork"
    assert "The checks are running" in bia.get(address).text
    number = address.rpartition("/")[2]
    with site.house.writing(site.visitor("bia")) as work:
        source = design_by_path(work.session, *fork.strip("/").split("/"))
        stop_inspection(work, read_tree(work, source, site.head(fork)))
    page = own.get(address).text
    assert "The checks were stopped" in page and "every 1s" not in page
    assert own.post(f"{ada}/inspections", {"proposal": number}).location == address
    page = own.get(address).text
    assert "The checks are running" in page and "Stop the checks" in page and "every 1s" in page
    assert own.post(f"{ada}/inspections/cancellation", {"proposal": number}).status_code == 303
    assert "The checks were stopped" in own.get(address).text
