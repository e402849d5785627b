"""Packing files while they are sent."""

import io
import zipfile
from datetime import UTC, datetime, timedelta, timezone

from opendesign.actions.zipping import zipped

WHEN = datetime(2026, 1, 2, 3, 4, 6, tzinfo=UTC)


def test_the_same_files_give_the_same_bytes_anywhere(tmp_path):
    place = tmp_path / "big"
    place.write_bytes(bytes(range(256)) * 4000)
    entries = {"a/x.step": b"solid" * 1000, "a/y.stl": place, "a/z.3mf": b"packed"}
    pieces = list(zipped(entries, WHEN))
    assert len(pieces) > 3
    there = WHEN.astimezone(timezone(timedelta(hours=-3)))
    assert b"".join(zipped(entries, there)) == b"".join(pieces)
    archive = zipfile.ZipFile(io.BytesIO(b"".join(pieces)))
    assert archive.testzip() is None and archive.read("a/y.stl") == place.read_bytes()
    assert {entry.date_time for entry in archive.infolist()} == {(2026, 1, 2, 3, 4, 6)}
    assert archive.getinfo("a/z.3mf").compress_type == zipfile.ZIP_STORED


def test_nothing_is_read_before_it_is_sent(tmp_path):
    stream = zipped({"a": b"1" * 100_000, "b": tmp_path / "missing"}, WHEN)
    assert next(stream).startswith(b"PK")


def test_times_before_zips_were_are_the_first_they_know():
    packed = b"".join(zipped({"a": b"1"}, datetime(1970, 1, 1, tzinfo=UTC)))
    assert zipfile.ZipFile(io.BytesIO(packed)).infolist()[0].date_time[0] == 1980
