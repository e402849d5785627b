import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.byterange import is_one_stretch

NUMBERS = st.integers(0, 10**15)


@given(NUMBERS, NUMBERS)
def test_one_stretch_is_two_places_in_order_or_an_end(first, last):
    assert is_one_stretch(f"bytes={first}-{last}") is (first <= last)
    assert is_one_stretch(f"bytes={first}-") and is_one_stretch(f"Bytes=-{last}")
    assert not is_one_stretch(f"bytes={first}-,-{last}")


@pytest.mark.parametrize(
    "header", ["", "bytes", "bytes=", "bytes=-", "bytes=abc", "bytes=1-2,5-6", "lines=1-2", "bytes=1-2x", "bytes=٣-"]
)
def test_what_is_no_stretch_is_passed_over(header):
    assert not is_one_stretch(header)


@given(st.text())
def test_any_header_is_judged(header):
    assert is_one_stretch(header) in (True, False)
