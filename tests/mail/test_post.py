"""The post: letters reach a real server, and nothing in an address or a log does harm."""

import logging

import pytest
from postbox import open_postbox

from opendesign.core.errors import Invalid
from opendesign.mail.post import Post, Unsent

pytestmark = pytest.mark.filterwarnings("ignore:Requiring AUTH")


@pytest.fixture(scope="module")
def box():
    with open_postbox() as made:
        yield made


def test_a_letter_reaches_a_server_that_asks_for_a_password(box):
    Post(box.url, "post@example.org").send("ada@example.org", "Olá, Ada", "A line.\n.\nhttps://example.org/é\n")
    letter = box.letters[-1]
    assert letter["X-To"] == letter["To"] == "ada@example.org"
    assert letter["From"].addresses[0].addr_spec == "post@example.org"
    assert letter["Subject"] == "Olá, Ada" and letter["Auto-Submitted"] == "auto-generated"
    assert letter.get_content().replace("\r\n", "\n") == "A line.\n.\nhttps://example.org/é\n"


def test_a_page_shows_its_images_and_the_text_stands_alone(box):
    page = '<p>Hello</p><img src="cid:one.png">'
    Post(box.url).send("ada@example.org", "Hello", "A line.\n", [("one.png", b"\x89PNG1")], page)
    letter = box.letters[-1]
    assert letter.get_content_type() == "multipart/alternative"
    assert letter.get_body(("plain",)).get_content().strip() == "A line."
    assert letter.get_body(("html",)).get_content().strip() == page
    (image,) = [each for each in letter.walk() if each.get_content_maintype() == "image"]
    assert (image["Content-ID"], image.get_content_disposition()) == ("<one.png>", "inline")
    assert image.get_content() == b"\x89PNG1"


def test_headers_of_its_own_stay_in_one_line_and_hold_no_other(box):
    link = f"<https://design.example/{'a' * 90}>"
    post = Post(box.url, "post@example.org")
    headers = {"List-Unsubscribe": link, "Message-ID": post.named("notice-1"), "References": post.named("x" * 70)}
    post.send("ada@example.org", "Hello", "x", headers=headers)
    letter = box.letters[-1]
    assert letter["List-Unsubscribe"] == link and letter.get_all("Message-ID") == ["<notice-1@example.org>"]
    assert letter["References"] == f"<{'x' * 70}@example.org>"
    with pytest.raises(Unsent):
        post.send("ada@example.org", "Hello", "x", headers={"List-Unsubscribe": "<x>\r\nBcc: mallory@example.org"})


@pytest.mark.parametrize(
    "to, subject",
    [
        ("ada@example.org\r\nBcc: mallory@example.org", "Hello"),
        ("ada@example.org\nSubject: Win", "Hello"),
        ("ada@example.org, mallory@example.org", "Hello"),
        ("ada@example.org", "Hello\r\nBcc: mallory@example.org"),
        ("ada@example.org", "Hello\n\nAnother body"),
        ("", "Hello"),
    ],
)
def test_nothing_in_an_address_or_subject_becomes_a_header(box, to, subject):
    before = len(box.letters)
    with pytest.raises(Unsent):
        Post(box.url).send(to, subject, "x")
    assert len(box.letters) == before


def test_what_goes_wrong_is_said_without_addresses_and_passwords(box, caplog):
    caplog.set_level(logging.DEBUG)
    box.refusing = 1
    wrong = f"smtp://od:not-this@127.0.0.1:{box.port}"
    for url in (box.url, wrong, "smtp://127.0.0.1:1", "smtps://od:secret-word@127.0.0.1:1"):
        with pytest.raises(Unsent) as told:
            Post(url).send("ada@example.org", "Hello", "the-link")
        assert told.value.__cause__ is None and told.value.__suppress_context__
        assert not any(word in str(told.value) for word in ("ada@", "not-this", "secret-word", "the-link"))
    ours = "".join(each.getMessage() for each in caplog.records if each.name != "mail.log")  # the server's own
    assert not any(word in ours for word in ("p@ss", "not-this", "secret-word", "the-link"))


def test_a_password_is_not_told_to_a_server_elsewhere_that_does_not_encrypt(box, monkeypatch):
    monkeypatch.setattr("opendesign.mail.post.HERE", ())
    with pytest.raises(Unsent, match="does not encrypt"):
        Post(box.url).send("ada@example.org", "Hello", "x")


def test_without_a_server_letters_are_in_the_log(caplog):
    caplog.set_level(logging.INFO)
    Post().send("ada@example.org", "Hello", "https://example.org/the-link")
    assert "ada@example.org" in caplog.text and "the-link" in caplog.text


@pytest.mark.parametrize(
    "url", ["http://od:hush@host", "smtp://", "smtp://od:hush@host:many", "smtp://od:hush@host/x?y"]
)
def test_a_wrong_url_is_refused_without_repeating_it(url):
    with pytest.raises(Invalid, match="mail_url") as told:
        Post(url)
    assert "hush" not in str(told.value)
