"""Writes eventfile/tensor/testdata/minifloats.tsv: what every pattern of numpy's half and of ml_dtypes' small types is,
in an environment of requirements-tensorflow.txt. Of half only every 37th."""

import pathlib

import ml_dtypes
import numpy as np

NAMES = ["float16", "float8_e5m2", "float8_e4m3fn", "float8_e4m3fnuz", "float8_e4m3b11fnuz", "float8_e5m2fnuz",
         "float4_e2m1fn", "int4", "uint4", "int2", "uint2"]  # fmt: skip

out = pathlib.Path(__file__).resolve().parents[2] / "eventfile/tensor/testdata/minifloats.tsv"
with open(out, "w") as f:
    for name in NAMES:
        if name == "float16":
            patterns = np.arange(0, 1 << 16, 37, dtype=np.uint16)
            numbers = patterns.view(np.float16)
        else:
            bits = int("".join(c for c in name.split("_")[0] if c.isdigit()))
            patterns = np.arange(1 << bits, dtype=np.uint8)
            numbers = patterns.view(getattr(ml_dtypes, name))
        print(name, *(repr(float(x)) for x in numbers), sep="\t", file=f)
