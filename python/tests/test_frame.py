"""A frame that is made batch by batch is the one that pyarrow makes of all batches."""

import numpy as np
import pandas as pd
import pyarrow as pa
import pytest

from tbexport._frame import frame

SCHEMA = pa.schema([
    pa.field("run", pa.dictionary(pa.int32(), pa.string())),
    pa.field("step", pa.int64(), False),
    pa.field("wall_time", pa.timestamp("us", "UTC")),
    pa.field("value", pa.float64()),
])  # fmt: skip


def batch(names, indices, steps, times, values):
    column = pa.DictionaryArray.from_arrays(pa.array(indices, pa.int32()), pa.array(names, pa.string()))
    return pa.RecordBatch.from_arrays(
        [column, pa.array(steps, pa.int64()), pa.array(times, SCHEMA.field(2).type), pa.array(values, pa.float64())],
        schema=SCHEMA,
    )


def many(names, rows, seed):
    """A batch with a dictionary of its own."""
    random = np.random.default_rng(seed)
    return batch(
        [f"name {seed % 3}/{i}" for i in range(names)],
        random.integers(0, names, rows),
        random.integers(-(1 << 62), 1 << 62, rows),
        random.integers(-(1 << 52), 1 << 52, rows),
        random.normal(size=rows),
    )


CASES = {
    "none": [],
    "empty": [batch([], [], [], [], [])],
    "one": [batch(["a"], [0], [1], [2], [3.0])],
    "nulls": [batch(["a", "b"], [None, 1, None], [1, 2, 3], [None, 5, None], [None, float("nan"), 1.0])],
    "names come, go and change places": [
        batch(["a", "b"], [0, 1], [0, 1], [0, 1], [0, 1]),
        batch(["a", "b"], [1, 1], [0, 1], [0, 1], [0, 1]),
        batch(["b", "c", "a"], [0, 1], [0, 1], [0, 1], [0, 1]),
        batch(["c"], [0, None], [0, 1], [0, 1], [0, 1]),
    ],
    "128 names": [many(100, 1000, 0), many(20, 10, 1), many(7, 1000, 2), many(1, 5, 0), many(128, 9, 1)],
    "40,000 names": [many(20_000, 50_000, seed) for seed in range(4)],
    "slices": [many(9, 100, 1).slice(17, 50), many(9, 100, 2).slice(99, 1), many(9, 100, 0).slice(3, 0)],
}


@pytest.mark.parametrize("case", CASES)
def test_same_as_pyarrow(case):
    made = frame(SCHEMA, iter(CASES[case]))
    expected = pa.Table.from_batches(CASES[case], SCHEMA).to_pandas()
    # pyarrow puts the names that no row has among the categories, too, and so do we.
    pd.testing.assert_frame_equal(made, expected, check_categorical=case not in ("none", "empty"))
    assert made["wall_time"].to_numpy().dtype == expected["wall_time"].to_numpy().dtype
    if len(made):
        made.loc[0, "step"] = 5
        assert made["step"][0] == 5


def test_equal_column_names():
    schema = pa.schema([pa.field("a", pa.float64()), pa.field("a", pa.float64())])
    rows = pa.RecordBatch.from_arrays([pa.array([1.0]), pa.array([2.0])], schema=schema)
    assert frame(schema, [rows]).to_numpy().tolist() == [[1.0, 2.0]]


def test_other_types():
    schema = pa.schema([pa.field("a", pa.list_(pa.float64())), pa.field("b", pa.int64())])
    rows = pa.RecordBatch.from_arrays([pa.array([[1.0], None]), pa.array([None, 1 << 60])], schema=schema)
    assert frame(schema, [rows])["a"][0].tolist() == [1.0]
