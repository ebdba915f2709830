"""Event files as tensorboardX writes them (see requirements-tensorboardx.txt)."""

import math

import common
import numpy as np
from tensorboardX import SummaryWriter

from common import clock, fresh


def writer(directory, later=0, **kw):
    """tensorboardX puts only the second and the host into a file name."""
    clock.reset(later)
    return SummaryWriter(directory, **kw)


def sample():
    rng = np.random.default_rng(4)
    w = writer(fresh("sample/tensorboardX/ppo"))
    for i in range(400):
        step = i * 2048  # counted in steps of the environment, as such programs do
        clock.tick(1.5 + rng.random())
        w.add_scalar("rollout/ep_rew_mean", 200 * (1 - math.exp(-i / 80)) + 5 * rng.standard_normal(), step)
        w.add_scalar("rollout/ep_len_mean", 200 * (1 - math.exp(-i / 90)), step)
        w.add_scalar("train/policy_gradient_loss", -0.01 + 0.004 * rng.standard_normal(), step)
        w.add_scalar("train/value_loss", 50 * math.exp(-i / 60) + rng.random(), step)
        w.add_scalar("train/approx_kl", abs(0.01 + 0.004 * rng.standard_normal()), step)
        w.add_scalar("time/fps", int(900 + 40 * rng.standard_normal()), step)
    w.close()


def odd():
    # Opens a run of its own for every curve, one directory deeper than torch.
    w = writer(fresh("odd/tensorboardX-add-scalars"))
    for step in range(20):
        clock.tick()
        w.add_scalars("loss", {"train": 1 / (step + 1), "val": 1.1 / (step + 1)}, step)
        w.add_scalar("lr", 0.1, step)
    w.close()

    # display_name and summary_description are put into the metadata of an old-style scalar.
    w = writer(fresh("odd/tensorboardX-display-name"))
    for step in range(5):
        clock.tick()
        w.add_scalar("loss", step / 8, step, display_name="Shown name", summary_description="**described**")
    w.close()

    w = writer(fresh("odd/tensorboardX-hparams"))
    for step in range(5):
        clock.tick()
        w.add_scalar("loss", 1 / (step + 1), step)
    w.add_hparams({"lr": 0.1, "layers": 3, "optimizer": "adam", "amsgrad": True}, {"hparam/accuracy": 0.9}, name="trial")
    w.close()

    rng = np.random.default_rng(5)
    w = writer(fresh("odd/kinds-tensorboardX"))
    for step in range(3):
        clock.tick()
        w.add_scalar("loss", 1 / (step + 1), step)
        w.add_text("note", f"step **{step}**", step)
        w.add_histogram("weights", rng.standard_normal(200), step)
        w.add_image("image", rng.integers(0, 255, (3, 4, 4), dtype=np.uint8), step)
        w.add_audio("audio", rng.uniform(-1, 1, 80).astype(np.float32), step, sample_rate=8000)
        w.add_pr_curve("pr", rng.integers(0, 2, 50), rng.random(50), step, num_thresholds=11)
    w.add_custom_scalars({"losses": {"loss": ["Multiline", ["loss"]]}})
    w.close()


def restarts():
    directory = fresh("restarts/tensorboardX-purge-step")
    for number, first in enumerate([0, 8, 5]):
        # The first writer passes purge_step as well: a START before any point.
        w = writer(directory, number * 100, purge_step=first)
        for step in range(first, first + 10):
            clock.tick()
            w.add_scalar("loss", number * 100 + step / 8, step)
        w.close()


if __name__ == "__main__":
    common.freeze()
    sample()
    odd()
    restarts()
