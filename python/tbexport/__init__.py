"""TensorBoard event files as data frames.

    import tbexport
    df = tbexport.read_scalars("logs")                      # pandas: run, tag, step, wall_time, value
    scan = tbexport.scan_scalars("logs", tags="loss/*")     # nothing is read yet
    polars.DataFrame(scan); pyarrow.table(scan); duckdb.sql("select run, min(value) from scan group by run")

There is a read function, which returns a pandas frame, and a scan function, which returns a Scan, for every table.
"""

from typing import TYPE_CHECKING, Any

from . import mlflow
from ._errors import DamageWarning, Error, NotFoundError, UsageError
from ._functions import *  # noqa: F403
from ._functions import __all__ as _functions
from ._ls import ls
from ._run import run
from ._scan import Scan

if TYPE_CHECKING:
    __version__: str

__all__ = [
    "DamageWarning",
    "Error",
    "NotFoundError",
    "Scan",
    "UsageError",
    "__version__",
    "ls",
    "mlflow",
    "run",
]
__all__ += _functions  # noqa: PLE0605, as it is a list


for _name in __all__:  # tracebacks and help say tbexport.Error
    if getattr(globals().get(_name), "__module__", "").startswith("tbexport._"):
        globals()[_name].__module__ = "tbexport"


def __getattr__(name: str) -> Any:
    """Look up the version when it is asked for, as that takes longer than all else here."""
    if name == "__version__":
        from importlib.metadata import version

        return version("tbexport")
    raise AttributeError(f"module {__name__!r} has no attribute {name!r}")
