"""The notebook, and the Python of the documents, run as they stand."""

import re
import subprocess
import sys

import nbformat
import pytest
from conftest import LOGS, ROOT
from nbclient import NotebookClient

import tbexport

NOTEBOOKS = sorted((ROOT / "python" / "examples").glob("*.ipynb"))
DOCUMENTS = [ROOT / "README.md", ROOT / "docs" / "python.md"]


@pytest.mark.parametrize("path", NOTEBOOKS, ids=lambda path: path.name)
def test_notebook(path, tmp_path, monkeypatch):
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path))
    notebook = nbformat.read(path, as_version=4)
    nbformat.validate(notebook)
    code = [cell for cell in notebook.cells if cell.cell_type == "code"]
    assert not [cell for cell in code if cell.outputs or cell.execution_count], "outputs are to be stripped"
    NotebookClient(notebook, timeout=120, resources={"metadata": {"path": str(path.parent)}}).execute()
    outputs = [output for cell in code for output in cell.outputs]
    assert not [output for output in outputs if output.output_type == "stream" and output.name == "stderr"]
    assert len([output for output in outputs if "image/png" in output.get("data", {})]) >= 2


def test_there_is_a_notebook():
    assert NOTEBOOKS


@pytest.mark.parametrize("document", DOCUMENTS, ids=lambda path: path.name)
def test_python_of_document(document, tmp_path, monkeypatch):
    """All Python blocks of a document, one after the other, beside logs and what its shell lines made of them."""
    text = document.read_text(encoding="utf-8")
    blocks = re.findall(r"^```python\n(.*?)^```", text, re.MULTILINE | re.DOTALL)
    assert blocks
    (tmp_path / "logs").symlink_to(LOGS / "sample")
    monkeypatch.chdir(tmp_path)
    tbexport.run("parquet", "logs", "-o", "scalars/", "--partition-by", "run")
    tbexport.run("parquet", "logs", "-o", "scalars.parquet")
    for table in ("images", "histograms"):
        tbexport.run("parquet", "logs", "--table", table, "-o", f"{table}.parquet")
    monkeypatch.setenv("HF_HUB_OFFLINE", "1")
    monkeypatch.setenv("HF_HOME", str(tmp_path / "hf"))
    script = "\n".join(f"# block {i}\n{block}" for i, block in enumerate(blocks))
    done = subprocess.run([sys.executable, "-c", script], cwd=tmp_path, capture_output=True, text=True)
    assert done.returncode == 0, done.stderr
