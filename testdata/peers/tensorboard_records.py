"""Counts the records that TensorBoard's own loader reads of every event file below a directory, and parses each.

    tensorboard_records.py DIR

Prints "RECORDS FILES". The loader that the web page uses reads every file to its end, too. The loader ends a file without a word at the first thing it does not like, so the count has to be
compared with what is there. A record that does not parse ends the program."""

import os
import sys

from tensorboard.backend.event_processing import event_file_loader


def main(directory):
    records = files = 0
    for parent, _, names in os.walk(directory):
        for name in names:
            path = os.path.join(parent, name)
            if "tfevents" not in name or os.path.getsize(path) == 0:
                continue
            files += 1
            records += sum(1 for _ in event_file_loader.LegacyEventFileLoader(path).Load())
            for _ in event_file_loader.EventFileLoader(path).Load():
                pass
    print(records, files)


main(sys.argv[1])
