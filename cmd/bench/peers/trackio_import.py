"""Trackio's own importer, into a new project of a directory."""

import os
import sys

os.environ["TRACKIO_DIR"] = sys.argv[2]
os.environ["HF_HUB_OFFLINE"] = "1"

import trackio

trackio.import_tf_events(sys.argv[1], project="p")
