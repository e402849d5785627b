"""Whoever puts a text into another language is credited for care, and the one who wrote it for docs."""

from houses import BOX, settle_in, start

from opendesign.actions.share_credit import share_credit
from opendesign.actions.show_credit import show_credit
from opendesign.actions.sync import sync
from opendesign.git.commits import Signature
from opendesign.git.writing import write_files
from opendesign.records.design import design_by_id

BIA = Signature("Bia", "bia@example.org")
GUIDE = "# Guia\n\n" + "Imprima a tampa com a face para baixo e sem suportes.\n" * 50


def test_a_translated_guide_counts_as_care_and_not_as_docs(house):
    ada, _ = settle_in(house, "ada", "bia")
    case = start(house, ada, "case", {"box.py": BOX, "guide.md": "# Guide\n\nPrint the lid face down.\n"})
    with house.store.open(str(case)) as repository:
        tip = repository.refs()["refs/heads/main"]
        write_files(repository, "main", {"guide.pt-BR.md": GUIDE.encode()}, "Em português", BIA, tip)
    with house.writing() as work:
        sync(work, design_by_id(work.session, case))
    with house.reading() as work:
        design = design_by_id(work.session, case)
        credit = share_credit(work, design)
        events = {each.who: {event.pool: event for event in each.events} for each in credit.shares}
        assert set(events["ada"]) == {"design", "docs"} and set(events["bia"]) == {"care"}
        told = events["bia"]["care"]
        assert (told.kind, told.weight) == ("translation", 2)
        assert told.place == f"ada/case/files/{show_credit(work, design).sha}/guide.pt-BR.md"
        assert sum(each.ppm for each in credit.shares) == 1_000_000
