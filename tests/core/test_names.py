"""Names, addresses and passwords are checked before anything is kept."""

import re

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.errors import Invalid
from opendesign.core.names import RESERVED, check_email, check_name, check_password, suggest_name


@pytest.mark.parametrize("name", ["a", "laptop-case", "0", "a.b_c-d", "x" * 63, "git", "a.gitx"])
def test_good_names_are_kept(name):
    assert check_name(name) == name


@pytest.mark.parametrize(
    ("name", "suggestion"),
    [
        ("Laptop Case", "laptop-case"),
        ("a/b", "a-b"),
        ("../x", "x"),
        ("-a", "a"),
        ("x.git", "x"),
        ("x.git.git", "x"),
        ("api", "api-1"),
        ("x" * 64, "x" * 63),
        ("São Paulo", "sao-paulo"),
        ("a\n", "a"),
        ("a\0b", "a-b"),
        ("", None),
        ("日本", None),
        ("..", None),
        (None, None),
        (3, None),
    ],
)
def test_other_names_are_refused_with_a_suggestion(name, suggestion):
    with pytest.raises(Invalid) as refused:
        check_name(name, "person")
    assert "person" in refused.value.message
    assert refused.value.errors[0].get("suggestion") == suggestion


@given(
    st.text(max_size=100) | st.from_regex(r"[a-z.-]{0,5}(\.git)*", fullmatch=True) | st.sampled_from(sorted(RESERVED))
)
def test_every_suggestion_is_a_good_name(text):
    suggestion = suggest_name(text)
    assert suggestion == "" or check_name(suggestion) == suggestion


@given(st.text(max_size=80))
def test_a_name_that_passes_follows_the_public_rule(text):
    try:
        name = check_name(text)
    except Invalid:
        return
    assert re.fullmatch(r"[a-z0-9][a-z0-9._-]{0,62}", name) and not name.endswith(".git")


def test_addresses_are_checked():
    assert check_email("  Ada.L+x@Example.ORG ") == "Ada.L+x@example.org"
    for wrong in (
        "",
        "ada",
        "ada@",
        "@x.org",
        "a b@x.org",
        "a@b",
        "a@x.o",
        "a@x\n.org",
        "a@" + "x" * 260 + ".org",
        None,
    ):
        with pytest.raises(Invalid):
            check_email(wrong)


def test_passwords_are_checked():
    assert check_password("correct horse", "ada") == "correct horse"
    for wrong in ("short12", "x" * 201, "aaaaaaaaaa", "Ada-Whitfield", "abcdefg\0h", "abcdefg\ud800", None):
        with pytest.raises(Invalid) as refused:
            check_password(wrong, "ada-whitfield")
        assert str(wrong) not in refused.value.message
