"""Clearing away what can be made again."""

import os
import time

from houses import BOX, new_house, settle_in, start

from opendesign.actions.tidy import KEPT_SECONDS, tidy
from opendesign.records.design import design_by_id, parts_of


def test_only_old_files_that_no_build_is_called_go(tmp_path):
    house = new_house(tmp_path)
    (ada,) = settle_in(house, "ada")
    number = start(house, ada, "box", {"box.py": BOX})
    with house.reading() as work:
        (part,) = parts_of(work.session, [design_by_id(work.session, number)])[number]
    old, fresh = "aa" + "0" * 62, "aa" + "1" * 62
    for key in (part.build_key, old, fresh):
        house.shelf.put(key, {"step": b"s"})
    for key in (part.build_key, old):
        moment = time.time() - KEPT_SECONDS - 1
        os.utime(house.shelf.place(key), (moment, moment))
    assert tidy(house) == 1 and sorted(house.shelf.everything()) == sorted([part.build_key, fresh])
    assert tidy(house) == 0
    house.database.close()
