"""Whose share something counts to."""

from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.asker import asker, place


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


def test_of_ipv6_the_network_is_one_place_and_ipv4_within_it_is_ipv4():
    assert place("2001:db8::1") == place("2001:db8::ffff:1") == "2001:db8::/64" != place("2001:db8:0:1::1")
    assert place("::ffff:192.0.2.1") == place("192.0.2.1") == "192.0.2.1" != place("::ffff:192.0.2.2")
    assert place("fe80::1%eth0") == "fe80::/64"
    assert place("") == "" and place("here") == "here"
