"""The code is clean by ruff and mypy, and typed for those who use it."""

import subprocess
import sys

import pytest
from conftest import ROOT


@pytest.mark.parametrize(
    "tool",
    [
        ["ruff", "check", "--no-cache", "python"],
        ["ruff", "format", "--no-cache", "--check", "python"],
        ["mypy", "--no-incremental"],
    ],
    ids=" ".join,
)
def test_clean(tool):
    done = subprocess.run([sys.executable, "-m", *tool], cwd=ROOT, capture_output=True, text=True)
    assert done.returncode == 0, done.stdout + done.stderr


def test_types_of_a_user(tmp_path):
    """What a user's type checker makes of the functions."""
    (tmp_path / "user.py").write_text(
        "import tbexport\n"
        "reveal_type(tbexport.read_scalars('logs', tags=['a'], steps=(1, None)))\n"
        "reveal_type(tbexport.scan_runs('logs', filter='points > 1').report)\n"
        "reveal_type(tbexport.mlflow.migrate('logs').runs[0].outcome)\n"
        "reveal_type(tbexport.__version__)\n"
        "tbexport.read_scalars('logs', restarts='never')\n"
    )
    done = subprocess.run(
        [sys.executable, "-m", "mypy", "--strict", "--no-incremental", "--config-file=", "user.py"],
        cwd=tmp_path, capture_output=True, text=True,
    )  # fmt: skip
    lines = [line.split(":", 2)[2].strip() for line in done.stdout.splitlines() if line.startswith("user.py")]
    assert [line for line in lines if line.startswith("note: Revealed")] == [
        'note: Revealed type is "pandas.core.frame.DataFrame"',
        'note: Revealed type is "dict[str, Any] | None"',
        'note: Revealed type is "str"',
        'note: Revealed type is "str"',
    ], done.stdout + done.stderr
    assert [line for line in lines if "error" in line and "restarts" in line], done.stdout
