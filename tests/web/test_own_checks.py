"""What a design's own checks came to is on its page and on the page of a proposal, also while they are run."""

import re

import family
import pytest
from engine_fixture import shared

from opendesign.actions.build import build
from opendesign.records.build import Build, unfinished
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
