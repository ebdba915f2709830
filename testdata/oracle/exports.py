"""Reads the scalars that tbexport exported, and compares them with what they should be."""

import sys

import numpy as np
import pyarrow
import pyarrow.parquet

COLUMNS = {"step": pyarrow.int64(), "wall_time": pyarrow.float64(), "value": pyarrow.float64()}


class Series:
    """The points of one run and tag, as three arrays."""

    def __init__(self, step, wall_time, value):
        self.step, self.wall_time, self.value = step, wall_time, value

    def __len__(self):
        return len(self.step)

    @staticmethod
    def of(points):
        """From [(step, wall_time, value)]."""
        step, wall_time, value = zip(*points) if points else ((), (), ())
        return Series(np.array(step, np.int64), np.array(wall_time, np.float64), np.array(value, np.float64))

    def point(self, i):
        return f"step {self.step[i]}, wall_time {self.wall_time[i].item()!r}, value {self.value[i].item()!r}"


def same_floats(a, b):
    """Bit for bit, so that 0.0 is not -0.0; but one NaN is as good as another."""
    return (a.view(np.int64) == b.view(np.int64)) | (np.isnan(a) & np.isnan(b))


def read_export(path):
    """({(run, tag): Series}, [what is wrong with the table's form])."""
    table = pyarrow.parquet.read_table(path)
    wrong = []
    for name, kind in COLUMNS.items():
        if table.schema.field(name).type != kind:
            wrong.append(f"column {name} is {table.schema.field(name).type}, not {kind}")
    for name in ("run", "tag", *COLUMNS):
        if table.column(name).null_count:
            wrong.append(f"column {name} has {table.column(name).null_count} nulls")
    if wrong or not len(table):
        return {}, wrong

    def codes(name):
        """A column of strings as (index of each row, the strings)."""
        column = table.column(name)
        if pyarrow.types.is_dictionary(column.type):
            column = column.cast(column.type.value_type)
        column = column.combine_chunks().dictionary_encode()
        return column.indices.to_numpy(), column.dictionary.to_pylist()

    run, runs = codes("run")
    tag, tags = codes("tag")
    step, wall_time, value = (table.column(name).to_numpy() for name in COLUMNS)
    begins = np.flatnonzero(np.concatenate([[True], (run[1:] != run[:-1]) | (tag[1:] != tag[:-1])]))
    out, done, previous = {}, set(), None
    for first, end in zip(begins, [*begins[1:], len(run)]):
        key = runs[run[first]], tags[tag[first]]
        if key[0] != previous and key[0] in done:
            wrong.append(f"run {key[0]!r} stands in several places")
        if previous is not None:
            done.add(previous)
        previous = key[0]
        if key in out:
            wrong.append(f"{name_of(key)} stands in several places")
            continue
        out[key] = Series(step[first:end], wall_time[first:end], value[first:end])
    return out, wrong


def name_of(key):
    return f"run {key[0]!r} tag {key[1]!r}"


def difference(expected, got):
    """The first difference of two Series in words, or None."""
    n = min(len(expected), len(got))
    differs = ~((expected.step[:n] == got.step[:n]) & same_floats(expected.wall_time[:n], got.wall_time[:n])
                & same_floats(expected.value[:n], got.value[:n]))
    if differs.any():
        i = int(differs.argmax())
        return f"point {i}: expected {expected.point(i)}; got {got.point(i)}"
    if len(expected) != len(got):
        longer, word = (expected, "missing") if len(expected) > n else (got, "too many")
        return f"expected {len(expected)} points, got {len(got)}; the first one {word} is {longer.point(n)}"
    return None


def compare(expected, got):
    """({key: difference in words}, number of points in series that are the same), over {key: Series}."""
    wrong, points = {}, 0
    for key in sorted(expected.keys() | got.keys()):
        if key not in got:
            wrong[key] = f"missing, expected {len(expected[key])} points"
        elif key not in expected:
            wrong[key] = f"not expected, got {len(got[key])} points"
        else:
            text = difference(expected[key], got[key])
            if text:
                wrong[key] = text
            else:
                points += len(expected[key])
    return wrong, points


def finish(wrong, points, expected_points, min_points, summary):
    """Prints the verdict and returns the exit status: 0 same, 1 different, 2 too little was compared to say so."""
    for text in wrong[:10]:
        print(text, file=sys.stderr)
    if wrong:
        print(f"DIFFERENT in {len(wrong)} places: {summary}")
        return 1
    if points < min_points or (points == 0 and expected_points > 0):
        print(f"TOO LITTLE compared (at least {max(min_points, 1)} points wanted): {summary}")
        return 2
    print(f"same: {summary}")
    return 0
