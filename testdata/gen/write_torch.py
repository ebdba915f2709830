"""Event files as torch.utils.tensorboard writes them (see requirements-torch.txt)."""

import math

import common
import numpy as np
import tensorboard.summary.writer.event_file_writer as event_file_writer
import torch
from torch.utils.tensorboard import SummaryWriter

from common import clock, fresh


def writer(directory, number=0, **kw):
    """A SummaryWriter whose file is `number` seconds younger than the run's first. The counter that ends the
    file name is the process's own, so it is set back too."""
    clock.reset(number)
    event_file_writer._global_uid = event_file_writer.AtomicCounter(number)
    return SummaryWriter(directory, **kw)


def sample():
    def train(name, rate, steps, seed):
        rng = np.random.default_rng(seed)
        w = writer(fresh(f"sample/torch/{name}"))
        w.add_text("config", f"lr={rate}, batch_size=64", 0)
        weights = torch.from_numpy(rng.standard_normal(2000).astype(np.float32)) * 0.1
        for step in range(steps):
            clock.tick(0.4 + rng.random() / 10)
            now = rate * 0.5 * (1 + math.cos(math.pi * step / steps))
            loss = 2.3 * math.exp(-step / 120) + 0.2 + 0.05 * rng.standard_normal()
            if rate > 0.01:  # too high: the loss grows after a while
                loss += max(0, step - 150) ** 1.5 / 400
            w.add_scalar("Loss/train", loss, step)
            w.add_scalar("lr", now, step)
            if step % 25 == 24:
                w.add_scalar("Loss/val", loss + 0.1 + 0.02 * rng.standard_normal(), step)
                w.add_scalar("accuracy", max(0.1, 1 - loss / 2.6), step)
            if step % 100 == 99:
                weights += 0.01 * step / steps
                w.add_histogram("fc.weight", weights, step, bins="fd")
        picture = rng.integers(0, 255, (3, 16, 16), dtype=np.uint8)
        w.add_image("digits", picture, steps)
        w.close()

    train("baseline", 0.01, 600, seed=1)
    train("high-lr", 0.1, 300, seed=2)


def dtypes():
    w = writer(fresh("dtypes/torch"))
    for step in range(10):
        clock.tick()
        v = 0.1 * step
        w.add_scalar("old", v, step)
        w.add_scalar("new", v, step, new_style=True)
        w.add_scalar("new-double", v, step, new_style=True, double_precision=True)
        w.add_scalar("from-int64", 2**53 + step, step, new_style=True, double_precision=True)
        w.add_scalar("from-tensor", torch.tensor([v], dtype=torch.float16), step)
        w.add_scalar("from-numpy", np.float64(v), step)
    for step, v in enumerate([math.inf, -math.inf, math.nan, -0.0]):
        w.add_scalar("not-finite/old", v, step)
        w.add_scalar("not-finite/new", v, step, new_style=True)
        w.add_scalar("not-finite/double", v, step, new_style=True, double_precision=True)
    w.close()


def odd():
    w = writer(fresh("odd/torch-no-step"))
    for i in range(50):
        clock.tick()
        w.add_scalar("loss", 1 / (i + 1))
    w.close()

    # Opens a run of its own for every curve.
    w = writer(fresh("odd/torch-add-scalars"))
    for step in range(20):
        clock.tick()
        w.add_scalars("loss", {"train": 1 / (step + 1), "val": 1.1 / (step + 1)}, step)
        w.add_scalar("lr", 0.1, step)
    w.close()

    w = writer(fresh("odd/torch-hparams"))
    for step in range(5):
        clock.tick()
        w.add_scalar("loss", 1 / (step + 1), step)
    w.add_hparams({"lr": 0.1, "layers": 3, "optimizer": "adam", "amsgrad": True}, {"hparam/accuracy": 0.9},
                  run_name="trial")
    w.close()

    # Every other kind that torch writes. `half` is packed as float32 bits by torch.
    rng = np.random.default_rng(3)
    w = writer(fresh("odd/kinds-torch"))
    for step in range(3):
        clock.tick()
        w.add_scalar("loss", 1 / (step + 1), step)
        w.add_text("note", f"step **{step}**", step)
        w.add_histogram("weights", rng.standard_normal(200), step)
        w.add_image("image", rng.integers(0, 255, (3, 4, 4), dtype=np.uint8), step)
        w.add_images("images", rng.integers(0, 255, (2, 3, 4, 4), dtype=np.uint8), step)
        w.add_audio("audio", torch.from_numpy(rng.uniform(-1, 1, (1, 80)).astype(np.float32)), step, sample_rate=8000)
        w.add_pr_curve("pr", rng.integers(0, 2, 50), rng.random(50), step, num_thresholds=11)
        w.add_mesh("mesh", torch.from_numpy(rng.random((1, 4, 3)).astype(np.float32)), global_step=step)
        w.add_tensor("tensor/half", torch.tensor(0.5 + step, dtype=torch.half), step)
        w.add_tensor("tensor/float", torch.tensor(0.5 + step), step)
        w.add_tensor("tensor/vector", torch.tensor([1.0, 2.0]), step)
    w.add_custom_scalars({"losses": {"loss": ["Multiline", ["loss"]]}})
    w.add_graph(torch.nn.Linear(2, 1), torch.zeros(1, 2))
    w.close()


def restarts():
    # Written 0-29, resumed at 10 up to 24, resumed at 15 up to 29. `slow` is not written again.
    directory = fresh("restarts/torch-purge-step")
    w = writer(directory, 0)
    for step in range(30):
        clock.tick()
        w.add_scalar("loss", step / 8, step)
        w.add_scalar("tensor", step / 8, step, new_style=True)
        w.add_scalar("slow", step / 2, step)
    w.close()
    for number, (first, last) in enumerate([(10, 25), (15, 30)], 1):
        w = writer(directory, number * 100, purge_step=first)
        for step in range(first, last):
            clock.tick()
            w.add_scalar("loss", number * 100 + step / 8, step)
            w.add_scalar("tensor", number * 100 + step / 8, step, new_style=True)
        w.close()

    # Resumed without purge_step, so no START says so.
    directory = fresh("restarts/torch-no-purge-step")
    for number, first in enumerate([0, 12, 6]):
        w = writer(directory, number * 100)
        for step in range(first, first + 16):
            clock.tick()
            w.add_scalar("loss", number * 100 + step / 8, step)
        w.close()


if __name__ == "__main__":
    common.freeze()
    torch.manual_seed(0)
    sample()
    dtypes()
    odd()
    restarts()
