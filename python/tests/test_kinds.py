"""The tables of what is no scalar are those that the program writes as Parquet."""

import subprocess

import pyarrow as pa
import pyarrow.parquet as pq
import pytest
from conftest import LOGS

import tbexport
from tbexport._binary import binary
from tbexport._tables import TABLES

KINDS = [name for name in TABLES if name not in ("scalars", "hparams", "runs")]


@pytest.mark.parametrize("table", KINDS)
def test_table(tmp_path, table):
    """pyarrow, pandas and polars have the rows that the Parquet file has."""
    path = tmp_path / "x.parquet"
    command = [binary(), "parquet", LOGS / "kinds", "--table", table, "-o", path, "-q"]
    if table != "tags":
        command += ["--time", "timestamp"]
    assert subprocess.run(command, check=False).returncode in (0, 3)
    want = pq.read_table(path).to_pylist()
    assert want
    scan = getattr(tbexport, f"scan_{table}")(LOGS / "kinds", on_damage="ignore")
    assert repr(scan.to_arrow().to_pylist()) == repr(want)  # as NaN is not itself
    assert scan.to_polars().height == len(want)
    frame = getattr(tbexport, f"read_{table}")(LOGS / "kinds", on_damage="ignore")
    assert len(frame) == len(want)
    assert list(frame.columns) == [field.name for field in pa.table(scan).schema]


def test_pictures():
    """Pictures are opened where that is asked for."""
    frame = tbexport.read_images(LOGS / "kinds", on_damage="ignore", decode=True)
    opened = [image for image in frame["image"] if image is not None]
    assert len(opened) > 50
    good = frame[[image is not None for image in frame["image"]]]
    assert all(image.width == width for image, width in zip(good["image"], good["width"], strict=True))
