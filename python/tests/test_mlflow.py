"""Migrations, as objects."""

import os

import pytest
from conftest import LOGS

import tbexport


@pytest.fixture
def server():
    return os.environ["TBEXPORT_TEST_MLFLOW"]


def test_dry_run(sample):
    plan = tbexport.mlflow.migrate(sample, dry_run=True, experiment="e")
    assert plan.ok
    assert [run.outcome for run in plan.runs] == ["planned"] * 6
    df = tbexport.read_scalars(sample)
    assert {run.run: run.points for run in plan.runs} == df["run"].value_counts().to_dict()
    assert plan.json["totals"]["points"] == len(df)


@pytest.mark.long
def test_migrate_and_verify(server, sample):
    options = {"tracking_uri": server, "experiment": "python", "runs": ["torch/*"], "renames": {"^Loss/": "loss."}}
    first = tbexport.mlflow.migrate(sample, **options)
    assert (first.ok, first.server, first.experiment) == (True, server, "python")
    assert [(run.run, run.outcome, run.verified) for run in first.runs] == [
        ("torch/baseline", "created", True),
        ("torch/high-lr", "created", True),
    ]
    assert all(run.run_id and run.points_sent == run.points > 0 for run in first.runs)
    again = tbexport.mlflow.migrate(sample, **options)
    assert [(run.outcome, run.points_sent) for run in again.runs] == [("skipped", 0)] * 2
    verified = tbexport.mlflow.verify(sample, **options)
    assert verified.ok
    assert [run.outcome for run in verified.runs] == ["verified"] * 2
    with pytest.warns(tbexport.DamageWarning):
        differs = tbexport.mlflow.verify(sample, **{**options, "runs": None})
    assert not differs.ok
    assert {run.outcome for run in differs.runs} == {"verified", "missing"}


def test_errors(sample, monkeypatch):
    monkeypatch.delenv("MLFLOW_TRACKING_URI", raising=False)
    with pytest.raises(tbexport.UsageError):
        tbexport.mlflow.migrate(sample, experiment="e", long_params="no such")
    with pytest.raises(FileNotFoundError):
        tbexport.mlflow.migrate("no/such", dry_run=True)
    with pytest.raises(tbexport.Error):
        tbexport.mlflow.migrate(sample, tracking_uri="http://127.0.0.1:9", experiment="e", jobs=1)


def test_hparams_of_a_plan():
    plan = tbexport.mlflow.migrate(LOGS / "hparams" / "torch", dry_run=True)
    assert sum(run.params for run in plan.runs) > 0
