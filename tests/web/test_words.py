"""The words of the pages: each one is in every catalogue, translated, and shown to who asks for that language."""

import re
from collections.abc import Iterator
from pathlib import Path

import pytest
from babel.messages.catalog import Catalog, Message
from babel.messages.extract import DEFAULT_KEYWORDS, extract_from_dir
from babel.messages.frontend import parse_mapping_cfg
from babel.messages.pofile import read_po

from opendesign.core.language import CATALOGUES, NAMES

ROOT = Path(__file__).parent.parent.parent
KEYWORDS = {**DEFAULT_KEYWORDS, "Licence": (3,)}  # as `make words`: a licence's sentence is looked up by variable
LANGUAGES = [name for name in NAMES if name != "en"]
PLACE = re.compile(r"%\(\w+\)[a-z]|%%|\{\w+\}")
ENGLISH_TOO = 24  # letters up to which a word may be the same in two languages: Volume, commits, API, git …


def is_ours(folder: str) -> bool:
    """Leaves out what npm brought and what starts with a dot, but not templates/_macros."""
    return not Path(folder).name.startswith(".") and Path(folder).name != "node_modules"


@pytest.fixture(scope="module")
def said() -> Catalog:
    """Every word the pages say, as babel finds them in the source."""
    catalogue = Catalog()
    with (Path(CATALOGUES) / "babel.cfg").open() as file:
        mapping, options = parse_mapping_cfg(file)
    found = extract_from_dir(ROOT, mapping, options, KEYWORDS, directory_filter=is_ours)
    for path, line, words, _comments, context in found:
        catalogue.add(words, locations=[(path, line)], context=context)
    return catalogue


@pytest.fixture(scope="module", params=LANGUAGES)
def catalogue(request: pytest.FixtureRequest) -> Catalog:
    """One language's catalogue."""
    with (Path(CATALOGUES) / request.param / "LC_MESSAGES" / "messages.po").open("rb") as file:
        return read_po(file, locale=request.param, abort_invalid=True)


def forms(message: Message) -> list[tuple[str, str]]:
    """Returns (English, translation) of each plural form; the last English form stands for all above one."""
    if not message.pluralizable:
        return [(message.id, message.string)]
    last = len(message.id) - 1
    return [(message.id[min(number, last)], text) for number, text in enumerate(message.string)]


def pairs(catalogue: Catalog) -> Iterator[tuple[str, str]]:
    """Returns (English, translation) of everything in a catalogue."""
    return (pair for message in catalogue if message.id for pair in forms(message))


def test_the_source_is_read_where_words_are(said):
    places = {path for message in said for path, _line in message.locations}
    assert len(said) > 500
    assert {"templates/base.html", "templates/_macros/ui.html", "opendesign/web/refusals.py"} <= places
    assert "Anyone may use it if they keep the notice." in said


def test_every_word_is_translated_and_none_is_left_over(said, catalogue):
    wanted = {(message.context, message.id) for message in said if message.id}
    there = {(message.context, message.id) for message in catalogue if message.id}
    assert wanted == there, "run `make words` and translate"
    assert not [message.id for message in catalogue if message.id and message.fuzzy]
    assert not [english for english, text in pairs(catalogue) if not text.strip()]
    assert not [english for english, text in pairs(catalogue) if text == english and len(english) > ENGLISH_TOO]


def test_placeholders_and_plurals_match(catalogue):
    for message in catalogue:
        if message.id and message.pluralizable:
            assert len(message.string) == catalogue.num_plurals, message.id
    for english, text in pairs(catalogue):
        assert sorted(PLACE.findall(english)) == sorted(PLACE.findall(text)), english
        assert english.count("%") == text.count("%"), f"a bare % breaks the page: {text}"


def test_translations_are_text(catalogue):
    for english, text in pairs(catalogue):  # Jinja puts them into pages and attributes unescaped
        assert not set('<>&"') & set(text), text
        assert text.lstrip() == text and text[len(text.rstrip()) :] == english[len(english.rstrip()) :], text
        assert english.endswith("…") == text.endswith("…"), text


@pytest.mark.parametrize(
    ("asked", "tag", "words"),
    [
        ("pt-BR, en;q=0.5", "pt-BR", ("Explorar", "Ainda não há projetos", "Qualquer licença")),
        ("pt", "pt-BR", ("Explorar",)),
        ("fr-CA, fr;q=0.9", "fr", ("Explorer", "Pas encore de projets", "Toutes licences")),
        ("de, en;q=0.5", "en", ("Explore", "No designs yet", "Any licence")),
        ("de, ja", "en", ("Explore",)),
        ("", "en", ("Explore",)),
    ],
)
def test_the_front_page_speaks_the_browsers_language(stranger, asked, tag, words):
    page = stranger.get("/", headers={"Accept-Language": asked}).text
    assert f'<html lang="{tag}"' in page
    for word in words:
        assert word in page


def test_a_chosen_language_stays_whatever_the_browser_asks(site):
    browser = site.stranger()
    assert browser.post("/language", {"language": "pt_BR", "next": "/join"}).location == "/join"
    for address in ("/", "/join", "/enter"):
        assert '<html lang="pt-BR"' in browser.get(address, headers={"Accept-Language": "fr"}).text
    page = browser.get("/join").text
    assert '<option value="pt_BR" lang="pt-BR" selected>Português (Brasil)</option>' in page and "Senha" in page
    browser.post("/language", {"language": "xx"})
    assert '<html lang="pt-BR"' in browser.get("/").text
    browser.post("/language", {"language": "en"})
    assert '<html lang="en"' in browser.get("/", headers={"Accept-Language": "fr"}).text


def test_refusals_numbers_and_dates_follow_the_language(site):
    address = site.design("ada", "words", {"box.py": "x = 1\n" * 1200})
    browser = site.stranger()
    browser.post("/language", {"language": "fr"})
    assert "Il n’y a pas de page à cette adresse." in browser.get("/a/b/c/d/e").text
    page = browser.get(f"{address}/files/main/box.py").text
    assert "7,2<" in page and "1200 lignes" in page  # 7200 bytes
    assert re.search(r"\d{1,2} \w+\.? 20\d\d", browser.get(f"{address}/revisions").text)
