"""The transport without a server: odd clients, and what happens when things go wrong on the way."""

import io

import pytest

from opendesign.core.errors import Conflict, Invalid, NotFound, TooLarge
from opendesign.git import command, transport
from opendesign.git.bodies import Body
from opendesign.git.limits import GitLimits
from opendesign.git.pktlines import FLUSH, line
from opendesign.git.pushing import Pusher
from opendesign.git.skeleton import VISIBLE, lines_of_refs

ANA = Pusher("Ana", "ana@example.org")
BANDS = b"report-status side-band-64k"


@pytest.fixture
def other(store, design, commit) -> tuple[str, bytes]:
    """A commit that only a copy of the design has, and the pack that brings it."""
    store.copy("1", "2")
    sha = commit("2", {"new.py": b"1"})
    words = ("pack-objects", "--stdout", "-q", "--revs", "--thin")
    return sha, command.run(store.path("2"), *words, feed=f"{sha}\n^{tip(store)}\n".encode())


def tip(store) -> str:
    return next(sha for sha, ref in lines_of_refs(store.path("1"), *VISIBLE) if ref == "refs/heads/main")


def push(store, new: str, pack: bytes, can: bytes, after=list, stream=None) -> transport.Answer:
    order = f"{tip(store)} {new} refs/heads/main\0".encode() + can
    body = stream or io.BytesIO(line(order) + FLUSH + pack)
    return transport.receive(store.path("1"), Body(body, False), ANA, after, ["refs/heads/main"])


def read(answer: transport.Answer) -> bytes:
    content = b"".join(answer)
    answer.close()
    return content


def test_a_client_without_bands_gets_a_bare_report(store, other):
    sha, pack = other
    assert read(push(store, sha, pack, b"report-status", lambda: ["hello"])) == (
        line(b"unpack ok\n") + line(b"ok refs/heads/main\n") + FLUSH
    )
    assert tip(store) == sha


def test_a_client_without_bands_reads_why_it_is_refused(store, other):
    said = read(push(store, "0" * 40, b"", b"report-status"))
    assert b"ng refs/heads/main it cannot be deleted, being the default branch or one with a rule" in said


def test_nothing_is_asked_by_an_empty_push(store, design):
    for content in (FLUSH, b""):
        answer = transport.receive(store.path("1"), Body(io.BytesIO(content or FLUSH), False), ANA, list)
        assert read(answer) == b""


@pytest.mark.parametrize("content", [b"", b"zzzz", b"0001", b"fffe" + b"x", line(b"nonsense\n") + FLUSH, b"00"])
def test_what_is_no_push_is_refused(store, design, content):
    with pytest.raises(Invalid):
        transport.receive(store.path("1"), Body(io.BytesIO(content), False), ANA, list)


def test_an_endless_list_of_refs_is_cut(store, design):
    class Endless:
        def read(self, size: int) -> bytes:
            order = line(f"{'0' * 40} {'1' * 40} refs/heads/x".encode())
            self.rest = getattr(self, "rest", b"") or order
            piece, self.rest = self.rest[:size], self.rest[size:]
            return piece

    with pytest.raises(TooLarge, match="OPENDESIGN_REQUEST_BYTES"):
        transport.receive(store.path("1"), Body(Endless(), False), ANA, list, limits=GitLimits(request_bytes=10_000))


def test_a_broken_pack_moves_nothing_and_calls_nobody(store, other):
    sha, pack = other
    before, called = tip(store), []
    for bad in (pack[:-30], pack[:-20] + bytes(20), b"", pack[:60]):
        said = read(push(store, sha, bad, BANDS, lambda: called.append(1) or []))
        assert b"ng refs/heads/main" in said and said.endswith(FLUSH)
    assert tip(store) == before and not called


def test_what_after_says_comes_before_the_end_and_its_refusal_is_told(store, other):
    sha, pack = other

    def after() -> list[str]:
        raise Conflict("The records could not be brought up to date.")

    said = read(push(store, sha, pack, BANDS, after))
    assert said.index(b"could not be brought") < said.index(b"ok refs/heads/main") and said.endswith(FLUSH)
    assert tip(store) == sha


def test_a_failure_of_ours_after_the_push_still_gives_the_report(store, other):
    sha, pack = other

    def after() -> list[str]:
        raise ZeroDivisionError

    answer = push(store, sha, pack, BANDS, after)
    said = b""
    with pytest.raises(ZeroDivisionError):
        for piece in answer:
            said += piece
    answer.close()
    assert b"ok refs/heads/main" in said and said.endswith(FLUSH)


def test_after_is_called_when_the_client_goes_before_reading_anything(store, other):
    sha, pack = other
    called = []
    answer = push(store, sha, pack, BANDS, lambda: called.append(1) or [])
    answer._feeder.join()
    answer.close()
    answer.close()
    assert called == [1] and tip(store) == sha
    with pytest.raises(StopIteration):
        next(answer)


def test_a_client_that_breaks_off_in_the_middle_moves_nothing(store, other):
    sha, pack = other
    before = tip(store)

    class Broken(io.BytesIO):
        def read(self, size: int = -1) -> bytes:
            piece = super().read(size)
            if not piece:
                raise ConnectionResetError
            return piece

    order = f"{before} {sha} refs/heads/main\0".encode() + BANDS
    answer = push(store, sha, b"", BANDS, stream=Broken(line(order) + FLUSH + pack[:-25]))
    answer.close()
    assert tip(store) == before
    assert not list((store.path("1") / "objects").glob("*incoming*"))


def test_protocol_words_are_checked(store, design):
    plain = transport.advertise(store.path("1"), "upload-pack", None)
    assert transport.advertise(store.path("1"), "upload-pack", "version=2; rm -rf /") == plain
    assert transport.advertise(store.path("1"), "upload-pack", "version=2").startswith(transport.V2)
    with pytest.raises(NotFound):
        transport.advertise(store.path("9"), "upload-pack", None)
