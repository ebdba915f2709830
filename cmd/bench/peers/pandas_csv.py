"""pandas' to_csv of a Parquet file. Prints the seconds that to_csv took, without the reading."""

import sys
import time

import pandas

frame = pandas.read_parquet(sys.argv[1])
start = time.perf_counter()
frame.to_csv(sys.argv[2], index=False)
print(time.perf_counter() - start)
