"""What is remembered: the answers asked for lately, no more than may be, whoever else asks at the same time."""

from concurrent.futures import ThreadPoolExecutor

from opendesign.core.remembered import Remembered


def test_those_asked_for_least_lately_go():
    known = Remembered[str, int](2)
    known.keep("a", 0), known.keep("b", 1)
    assert known.get("a") == 0, "an answer that is nothing is one"
    known.keep("c", 2)
    assert [known.get(name) for name in "abc"] == [0, None, 2]


def test_what_is_remembered_is_not_found_out_again():
    known, asked = Remembered[str, int](2), []
    assert [known.find("a", lambda: asked.append("a") or 7) for _ in range(3)] == [7, 7, 7] and asked == ["a"]
    known.forget(lambda name: name == "b")
    assert known.get("a") == 7
    known.forget()
    assert known.get("a") is None


def test_answers_count_by_their_weight():
    known = Remembered[str, list](5, weigh=len)
    for name, length in (("a", 2), ("b", 2), ("a", 3), ("c", 1)):
        known.keep(name, [0] * length)
    assert [name for name in "abc" if known.get(name)] == ["a", "c"]
    known.keep("d", [0] * 6)
    assert [name for name in "abcd" if known.get(name)] == []


def test_threads_keep_and_forget_side_by_side():
    known = Remembered[int, int](50)

    def use(start: int) -> bool:
        for number in range(start, start + 3000):
            known.keep(number % 97, number)
            known.get((number * 7) % 97)
            if number % 50 == 0:
                known.forget(lambda name: name % 2 == 0)
        return True

    with ThreadPoolExecutor(8) as pool:
        assert all(pool.map(use, range(8)))
    held = [number for number in range(97) if known.get(number) is not None]
    assert 0 < len(held) <= 50 and known._weight == len(held)
