"""A text that is called as another, with a language, is a translation of that."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from opendesign.core.lineage.translation import LEAST, MOST, hours, translations

TEXTS = {"README.md", "docs/guide.md", "guide.rst", "box.py"}


@pytest.mark.parametrize(
    "path",
    ["README.pt-BR.md", "README_fr.md", "README-pt-br.md", "docs/fr/guide.md", "pt_BR/README.md", "guide.zh-Hant.rst"],
)
def test_a_language_in_the_name_or_as_a_folder_tells_a_translation(path):
    assert translations({*TEXTS, path}) == {path}


@pytest.mark.parametrize(
    "path", ["README.v2.md", "README.xx.md", "manual.fr.md", "docs/fr/other.md", "box.fr.py", "fr.md"]
)
def test_what_has_no_original_or_no_language_is_none(path):
    assert translations({*TEXTS, path}) == set()


@given(st.integers(0, 10**6), st.integers(0, 10**6))
def test_more_words_never_count_less_and_few_nothing(one, other):
    assert hours(min(one, other)) <= hours(max(one, other)) <= MOST and hours(LEAST - 1) == 0 < hours(LEAST)
