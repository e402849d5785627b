"""Scripts are read by the encoding they name, and every rewriting gives the author's own bytes back."""

import ast

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.build import blob_id
from opendesign.core.encoding import READABLE, bytes_of, named, text_of
from opendesign.core.errors import Invalid, NotFound
from opendesign.core.snapshot import Snapshot

HEAD = "# -*- coding: latin-1 -*-\nimport cadquery as cq\n"
LATIN = f"{HEAD}width = 5.0  # Größe, mm\nresult = cq.Workplane().box(width, 2, 3)\n"


@pytest.mark.parametrize(
    ("text", "encoding"),
    [
        ("# -*- coding: latin-1 -*-", "iso8859-1"),
        ("#!/usr/bin/python\r\n# vim: set fileencoding=cp1252 :\r\nx = 'coding: gbk'", "cp1252"),
        ("\n\f # coding=koi8-r", "koi8-r"),
        ("x = 1\n# coding: latin-1", "utf-8"),
        ("\n\n# coding: latin-1", "utf-8"),
        ("# coding: utf-7", "utf-8"),
        ("# coding: punycode", "utf-8"),
        ("# coding: nothing-there", "utf-8"),
        ("", "utf-8"),
    ],
)
def test_the_first_two_lines_name_the_encoding(text, encoding):
    assert named(text) == encoding


@given(st.sampled_from(["latin-1", "cp1252", "shift_jis", "gbk", "utf-8", "utf-7", "rot13"]), st.binary(max_size=80))
def test_what_is_read_is_the_same_bytes_again_and_what_python_reads(encoding, tail):
    content = b"# coding: " + encoding.encode() + b"\n#" + tail
    text = text_of("a.py", content)
    assert text is None or bytes_of("a.py", text) == content
    if encoding == "latin-1":
        assert text == content.decode("latin-1")


@given(st.binary(max_size=60))
def test_other_files_are_utf_8(content):
    text = text_of("a.txt", b"# coding: latin-1\n" + content)
    assert text is None or text.encode() == b"# coding: latin-1\n" + content


def test_a_parameter_is_set_in_the_encoding_of_the_script():
    content = LATIN.encode("latin-1")
    snapshot = Snapshot("t", {"a.py": blob_id(content)}, {"a.py": text_of("a.py", content)})
    assert snapshot.parameters("a.py")[0].help == "Größe"
    rewritten = snapshot.rewritten("a.py", {"width": 7})["a.py"]
    assert rewritten == content.replace(b"5.0", b"7.0") and ast.parse(rewritten)
    assert snapshot.key("e", "a.py", {}) == snapshot.key("e", "a.py", {"width": 5})
    assert snapshot.key("e", "a.py", {"width": 7}) != snapshot.key("e", "a.py", {})
    with pytest.raises(Invalid, match=r"a\.py is written in iso8859-1, which has no “Ω”"):
        snapshot.changed({"a.py": LATIN + "# Ω"})


def test_why_a_script_is_no_part_is_said():
    assert text_of("a.py", b"#" * (READABLE + 1)) is None and text_of("a.py", b"# \xff") is None
    snapshot = Snapshot("t", {"big.py": "1" * 40, "odd.py": "2" * 40}, {}, unread={"big.py": "size", "odd.py": "text"})
    with pytest.raises(NotFound, match=r"big\.py is no part: it is larger than 512 KiB"):
        snapshot.part("big.py")
    with pytest.raises(NotFound, match="neither UTF-8"):
        snapshot.part("odd")
