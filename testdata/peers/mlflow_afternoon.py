"""What a person does of an afternoon to runs that `tbexport mlflow` made, with MLflow's own client.

    mlflow_afternoon.py do|check EXPERIMENT

"do" works on the run that was the directory a, and deletes the one that was b. "check" exits with 0 if all of that is as
it was left, and 1 if not. The server is that of MLFLOW_TRACKING_URI."""

import sys

from mlflow import MlflowClient
from mlflow.entities import ViewType

client = MlflowClient()


def runs(experiment):
    experiment = client.get_experiment_by_name(experiment)
    found = client.search_runs([experiment.experiment_id], run_view_type=ViewType.ALL)
    return {run.data.tags["tbexport.run"]: run for run in found if "tbexport.run" in run.data.tags}


def do(experiment):
    found = runs(experiment)
    run = found["a"].info.run_id
    client.update_run(run, name="the best one")
    client.set_tag(run, "mlflow.note.content", found["a"].data.tags["mlflow.note.content"] + "\nSee the wiki.")
    client.set_tag(run, "mlflow.user", "somebody")
    client.set_tag(run, "team", "vision")
    client.log_metric(run, "test_accuracy", 0.5, step=1)
    client.log_metric(run, "loss", 0.25, step=100000)
    client.log_param(run, "dataset", "second")
    client.log_text(run, "seen", "notes/seen.txt")
    client.delete_run(found["b"].info.run_id)


def check(experiment):
    found = runs(experiment)
    run = found["a"]
    tags = run.data.tags
    artifacts = [f.path for f in client.list_artifacts(run.info.run_id, "notes")]
    loss = {m.step: m.value for m in client.get_metric_history(run.info.run_id, "loss")}
    wrong = [what for what, right in {
        "name": run.info.run_name == "the best one",
        "description": tags["mlflow.note.content"].endswith("\nSee the wiki."),
        "user": tags["mlflow.user"] == "somebody",
        "tag": tags["team"] == "vision",
        "metric": run.data.metrics["test_accuracy"] == 0.5,
        "point": loss[100000] == 0.25,
        "param": run.data.params["dataset"] == "second",
        "artifact": artifacts == ["notes/seen.txt"],
        "deleted": found["b"].info.lifecycle_stage == "deleted",
        "state": tags["tbexport.state"] == "complete",
    }.items() if not right]
    print("not as it was left: " + ", ".join(wrong) if wrong else f"all is as it was left, with {len(loss)} losses")
    return bool(wrong)


if __name__ == "__main__":
    sys.exit({"do": do, "check": check}[sys.argv[1]](sys.argv[2]))
