"""News: one sentence and one place for what somebody did, wherever it is told."""

from opendesign.core.news import ADOPTED, EVENTS, News


def test_news_of_a_proposal_leads_to_it():
    news = News("merged", "Ada", "Louder", "ada/case", 3)
    assert news.sentence() == "Ada has merged “Louder” into ada/case (proposal 3)."
    assert news.place == "/ada/case/proposals/3"


def test_what_was_taken_is_counted_and_leads_to_the_last_of_it():
    one = News(ADOPTED, "Bob", "A stop", "bob/case", source="ada/case", sha="1a2b")
    several = News(ADOPTED, "Bob", "A stop", "bob/case", source="ada/case", sha="1a2b", commits=3)
    assert one.sentence() == "Bob has taken “A stop” from ada/case into bob/case."
    assert several.sentence().endswith("into bob/case, the last of them “A stop” (commits: 3).")
    assert one.place == several.place == "/bob/case/revisions/1a2b"


def test_who_is_gone_and_what_has_no_words_are_told_in_the_readers_language():
    assert News("opened", "", " \n", "ada/case", 1).sentence().startswith("Somebody proposes “(no words)”")
    said = []
    for kind in [*EVENTS, ADOPTED]:
        News(kind, "", "", "ada/case").sentence(lambda words: said.append(words) or words)
    assert said.count("Somebody") == said.count("(no words)") == len(EVENTS) + 1
