"""Writes fixtures/keras-block.safetensors and .json: a block of Keras layers over padded tokens, from its .keras file.

Made with keras 3.15 on torch: KERAS_BACKEND=torch python keras-block.py
"""

import json
import os
import subprocess
import sys
import tempfile
from pathlib import Path

os.environ["KERAS_BACKEND"] = "torch"
import keras
import numpy as np

HERE = Path(__file__).parent
L = keras.layers
tokens = keras.Input((5,))
memory = keras.Input((3, 6))
x = L.Embedding(9, 6, mask_zero=True)(tokens)
x = L.LayerNormalization(epsilon=1e-5)(L.Add()([x, L.MultiHeadAttention(2, 3)(x, x, use_causal_mask=True)]))
x = L.Add()([x, L.MultiHeadAttention(3, 2, value_dim=4)(x, memory)])
x = L.Add()([x, L.Dense(6)(L.Dense(10, activation="gelu")(x))])
x = L.GlobalAveragePooling1D()(L.Add()([x, L.Attention(use_scale=True)([x, memory])]))
model = keras.Model([tokens, memory], L.Dense(2)(x))

random = np.random.default_rng(3)
for weight in model.weights:
    weight.assign(random.normal(0, 0.5, weight.shape))
ids = np.array([[3, 1, 4, 0, 0], [5, 8, 2, 6, 1]], dtype="float32")
vectors = random.normal(0, 1, (2, 3, 6)).astype("float32")
output = model([ids, vectors]).detach().numpy()
with tempfile.TemporaryDirectory() as folder:
    model.save(f"{folder}/m.keras")
    script = HERE.parents[2] / "src/models/keras-to-safetensors.py"
    subprocess.run([sys.executable, script, f"{folder}/m.keras", HERE / "fixtures/keras-block.safetensors"], check=True)
fixture = {"keras": keras.__version__, "tokens": ids.tolist(), "memory": vectors.tolist(), "output": output.tolist()}
(HERE / "fixtures/keras-block.json").write_text(json.dumps(fixture))
