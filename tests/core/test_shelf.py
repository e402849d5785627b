"""What the URL of a bucket says."""

import pytest

from opendesign.core.errors import Invalid
from opendesign.core.settings import Settings
from opendesign.core.shelf import BucketAddress, read_bucket


@pytest.mark.parametrize(
    "url, address",
    [
        ("s3://made", BucketAddress("made")),
        ("s3://made/", BucketAddress("made")),
        ("s3://made/a/b/", BucketAddress("made", "a/b/")),
        ("s3://my.files?region=eu-west-3", BucketAddress("my.files", "", "", "eu-west-3")),
        (
            "s3://made/a?endpoint=http://127.0.0.1:9000&region=garage",
            BucketAddress("made", "a/", "http://127.0.0.1:9000", "garage"),
        ),
        ("s3://made?endpoint=https%3A%2F%2Fstore.example", BucketAddress("made", "", "https://store.example")),
    ],
)
def test_it_names_a_bucket_a_prefix_and_a_store(url, address):
    assert read_bucket(url) == address == Settings(shelf_url=url).bucket


@pytest.mark.parametrize(
    "url",
    [
        "s3://",
        "s3:///prefix",
        "s3://Made",
        "s3://made:9000/a",
        "s3://key:hush@made",
        "s3://made?endpoint=http://key:hush@store",
        "s3://made?endpoint=store:9000",
        "s3://made?endpoint=ftp://store",
        "s3://made?secret=hush",
        "s3://made?hush",
        "s3://made?endpoint=http://[hush",
        "s3://made#hush",
    ],
)
def test_anything_else_is_refused_and_not_repeated(url):
    with pytest.raises(Invalid, match="shelf_url") as refused:
        read_bucket(url)
    assert "hush" not in str(refused.value)


def test_a_folder_is_no_bucket(tmp_path):
    assert Settings(shelf_url=f"file://{tmp_path}").shelf == tmp_path == Settings(shelf_url=str(tmp_path)).shelf
    assert Settings().bucket is None
    with pytest.raises(Invalid, match=r"ftp://…"):
        _ = Settings(shelf_url="ftp://store/made").shelf
