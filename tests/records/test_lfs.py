"""Which designs have which large files, on both databases."""

from houses import BOX, settle_in, start

from opendesign.actions.fork import fork
from opendesign.core.lfs import Pointer
from opendesign.records.design import design_by_id
from opendesign.records.lfs import add_files, add_lock, had_by_any, large_files, spent_by, spent_on
from opendesign.records.person import person_by_name


def test_large_files_are_had_by_forks_and_counted_once(house):
    ada, bia = settle_in(house, "ada", "bia")
    case = start(house, ada, "case", {"box.py": BOX})
    with house.writing(ada) as work:
        design = design_by_id(work.session, case)
        add_files(work.session, design, [Pointer("a" * 64, 5 << 30), Pointer("b" * 64, 1)], True, work.person)
        assert add_files(work.session, design, [Pointer("a" * 64, 5 << 30)], True, work.person) == []
        assert add_lock(work.session, design, "box.step", work.person)
        assert add_lock(work.session, design, "box.step", work.person) is None
    with house.writing(bia) as work:
        copy = fork(work, design_by_id(work.session, case))
        add_files(work.session, copy, [Pointer("c" * 64, 7)], True, work.person)
        assert large_files(work.session, copy.id, ["a" * 64, "c" * 64]) == {"a" * 64: 5 << 30, "c" * 64: 7}
        owners = person_by_name(work.session, "ada"), person_by_name(work.session, "bia")
        assert [spent_by(work.session, each) for each in owners] == [(5 << 30) + 1, 7]
        assert spent_on(work.session, copy) == 7
        work.session.delete(design_by_id(work.session, case))
        work.session.flush()
        assert [spent_by(work.session, each) for each in owners] == [0, (5 << 30) + 8]
        assert had_by_any(work.session, ["a" * 64, "d" * 64]) == {"a" * 64}
