"""tb-like's conversion of all runs of a folder, as its command "tblike scan" does it."""

import sys

from tblike.watcher import Watcher

result = Watcher(sys.argv[1], sys.argv[2]).scan_once()
if result["errors"]:
    sys.exit(str(result))
