"""logs/kinds/torch: everything but scalars that torch.utils.tensorboard writes (see requirements-torch.txt)."""

import common
import numpy as np
import torch
from write_torch import writer

from common import clock, fresh


def main():
    rng = np.random.default_rng(11)
    w = writer(fresh("kinds/torch"))
    for step in range(3):
        clock.tick()
        w.add_text("notes", f"# step {step}\n\n| a | b |\n| - | - |\n| 1 | *ü 損失* |", step)
        w.add_histogram("hist/normal", rng.standard_normal(50), step, bins="fd")
        w.add_histogram("hist/constant", np.full(9, 3.5), step, bins="auto")
        w.add_histogram("hist/bins", rng.integers(0, 5, 40), step, bins=5)
        w.add_histogram_raw("hist/raw", -1.5, 2.5, 10, 3.25, 20.5, [0.0, 1.0, 2.5], [2.5, 0.0, 7.5], step)
        w.add_image("image/chw", rng.integers(0, 255, (3, 5, 4), dtype=np.uint8), step)
        w.add_image("image/hw", rng.random((6, 3)).astype(np.float32), step, dataformats="HW")
        w.add_images("image/batch", rng.integers(0, 255, (3, 3, 4, 4), dtype=np.uint8), step)
        w.add_image_with_boxes("image/boxes", np.zeros((3, 8, 9), np.uint8), np.array([[1, 1, 4, 5]]), step)
        w.add_audio("audio", torch.from_numpy(rng.uniform(-1, 1, (1, 80)).astype(np.float32)), step, sample_rate=8000)
        w.add_pr_curve("pr/labels", rng.integers(0, 2, 30), rng.random(30) / 2, step, num_thresholds=11)
        w.add_pr_curve_raw("pr/raw", [3, 2, 0], [2, 1, 0], [0, 1, 3], [0, 1, 3], [0.6, 0.66, 0], [1, 0.66, 0], step, num_thresholds=3)
        w.add_mesh("mesh/all", torch.from_numpy(rng.random((2, 4, 3)).astype(np.float32)),
                   colors=torch.from_numpy(rng.integers(0, 255, (2, 4, 3))), faces=torch.from_numpy(rng.integers(0, 4, (2, 3, 3))),
                   config_dict={"material": {"cls": "PointsMaterial", "size": 1}}, global_step=step)  # fmt: skip
        w.add_mesh("mesh/points", torch.from_numpy(rng.random((1, 5, 3)).astype(np.float32)), global_step=step)
        w.add_tensor("tensor/float", torch.from_numpy(rng.random((2, 3)).astype(np.float32)), step)
        w.add_tensor("tensor/half", torch.tensor([0.5 + step, -1 / 3], dtype=torch.half), step)
        w.add_tensor("tensor/none", torch.zeros((0, 4)), step)
    w.add_text("empty", "", 0)
    w.add_text("no-step", "text")
    w.add_custom_scalars({
        "losses": {"all": ["Multiline", ["loss/.*", "val"]], "band": ["Margin", ["mean", "low", "high"]]},
        "other": {"lr": ["Multiline", ["lr"]]},
    })
    w.add_graph(torch.nn.Linear(2, 1), torch.zeros(1, 2))
    w.close()


if __name__ == "__main__":
    common.freeze()
    torch.manual_seed(0)
    main()
