"""Compares, value by value and in order, the scalars that tbexport exported with the oracle of scalars.py.

    check_scalars.py LOGDIR EXPORT.parquet [--restarts keep|step|session] [--min-points N]

Exit status: 0 the same, 1 different, 2 too few points to tell."""

import argparse
import sys

import scalars
from exports import Series, compare, finish, name_of, read_export


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("logdir")
    parser.add_argument("export")
    parser.add_argument("--restarts", choices=scalars.MODES, default="keep")
    parser.add_argument("--min-points", type=int, default=0, metavar="N", help="fail unless N points were compared")
    args = parser.parse_args()

    def note(text):
        print(f"oracle: {text}", file=sys.stderr)

    expected = {key: Series.of(points) for key, points in scalars.read_logdir(args.logdir, args.restarts, note).items()}
    got, wrong = read_export(args.export)
    differences, points = compare(expected, got) if not wrong or got else ({}, 0)
    wrong += [f"{name_of(key)}: {text}" for key, text in differences.items()]
    summary = f"{len({run for run, _ in expected})} runs, {len(expected)} series, {points} points, --restarts {args.restarts}"
    return finish(wrong, points, sum(map(len, expected.values())), args.min_points, summary)


if __name__ == "__main__":
    sys.exit(main())
