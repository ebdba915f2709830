"""tbparse's scalars, with run and wall time, to a Parquet file."""

import sys

from tbparse import SummaryReader

reader = SummaryReader(sys.argv[1], extra_columns={"dir_name", "wall_time"}, event_types={"scalars"})
reader.scalars.to_parquet(sys.argv[2])
print(len(reader.scalars), "points")
