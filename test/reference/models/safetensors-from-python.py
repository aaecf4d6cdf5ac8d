"""Writes fixtures/python.safetensors: one array of each type of number.

Made with safetensors 0.8.0, numpy 2.4.6, ml_dtypes 0.6.0.
"""

from pathlib import Path

import ml_dtypes
import numpy as np
from safetensors.numpy import save_file

save_file(
    {
        "F32": np.array([[1, 2], [3, 4]], dtype="float32"),
        "F64": np.array([0.1], dtype="float64"),
        "I64": np.array([-1, 2**40], dtype="int64"),
        "I32": np.array([-7], dtype="int32"),
        "U8": np.array([0, 255], dtype="uint8"),
        "BOOL": np.array([True, False, True]),
        "F16": np.array([1, -2.5, 65504, 2**-24, np.inf, -0.0], dtype="float16"),
        "BF16": np.array([1, -2.5, 3.140625], dtype=ml_dtypes.bfloat16),
    },
    Path(__file__).parent / "fixtures/python.safetensors",
    metadata={"made": "by Python"},
)
