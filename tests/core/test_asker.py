"""Whose share something counts to."""

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.asker import asker


def test_people_are_counted_by_number_and_strangers_by_network() -> None:
    assert asker(5, "192.0.2.1") == "person 5"
    assert asker(None) == ""
    assert asker(None, "192.0.2.1") != asker(None, "192.0.2.2")
    assert asker(None, "2001:db8::1") == asker(None, "2001:db8::ffff:ffff:ffff:ffff") != asker(None, "2001:db8:0:1::1")


@given(st.one_of(st.ip_addresses().map(str), st.text()))
def test_an_address_is_never_kept(address: str) -> None:
    found = asker(None, address)
    assert found == asker(None, address)
    assert len(found) == (len("address 0000") if address else 0)
