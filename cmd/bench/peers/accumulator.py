"""Every scalar of every run through TensorBoard's EventAccumulator, into lists."""

import os
import sys

from tensorboard.backend.event_processing.event_accumulator import SCALARS, EventAccumulator

points = 0
for run in sorted(os.listdir(sys.argv[1])):
    accumulator = EventAccumulator(os.path.join(sys.argv[1], run), size_guidance={SCALARS: 0})
    accumulator.Reload()
    points += sum(len(accumulator.Scalars(tag)) for tag in accumulator.Tags()[SCALARS])
print(points, "points")
