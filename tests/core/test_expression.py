"""Expressions are worked out as Python would, without running anything."""

import ast
import math

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.expression import evaluate, is_arithmetic, names_in

KNOWN = {"a": 3, "b": 2.5, "c": True, "s": "snap", "P.w": 10, "L": (1, 2, 3)}


@pytest.mark.parametrize(
    ("expression", "value"),
    [
        ("a * b - 1", 6.5),
        ("-(a + 1) // 2 % 5", 3),
        ("a ** 2", 9),
        ("a ** -1", 0.333333333333),
        ("max(a, b, 7) + min(L) + abs(-2) + round(2.567, 1)", 12.6),
        ("math.sqrt(a * 3) * math.pi", 9.42477796077),
        ("sqrt(16) + radians(180)", 7.14159265359),
        ("P['w'] / 4", 2.5),
        ("P.w if s == 'snap' and not a > 5 else 0", 10),
        ("(a, b)", (3, 2.5)),
        ("L[0] + L[-1]", 4),
        ("sum(L) + len(L)", 9),
        ("1 < a < 5 <= 5", True),
        ("int(b)", 2),
        ("a + missing", None),
        ("a / 0", None),
        ("9 ** 9 ** 9", None),
        ("10 ** 10", None),
        ("(-8) ** 0.5", None),
        ("s * 3", None),
        ("L + L", None),
        ("L * 1000000000", None),
        ("L[7]", None),
        ("a(", None),
        ("__import__('os')", None),
        ("s.__class__", None),
        ("(lambda: a)()", None),
        ("[a for a in L]", None),
        ("1e308 * 10", None),
    ],
)
def test_values_are_those_of_python_or_none(expression, value):
    found = evaluate(expression, KNOWN)
    assert found == value and isinstance(found, bool) == isinstance(value, bool)


OTHER = ["f(a)", "a.b()", "[x for x in L]", "a @ b", "a | b", "~a", "lambda: a", "f'{a}'", "max(a, key=b)", "a[1:2]"]


@pytest.mark.parametrize("source", [*OTHER, "None", "a < b < f()", "Literal['a', 'b']", "a in L", "a is b", "b'x'"])
def test_other_code_is_no_arithmetic(source):
    assert not is_arithmetic(ast.parse(source, mode="eval").body)


def test_names_are_those_read():
    assert names_in("max(a, P['w']) * math.pi + L[n]") == {"a", "P.w", "L", "n"}
    assert names_in("not python (") == frozenset()


NUMBERS = st.integers(-1000, 1000) | st.floats(-1000, 1000, allow_nan=False)
TREES = st.recursive(
    st.sampled_from(["a", "b"]) | NUMBERS.map(lambda number: f"({number!r})"),
    lambda inner: st.tuples(inner, st.sampled_from([" + ", " - ", " * ", " / ", " // ", " % "]), inner).map(
        lambda parts: f"({''.join(parts)})"
    ),
    max_leaves=8,
)


@given(TREES, NUMBERS, NUMBERS)
def test_arithmetic_agrees_with_python(expression, a, b):
    try:
        expected = eval(expression, {"__builtins__": {}}, {"a": a, "b": b})
    except ArithmeticError:
        expected = None
    found = evaluate(expression, {"a": a, "b": b})
    if expected is None or not math.isfinite(expected) or abs(expected) > 1e9 or len(expression) > 200:
        assert found is None
    else:
        assert found is not None and math.isclose(found, expected, rel_tol=1e-9, abs_tol=1e-300)
