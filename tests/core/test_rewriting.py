"""Setting a parameter rewrites exactly its literal."""

import re

import pytest
from hypothesis import example, given, settings
from hypothesis import strategies as st

from opendesign.core.declaration import read_parameters
from opendesign.core.errors import Invalid
from opendesign.core.rewriting import rewrite
from opendesign.core.slider import tidy

LITERALS = {
    "number": ["1.5", "-2.0", "+.5", "1e-3", "- 7.25", "1_0.0"],
    "integer": ["4", "-3", "0x10", "1_000", "+2"],
    "boolean": ["True", "False"],
    "text": ['"a"', "'Größe'", 'r"x"', "'''t'''", "u'v'", "'it\\'s'", '"a" "b"'],
    "numbers": ["(1.0, -2.5)", "[1.5 ,2.5]", "( 3.0,\n  # three, four\n  4.0 )"],
}
NEW = {
    "number": st.floats(-1e6, 1e6).map(tidy),
    "integer": st.integers(-1000, 1000),
    "boolean": st.booleans(),
    "text": st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=20),
    "numbers": st.tuples(st.floats(-1e6, 1e6).map(tidy), st.floats(-1e6, 1e6).map(tidy)),
}
ANNOTATIONS = ("", " : float", "\t", ": 'λ'")
AFTER = ("", "  # ширина, 🛠 in µm", " ; other_{n} = None", "\t#", " # [see README]")
BETWEEN = ("", "import math", "# комментарий", "def f{n}(width=3):\n    x = 1.5", "s_{n} = f'ü{{1}}'", "\x0c", "(\n)")


@st.composite
def scripts(draw):
    """A script as its fixed pieces and, between each two, a literal: (pieces, literals, kinds)."""
    pieces, literals, kinds = [draw(st.sampled_from(["", "\ufeff", "# é\n", '"""Ü."""\n']))], [], []
    end = draw(st.sampled_from(["\n", "\r\n", "\r"]))
    for number in range(draw(st.integers(1, 6))):
        kind = draw(st.sampled_from(sorted(LITERALS)))
        annotation = draw(st.sampled_from(ANNOTATIONS))
        annotation = "" if "float" in annotation and kind == "integer" else annotation
        before = draw(st.sampled_from(BETWEEN)).format(n=number) + "\n" + f"Maß_{number}{annotation} = "
        pieces[-1] = pieces[-1] + before
        literals.append(draw(st.sampled_from(LITERALS[kind])).replace("\n", end))
        kinds.append(kind)
        pieces.append(draw(st.sampled_from(AFTER)).format(n=number) + "\n")
    return [piece.replace("\n", end) for piece in pieces], literals, kinds


@settings(max_examples=150, deadline=None)
@given(scripts(), st.data())
def test_the_value_is_set_and_every_other_byte_stays(script, data):
    pieces, literals, kinds = script
    source = "".join(a + b for a, b in zip(pieces, [*literals, ""], strict=True))
    chosen = data.draw(st.sets(st.sampled_from(range(len(kinds)))))
    values = {f"Maß_{at}": data.draw(NEW[kinds[at]]) for at in chosen}
    before = {each.name: each.default for each in read_parameters(source)}
    changed = rewrite(source, values)
    assert {each.name: each.default for each in read_parameters(changed)} == before | values
    slots = ["([^\n]*?|[(\\[].*?)" if at in chosen else re.escape(text) for at, text in enumerate(literals)]
    pattern = "".join(re.escape(a) + b for a, b in zip(pieces, [*slots, ""], strict=True))
    assert re.fullmatch(pattern, changed, re.DOTALL)
    assert {each.name: each.default for each in read_parameters(rewrite(changed, before))} == before
    assert rewrite(source, before) == source


@pytest.mark.parametrize(
    ("source", "value", "expected"),
    [
        ("w = 2.4  # wall", 3, "w = 3.0  # wall"),
        ("w = 2.4", "2.5", "w = 2.5"),
        ("w = 2.4  # [1:0.5:5]", 2.5000001, "w = 2.5  # [1:0.5:5]"),
        ("w = 2.4", 0.1 + 0.2, "w = 0.3"),
        ("w = 4", 5.0, "w = 5"),
        ("w = 4  # mm", 4.5, "w = 4.5  # mm"),
        ("w = 4  # mm", 5.0, "w = 5  # mm"),
        ("w = 0x10", 16, "w = 0x10"),
        ("w = 1.23456789012345678", "1.23456789012345678", "w = 1.23456789012345678"),
        ("w = -4", 4, "w = 4"),
        ("w=(1,  2)", [1, 3], "w=(1,  3)"),
        ("a, w = 1, 2  # two", 9, "a, w = 1, 9  # two"),
        ("w = 'it'", 'say "hi", it\'s', "w = 'say \"hi\", it\\'s'"),
        ('w = r"a"', "b", 'w = r"b"'),
        ('w = r"a"', "b\\n", 'w = "b\\\\n"'),
        ("w = True", "no", "w = False"),
        ("w = (\n    4.0\n)\r\n", 5, "w = (\n    5.0\n)\r\n"),
    ],
)
def test_numbers_are_minimal_and_styles_stay(source, value, expected):
    assert rewrite(source, {"w": value}) == expected


def test_several_parameters_on_one_line_are_set_at_once():
    assert rewrite("ä = 'ö'; b = 2; c = (3, 4)", {"b": 22222, "ä": "ü", "c": [5, 6]}) == (
        "ä = 'ü'; b = 22222; c = (5, 6)"
    )


@pytest.mark.parametrize("value", ["__import__('os')", "1 + 1", "1\nimport os", "0x10", "1j", "nan"])
def test_no_value_becomes_code(value):
    with pytest.raises(Invalid):
        rewrite("w = 2.4", {"w": value})


@example("'''\\")
@example("{x}\"'\\'")
@given(st.text(st.characters(blacklist_categories=("Cc", "Cs", "Cf", "Zl", "Zp")), max_size=50))
def test_a_text_stays_a_text(value):
    for literal in ("'x'", '"x"', "'''x'''", 'r"x"', "R'''x'''"):
        changed = rewrite(f"w = {literal}\nv = 1", {"w": value})
        assert [each.default for each in read_parameters(changed)] == [value, 1]


def test_an_unknown_name_is_refused():
    with pytest.raises(Invalid):
        rewrite("w = 2.4", {"v": 1})


KINDS = {
    "integer": ("int", LITERALS["integer"], NEW["integer"]),
    "number": ("float", LITERALS["number"], NEW["number"]),
    "boolean": ("bool", LITERALS["boolean"], NEW["boolean"]),
    "text": ("str", LITERALS["text"], NEW["text"]),
    "numbers": ("'tuple'", ["(1.0, -2.5)", "( 3.0,\n  # three, four\n  4.0 )"], NEW["numbers"]),
    "list": (
        *("list", ["[1.5 ,2.5]", "[1.5, (2.0)]", "[ 3.0,\n  # [(\n  4.0, # ä\n  ]", "[7.5]"]),
        st.lists(st.floats(-1e6, 1e6).map(tidy), min_size=1, max_size=5).map(tuple),
    ),
    "texts": (
        *("'list[str]'", ["['ä' , \"b\"]", "[r'x']", "[('a'), 'b',\n]"]),
        st.lists(NEW["text"], min_size=1, max_size=5).map(tuple),
    ),
    "member": ("Größe", ["Größe.KLEIN", "Größe . MITTEL"], st.sampled_from(["KLEIN", "MITTEL", "GROSS"])),
    "literal": ("Literal['a', 'ü']", ["'a'", '"ü"'], st.sampled_from(["a", "ü"])),
}
BEFORE = '\ufeff# "Ü" 🛠\nclass Größe(Enum):\n    KLEIN = 1\n    MITTEL = "m"\n    GROSS = 3\n\n'
HOMES = {
    "class": ("@dataclass\nclass Ä:\n", "    n_{n}: {type} = ", "  # n_{n}, µm\n", "x = Ä()\n"),
    "namespace": ("class Ä:\n", "    n_{n} =\t", "\n", ""),
    "field": ("@dataclass\nclass Ä:\n", "    n_{n}: {type} = field(default_factory=lambda: ", ")  # ш\n", ""),
    "function": ("def Ä(\n", "    n_{n}: {type} = ", ",  # [see ш]\n", "):\n    pass\nÄ()\n"),
    "call": ("def Ä(**k): pass\nÄ = dict(", "\n  n_{n} = ", ",", ")\n"),
    "dict": ("Ä = {\n", "    'n_{n}' : ", ",  # é\n", "}\nf(**Ä)\n"),
    "init": ("class Ä:\n    def __init__(self):\n", "        self.n_{n} = ", " # é\n", ""),
}


@st.composite
def homes(draw):
    """Fixed pieces and, between each two, a literal in a home: (pieces, literals, kinds, name of the home)."""
    opening, before, after, closing = HOMES[draw(st.sampled_from(sorted(HOMES)))]
    if "Ä = dict" in opening:
        opening = "Ä = dict("
    pieces, literals, kinds = [BEFORE + opening], [], []
    end = draw(st.sampled_from(["\n", "\r\n"]))
    for number in range(draw(st.integers(1, 5))):
        kind = draw(st.sampled_from(sorted(KINDS)))
        if kind == "literal" and "{type}" not in before:
            kind = "text"
        pieces[-1] += before.format(n=number, type=KINDS[kind][0])
        literals.append(draw(st.sampled_from(KINDS[kind][1])).replace("\n", end))
        kinds.append(kind)
        pieces.append(after.format(n=number))
    pieces[-1] += closing
    return [piece.replace("\n", end) for piece in pieces], literals, kinds


@settings(max_examples=200, deadline=None)
@given(homes(), st.data())
def test_what_belongs_to_something_is_set_and_every_other_byte_stays(script, data):
    pieces, literals, kinds = script
    source = "".join(a + b for a, b in zip(pieces, [*literals, ""], strict=True))
    before = {each.name: each.default for each in read_parameters(source)}
    assert len(before) == len(kinds), source
    chosen = data.draw(st.sets(st.sampled_from(range(len(kinds)))))
    values = {f"Ä.n_{at}": data.draw(KINDS[kinds[at]][2]) for at in chosen}
    changed = rewrite(source, values)
    after = {each.name: each.default for each in read_parameters(changed)}
    assert after == before | values
    assert {n: _kinds(v) for n, v in after.items()} == {n: _kinds(v) for n, v in (before | values).items()}
    slots = ["(.*?)" if at in chosen else re.escape(text) for at, text in enumerate(literals)]
    pattern = "".join(re.escape(a) + b for a, b in zip(pieces, [*slots, ""], strict=True))
    assert re.fullmatch(pattern, changed, re.DOTALL)
    assert rewrite(source, before) == source
    assert {each.name: each.default for each in read_parameters(rewrite(changed, before))} == before


def _kinds(value: object) -> list[bool]:
    """Of each entry, whether it is a text and whether it is a boolean."""
    return [
        isinstance(each, kind) for each in (value if isinstance(value, tuple) else (value,)) for kind in (str, bool)
    ]


@pytest.mark.parametrize(
    ("literal", "value", "expected"),
    [
        ("[1.0, 2.5]", [1, 2.5, 3], "[1.0, 2.5, 3.0]"),
        ("[1.0, 2.5]", [4], "[4.0]"),
        ("[1, 2,  # two\n 3]", [1, 2], "[1, 2]"),
        ("[1,\n 2,\n]", [1, 2, 3], "[1,\n 2, 3,\n]"),
        ("[1, (2)]", [1, 2, 3], "[1, 2, 3]"),
        ("['a', \"b\"]", ["a", "b", 'c"'], "['a', \"b\", \"c\\\"\"]"),
        ("['a']", "x, \"y, z\"", "['x', 'y, z']"),
        ("Size . A", "B", "Size . B"),
        ("(Size.A)", "B", "(Size.B)"),
    ],
)  # fmt: skip
def test_lists_grow_and_shrink_and_members_are_named(literal, value, expected):
    source = "class Size(Enum):\n    A = 1\n    B = 2\nw = {}  # w\n"
    assert rewrite(source.format(literal), {"w": value}) == source.format(expected)
