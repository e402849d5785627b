"""Addresses of repositories elsewhere: one way to write each, and no machine that is not public."""

from ipaddress import IPv4Address, IPv6Address

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.remote import is_named, is_open, read_remote

SECRET = "hunter2"
REFUSED = [
    *("", "-u", "--upload-pack=touch /tmp/x", "-oProxyCommand=x", "file:///etc/passwd", "/srv/git/x.git", "../x.git"),
    *("ext::sh -c id", "git://example.org/x", "ssh://example.org/x", "git@example.org:x.git", "ftp://example.org/x"),
    *("http://", "http:///x", "https://example.org", "https://example.org/", "https:example.org/x", "http://-x/y"),
    *(f"https://ada:{SECRET}@example.org/x", f"https://{SECRET}@example.org/x", f"http://a@b@{SECRET}/x"),
    *("http://2130706433/x", "http://0177.0.0.1/x", "http://0x7f000001/x", "http://0x7f.1/x", "http://127.1/x"),
    *("http://127.0.0.01/x", "http://1.2.3.4.5/x", "http://[127.0.0.1]/x", "http://::1/x", "http://[::1/x"),
    *("http://[fe80::1%25eth0]/x", "http://[fe80::1%eth0]/x", "http://[::1]x/y", "http://example.org:0/x"),
    *("http://example.org:99999/x", "http://example.org:8 0/x", "http://example.org:/x", "http://exa mple.org/x"),
    *("http://example.org\\@127.0.0.1/x", "http://example.org/x\n--upload-pack=y", "http://example.org/x y"),
    *("http://example.org/../x", "http://example.org/a/./b", "http://example.org//x", "http://example.org/x?y=z"),
    *("http://example.org/x#y", "http://example.org/%2e%2e/x", "http://example.org/a%2fb", "http://example.org/a%0ab"),
    *("http://example.org/x%00", "http://example.org/%", "http://ex\u0430mple.org/x", "http://ⓛocalhost/x"),
    "http://example.org/" + "x" * 600,
]
OUTSIDE = ["8.8.8.8", "93.184.216.34", "2606:4700:4700::1111", "::ffff:8.8.8.8", "168.63.129.17"]
WITHIN = [
    *("127.0.0.1", "127.255.255.254", "0.0.0.0", "10.1.2.3", "172.16.0.1", "172.31.255.255", "192.168.0.1"),
    *("169.254.169.254", "169.254.170.2", "100.64.0.1", "100.100.100.200", "192.0.0.192", "198.18.0.1", "192.0.2.1"),
    *("224.0.0.1", "239.255.255.255", "240.0.0.1", "255.255.255.255", "168.63.129.16", "::", "::1", "::127.0.0.1"),
    *("::ffff:127.0.0.1", "::ffff:169.254.169.254", "::ffff:10.0.0.1", "64:ff9b::7f00:1", "64:ff9b:1::a00:1"),
    *("2002:7f00:1::", "2001:0:7f00:1::", "fe80::1", "fe80::1%eth0", "fec0::1", "fc00::1", "fd00:ec2::254", "ff02::1"),
    *("2001:db8::1", "100::1", "localhost", "", "127.1", "0177.0.0.1"),
]


@pytest.mark.parametrize("text", REFUSED)
def test_what_is_no_public_repository_is_refused_and_no_secret_is_repeated(text):
    with pytest.raises(Invalid) as refusal:
        read_remote(text)
    assert SECRET not in refusal.value.message + str(refusal.value.errors)


@pytest.mark.parametrize(
    ("text", "url", "name"),
    [
        (" HTTPS://Example.ORG:443/Ada/Case.git ", "https://example.org/Ada/Case.git", "Case"),
        ("http://example.org.:8080/x/", "http://example.org:8080/x/", "x"),
        ("https://[2606:4700::0:1]/x", "https://[2606:4700::1]/x", "x"),
        ("http://[::ffff:8.8.8.8]:81/~ada/x%20y", "http://[::ffff:808:808]:81/~ada/x%20y", "x%20y"),
    ],
)
def test_an_address_is_written_in_one_way(text, url, name):
    remote = read_remote(text)
    assert (remote.url, remote.name) == (url, name)
    assert read_remote(url) == remote


@pytest.mark.parametrize("number", WITHIN)
def test_what_is_within_is_closed(number):
    assert not is_open(number)


@pytest.mark.parametrize("number", OUTSIDE)
def test_what_is_outside_is_open(number):
    assert is_open(number)


@given(st.ip_addresses(v=4))
def test_an_address_that_stands_for_another_opens_no_more_than_that(number: IPv4Address):
    assert is_open(f"::ffff:{number}") == is_open(str(number))
    for prefix in (0, 0x64FF9B << 96, 0x2002 << 112 | int(number) << 80):
        assert not is_open(str(IPv6Address(prefix | int(number))))


def test_an_operator_names_hosts_with_or_without_their_port():
    remote = read_remote("http://git.lan:3000/x")
    assert is_named(remote, "other, GIT.lan") and is_named(remote, "git.lan:3000")
    assert not is_named(remote, "git.lan:3001") and not is_named(remote, "lan") and not is_named(remote, "")
    assert is_named(read_remote("http://[::1]:3000/x"), "[::1]:3000")
