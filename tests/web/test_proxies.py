"""Behind proxies the web knows whom a request is from by what they say, and by nothing a stranger can say."""

import os
import time
from contextlib import suppress
from dataclasses import replace

import pytest
from sqlalchemy import select

from opendesign.actions.enter import check_password
from opendesign.actions.house import Visitor
from opendesign.actions.report import MOST_OF_STRANGERS, report
from opendesign.actions.reset_password import FROM_ONE_PLACE, ask_reset
from opendesign.actions.sign_in import ask_provider
from opendesign.cli.pieces import ABANDONED_SECONDS, counted_in
from opendesign.core.errors import Forbidden, TooMany
from opendesign.oidc.provider import Provider
from opendesign.records.design import design_by_path
from opendesign.records.person import Attempt
from opendesign.records.report import Report

SAID = "192.0.2.66, 203.0.113.7"  # what a stranger made up, and what the proxy saw


@pytest.mark.parametrize(("proxies", "known"), [(0, "127.0.0.1"), (1, "203.0.113.7"), (2, "192.0.2.66")])
def test_a_wrong_password_counts_against_who_sent_it(open_site, proxies, known):
    site = open_site(proxies=proxies)
    answer = site.stranger().client.get(
        "/api/v1/tokens", headers={"X-Forwarded-For": SAID, "X-Forwarded-Host": "evil.example"}, auth=("ada", "wrong")
    )
    assert answer.status_code in (401, 403)
    assert "evil.example" not in answer.text
    with site.house.reading() as work:
        assert set(work.session.scalars(select(Attempt.subject))) == {"name:ada", f"address:{known}"}


def test_one_network_of_ipv6_is_one_place_to_every_brake_on_strangers(open_site):
    """Whoever has one address of it has all 2^64; the next network is somebody else's."""
    site = open_site(enter_attempts=1)
    site.design("ada", "case")
    house = replace(site.house, provider=Provider("https://provider.example", "opendesign", "secret", "Example"))

    def tell(address: str) -> None:
        with house.writing(Visitor(address=address)) as work:
            report(work, design_by_path(work.session, "ada", "case"), "/ada/case", "spam", "It is spam.", address)

    doors = {
        lambda address: check_password(house, f"nobody-{address}", "wrong", address): 5,
        lambda address: ask_reset(house, f"nobody-{address}", address): FROM_ONE_PLACE,
        tell: MOST_OF_STRANGERS,
    }
    for door, most in doors.items():
        for number in range(most):
            with suppress(Forbidden):
                door(f"2001:db8::{number:x}")
        with pytest.raises(TooMany):
            door("2001:db8::1:ffff")
        with suppress(Forbidden):
            door("2001:db8:0:1::1")
    with pytest.raises(TooMany):
        ask_provider(house, "2001:db8::2:ffff")
    with house.reading() as work:
        kept = set(work.session.scalars(select(Report.address)))
    assert "2001:db8::1" in kept, "operators are shown the whole address"


def test_webs_that_share_a_folder_count_apart_and_clear_away_who_is_gone(tmp_path):
    one, two = counted_in(tmp_path, 8000), counted_in(tmp_path, 8001)
    (one / "counter_7.db").write_text("1")
    gone = tmp_path / "elsewhere-8000"
    gone.mkdir()
    counted_in(tmp_path, 8001)
    assert (one / "counter_7.db").exists() and two.is_dir() and gone.is_dir()
    long_ago = time.time() - ABANDONED_SECONDS - 60
    os.utime(gone, (long_ago, long_ago))
    assert list(counted_in(tmp_path, 8000).iterdir()) == [] and not gone.exists()
