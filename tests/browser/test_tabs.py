"""A row of tabs on a phone: the one that is open is seen, without a script, and the row scrolls from there."""

import pytest
from playwright.sync_api import Locator

pytestmark = [pytest.mark.slow, pytest.mark.browser]
SEEN = """row => {
  const tab = row.querySelector("[aria-current]").getBoundingClientRect();
  return tab.left >= 0 && tab.right <= innerWidth;
}"""


def is_seen(row: Locator) -> bool:
    return row.evaluate(SEEN)


def test_the_open_tab_is_seen_on_a_phone_and_others_are_reached(desk):
    page = desk("tabitha", viewport={"width": 320, "height": 700}, java_script_enabled=False)
    page.goto("/settings/storage")
    row = page.get_by_role("navigation", name="Settings")
    assert is_seen(row), "it is the last of those in the row, and began beyond the edge"
    first = row.get_by_role("link").first
    first.scroll_into_view_if_needed()
    assert not is_seen(row) and row.evaluate("row => row.scrollLeft") == 0
    first.click()
    page.wait_for_url("**/settings")
    assert is_seen(row)
