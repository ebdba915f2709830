"""Measures `tbexport mlflow` against two others on one MLflow server, in turn: a sender that does nothing but post the same
points, ready-made, by calls of 1,000; and the loop of mlflow.log_metric that people write.

    MLFLOW_TRACKING_URI=http://127.0.0.1:5000 mlflow_speed.py TBEXPORT [--rounds 3] [--jobs 4] [--steps 2000]

TBEXPORT is the program. Prints seconds, points/s and the ratio to the minimal sender, by round, and their medians."""

import argparse
import concurrent.futures
import http.client
import json
import os
import socket
import statistics
import subprocess
import tempfile
import time
import urllib.parse

import mlflow
from tensorboard.compat.proto import event_pb2
from tensorboard.summary.writer.record_writer import RecordWriter

RUNS, KEYS = 8, 10
BEGIN = 1_700_000_000
CALL = 1000  # points


def value(run, key, step):
    return float(run * 1000 + key) + step / 1024


def write_logdir(logdir, steps):
    for run in range(RUNS):
        os.makedirs(f"{logdir}/run-{run}")
        with open(f"{logdir}/run-{run}/events.out.tfevents.{BEGIN}.host", "wb") as f:
            writer = RecordWriter(f)
            for step in range(steps):
                event = event_pb2.Event(wall_time=BEGIN + step, step=step)
                for key in range(KEYS):
                    event.summary.value.add(tag=f"metric/{key}", simple_value=value(run, key, step))
                writer.write(event.SerializeToString())


class Connection(http.client.HTTPConnection):
    """Acknowledges at once: the server's workers send an answer in two parts, and wait 40 ms in between otherwise."""

    def post(self, path, body):
        self.request("POST", path, body, {"Content-Type": "application/json"})
        if hasattr(socket, "TCP_QUICKACK"):
            self.sock.setsockopt(socket.IPPROTO_TCP, socket.TCP_QUICKACK, 1)
        response = self.getresponse()
        answer = response.read()
        assert response.status == 200, answer
        return json.loads(answer)


class Minimal:
    """Posts what was made ready before."""

    def __init__(self, uri, jobs, steps):
        url = urllib.parse.urlsplit(uri)
        self.host, self.port, self.api = url.hostname, url.port, url.path.rstrip("/") + "/api/2.0/mlflow/"
        self.jobs = jobs
        self.metrics = []  # (run, JSON of the metrics of a call)
        for run in range(RUNS):
            points = [{"key": f"metric/{key}", "value": value(run, key, step), "timestamp": (BEGIN + step) * 1000, "step": step}
                      for key in range(KEYS) for step in range(steps)]
            for at in range(0, len(points), CALL):
                self.metrics.append((run, json.dumps(points[at:at + CALL], separators=(",", ":"))))

    def send(self, experiment):
        connection = Connection(self.host, self.port)
        create = {"experiment_id": experiment, "start_time": BEGIN * 1000}
        ids = [connection.post(self.api + "runs/create", json.dumps(create))["run"]["info"]["run_id"] for _ in range(RUNS)]
        bodies = [f'{{"run_id":"{ids[run]}","metrics":{text}}}' for run, text in self.metrics]
        with concurrent.futures.ThreadPoolExecutor(self.jobs) as threads:
            list(threads.map(self.send_some, [bodies[i::self.jobs] for i in range(self.jobs)]))

    def send_some(self, bodies):
        connection = Connection(self.host, self.port)
        for body in bodies:
            connection.post(self.api + "runs/log-batch", body)


def log_metric_loop(experiment, points):
    mlflow.set_experiment(experiment_id=experiment)
    with mlflow.start_run():
        begin = time.monotonic()
        for step in range(points):
            mlflow.log_metric("metric", value(0, 0, step), step=step)
        return time.monotonic() - begin


def main():
    parser = argparse.ArgumentParser(description=__doc__, formatter_class=argparse.RawDescriptionHelpFormatter)
    parser.add_argument("tbexport")
    parser.add_argument("--rounds", type=int, default=3)
    parser.add_argument("--jobs", type=int, default=4)
    parser.add_argument("--steps", type=int, default=2000)
    parser.add_argument("--loop", type=int, default=300, help="points of the log_metric loop")
    args = parser.parse_args()
    points, client = RUNS * KEYS * args.steps, mlflow.MlflowClient()
    minimal = Minimal(os.environ["MLFLOW_TRACKING_URI"], args.jobs, args.steps)
    times = {}
    with tempfile.TemporaryDirectory() as logdir:
        write_logdir(logdir, args.steps)

        def export(name, verify):
            command = [args.tbexport, "mlflow", logdir, "--experiment", name, "--jobs", str(args.jobs), "--verify", verify, "--quiet"]
            subprocess.run(command, check=True)
        work = {
            "minimal": lambda name: minimal.send(client.create_experiment(name)),
            "tbexport --verify none": lambda name: export(name, "none"),
            "tbexport": lambda name: export(name, "full"),
        }
        for n in range(args.rounds):
            for i in range(len(work)):
                name, do = list(work.items())[(i + n) % len(work)]
                begin = time.monotonic()
                do(f"{name} {n} {time.time_ns()}")
                times.setdefault(name, []).append(time.monotonic() - begin)
            loop = log_metric_loop(client.create_experiment(f"loop {n} {time.time_ns()}"), args.loop)
            times.setdefault("log_metric", []).append(loop * points / args.loop)  # as if of all points
            print(f"round {n + 1}: " + ", ".join(f"{name} {t[n]:.2f} s ({t[n] / times['minimal'][n]:.2f}x)" for name, t in times.items()),
                  flush=True)
    base = statistics.median(times["minimal"])
    for name, t in times.items():
        ratio = statistics.median(a / b for a, b in zip(t, times["minimal"]))
        print(f"{name}: median {statistics.median(t):.2f} s, {points / statistics.median(t):,.0f} points/s, {ratio:.2f}x the minimal sender's time")
    print(f"log_metric takes {statistics.median(a / b for a, b in zip(times['log_metric'], times['tbexport'])):.0f}x the time of tbexport, "
          f"{statistics.median(a / b for a, b in zip(times['log_metric'], times['tbexport --verify none'])):.0f}x without verification; "
          f"{points} points, minimal {points / base:,.0f}/s")


if __name__ == "__main__":
    main()
