"""logs/kinds/tensorboardX: everything but scalars that tensorboardX writes (see requirements-tensorboardx.txt)."""

import common
import numpy as np
from write_tensorboardx import writer

from common import clock, fresh


def main():
    rng = np.random.default_rng(12)
    w = writer(fresh("kinds/tensorboardX"))
    for step in range(3):
        clock.tick()
        w.add_text("notes", f"step **{step}**", step)
        w.add_histogram("hist/normal", rng.standard_normal(50), step, bins="fd")
        w.add_histogram_raw("hist/raw", -1.5, 2.5, 10, 3.25, 20.5, [0.0, 1.0, 2.5], [2.5, 0.0, 7.5], step)
        w.add_image("image", rng.integers(0, 255, (3, 5, 4), dtype=np.uint8), step)
        w.add_images("image/batch", rng.integers(0, 255, (3, 3, 4, 4), dtype=np.uint8), step)
        w.add_image_with_boxes("image/boxes", np.zeros((3, 8, 9), np.uint8), np.array([[1, 1, 4, 5]]), step)
        w.add_audio("audio", rng.uniform(-1, 1, 80).astype(np.float32), step, sample_rate=8000)
        w.add_pr_curve("pr/labels", rng.integers(0, 2, 30), rng.random(30), step, num_thresholds=11)
        w.add_pr_curve_raw("pr/raw", [3, 2, 0], [2, 1, 0], [0, 1, 3], [0, 1, 3], [0.6, 0.66, 0], [1, 0.66, 0], step, num_thresholds=3)
        w.add_mesh("mesh", rng.random((2, 4, 3)).astype(np.float32), colors=rng.integers(0, 255, (2, 4, 3)),
                   faces=rng.integers(0, 4, (2, 3, 3)), config_dict={"a": 1}, global_step=step)  # fmt: skip
    w.add_custom_scalars({"losses": {"all": ["Multiline", ["loss/.*"]], "band": ["Margin", ["mean", "low", "high"]]}})
    w.close()


if __name__ == "__main__":
    common.freeze()
    main()
