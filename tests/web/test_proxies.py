"""Behind proxies the web knows whom a request is from by what they say, and by nothing a stranger can say."""

import os
import time

import pytest
from sqlalchemy import select

from opendesign.cli.pieces import ABANDONED_SECONDS, counted_in
from opendesign.records.person import Attempt

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
