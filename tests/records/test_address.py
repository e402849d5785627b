"""Authors are known by every address they have confirmed, and by no other."""

from houses import settle_in

from opendesign.records.address import addresses_of, authors_at, believe, prove
from opendesign.records.person import person_by_name


def names(work, *addresses: str) -> dict[str, str]:
    """Whose the addresses are."""
    return {address: person.name for address, person in authors_at(work.session, addresses).items()}


def test_an_author_is_known_by_earlier_addresses_and_in_capitals_or_not(house):
    settle_in(house, "ada")
    with house.writing() as work:
        ada = person_by_name(work.session, "ada")
        prove(work.session, ada, "Ada.Byron@lab.example")
        assert addresses_of(work.session, ada) == {"ada@example.org", "ada.byron@lab.example"}
        written = ("ADA@Example.org", "ada.byron@lab.example", "ada@users.noreply.opendesign.invalid")
        assert names(work, *written, "nobody@lab.example", "@", "") == dict.fromkeys(written, "ada")


def test_an_address_that_is_only_claimed_takes_no_commits(house):
    settle_in(house, "ada", "mallory")
    with house.writing() as work:
        mallory = person_by_name(work.session, "mallory")
        mallory.email, mallory.proven_at = "ada@lab.example", None
        work.session.flush()
        assert names(work, "ada@lab.example") == {}
        prove(work.session, person_by_name(work.session, "ada"), "ada.new@lab.example")
        prove(work.session, mallory, "ada@example.org")  # her address of before, which she gave up
        assert names(work, "ada@example.org", "ada.new@lab.example") == dict.fromkeys(
            ("ada@example.org", "ada.new@lab.example"), "ada"
        )


def test_an_address_that_is_believed_goes_to_whoever_confirms_it(house):
    settle_in(house, "ada", "mallory")
    with house.writing() as work:
        ada, mallory = (person_by_name(work.session, name) for name in ("ada", "mallory"))
        prove(work.session, ada, "ada.new@lab.example")
        for email in ("ada@example.org", "ada@lab.example"):
            mallory.email, mallory.proven_at = email, None
            believe(work.session, mallory)
        assert names(work, "ada@example.org", "ada@lab.example") == {
            "ada@example.org": "ada",
            "ada@lab.example": "mallory",
        }
        mallory.email = "mallory@example.org"
        prove(work.session, ada, "Ada@lab.example")
        assert names(work, "ada@lab.example") == {"ada@lab.example": "ada"}


def test_many_addresses_are_asked_at_once(house):
    settle_in(house, "ada")
    with house.reading() as work:
        many = [f"{number}@example.org" for number in range(1200)]
        assert names(work, *many, "ada@example.org") == {"ada@example.org": "ada"}
