"""The command tbexport: the program, with the arguments as they are."""

import os
import subprocess
import sys

from ._binary import binary
from ._errors import Error


def main() -> None:
    """Become the program; on Windows, which knows no such thing, run it."""
    try:
        path = binary()
        if sys.platform == "win32":
            sys.exit(subprocess.call([path, *sys.argv[1:]]))
        os.execv(path, ["tbexport", *sys.argv[1:]])
    except (Error, OSError) as error:
        sys.exit(f"tbexport: error: {error}")


if __name__ == "__main__":
    main()
