"""hparams as torch.utils.tensorboard, tensorboardX and PyTorch Lightning write them (see requirements-hparams-torch.txt)."""

import os

import common
import tensorboard.summary.writer.event_file_writer as event_file_writer
import tensorboardX
import torch
from lightning.pytorch.loggers import TensorBoardLogger
from torch.utils.tensorboard import SummaryWriter

from common import clock, fresh


def torch_writer(directory, number=0):
    clock.reset(number)
    event_file_writer._global_uid = event_file_writer.AtomicCounter(number)
    return SummaryWriter(directory)


def curve(w, lr):
    for step in range(5):
        clock.tick()
        w.add_scalar("loss", lr + 1 / (step + 1), step)


def by_torch():
    # The child is named after the time, so it is folded into the run that has the curve.
    for i, lr in enumerate((0.1, 0.01)):
        w = torch_writer(fresh(f"hparams/torch/trial-{i}"), i)
        curve(w, lr)
        w.add_hparams({"lr": lr, "layers": 3 + i, "optimizer": "adam", "amsgrad": True},
                      {"hparam/accuracy": 0.9 + lr, "loss": lr})
        w.close()

    # Two calls open two children, which are not folded.
    w = torch_writer(fresh("hparams/torch-twice"), 0)
    curve(w, 0.1)
    for lr in (0.1, 0.2):
        w.add_hparams({"lr": lr}, {"hparam/accuracy": lr})
        clock.tick(10)
    w.close()

    # run_name "." puts the session into the run itself; there is no curve beside the other.
    w = torch_writer(fresh("hparams/torch-same-run"), 0)
    curve(w, 0.1)
    w.add_hparams({"lr": 0.1, "nan": float("nan"), "none": None}, {"hparam/accuracy": 0.5}, run_name=".")
    w.close()

    w = torch_writer(fresh("hparams/torch-domain"), 0)
    w.add_hparams({"lr": 0.1, "optimizer": "sgd", "shuffle": False}, {"hparam/accuracy": 0.5}, run_name="trial",
                  hparam_domain_discrete={"optimizer": ["sgd", "adam"], "shuffle": [True, False], "lr": [0.1, 0.2]})
    w.close()


def by_tensorboardx():
    clock.reset()
    w = tensorboardX.SummaryWriter(fresh("hparams/tensorboardX"))
    curve(w, 0.1)
    w.add_hparams({"lr": 0.1, "layers": 3, "optimizer": "adam", "amsgrad": True}, {"hparam/accuracy": 0.9})
    w.close()


def by_lightning():
    clock.reset()
    event_file_writer._global_uid = event_file_writer.AtomicCounter(0)
    logger = TensorBoardLogger(fresh("hparams/lightning"), name="", version="version_0")
    logger.log_hyperparams({"lr": 0.02, "model": {"depth": 3, "act": "relu"}, "layers": [8, 4], "seed": None, "amp": True},
                           {"hp_metric": 0.25})
    for step in range(3):
        clock.tick()
        logger.log_metrics({"val_loss": 1 / (step + 1)}, step)
    logger.finalize("success")
    os.remove(os.path.join(logger.log_dir, "hparams.yaml"))


if __name__ == "__main__":
    common.freeze()
    torch.manual_seed(0)
    by_torch()
    by_tensorboardx()
    by_lightning()
