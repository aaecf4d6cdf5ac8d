"""Writes fixtures/recurrent.json: python recurrent.py"""

import numpy as np
from layer_fixture import case, keras, normal, write

L = keras.layers
kinds = {"lstm": L.LSTM, "gru": L.GRU, "simpleRNN": L.SimpleRNN}
x = normal(3, 5, 2)
# Gaps at the start, in the middle and at the end, and a row that is padding alone.
mask = np.array([[1, 1, 0, 1, 0], [0, 0, 1, 1, 1], [0, 0, 0, 0, 0]], dtype=bool)


class Started(L.Layer):
    """The inputs are [sequences, state, ...]."""

    def __init__(self, layer):
        super().__init__()
        self.layer = layer
        self.supports_masking = True

    def build(self, shapes):
        self.layer.build(shapes[0])

    def call(self, inputs, mask=None):
        return self.layer(inputs[0], initial_state=inputs[1:], mask=mask and mask[0])


def started(layer, n_states, mask=None):
    states = [normal(3, 2, seed=10 + i) for i in range(n_states)]
    return case(lambda: Started(layer), [x, *states], mask=mask is not None and [mask] + [None] * n_states or None)


cases = {}


def masked_or_not(name, make):
    cases[name] = case(make, [x])
    cases[f"{name}, masked"] = case(make, [x], mask=mask)


for name, kind in kinds.items():
    n_states = 2 if name == "lstm" else 1

    def one(**options):
        return kind(2, **({"reset_after": False} if name == "gru" else {}), **options)

    def both(mode="concat", **options):
        return L.Bidirectional(one(**options), merge_mode=mode)

    masked_or_not(name, one)
    masked_or_not(f"{name} of sequences", lambda: one(return_sequences=True))
    cases[f"{name}, started"] = started(one(), n_states)
    cases[f"{name}, masked and started"] = started(one(), n_states, mask)
    cases[f"{name} of sequences, masked and started"] = started(one(return_sequences=True), n_states, mask)
    cases[f"{name}, backwards, masked"] = case(lambda: one(return_sequences=True, go_backwards=True), [x], mask=mask)
    cases[f"{name} with its states, masked"] = case(lambda: one(return_state=True), [x], mask=mask)
    masked_or_not(f"bidirectional {name}", both)
    masked_or_not(f"bidirectional {name} of sequences", lambda: both(return_sequences=True))
    cases[f"bidirectional {name}, masked and started"] = started(both(return_sequences=True), 2 * n_states, mask)
    cases[f"bidirectional {name} with its states, masked"] = case(lambda: both(return_sequences=True, return_state=True), [x], mask=mask)

make = lambda **options: L.GRU(2, **options)
masked_or_not("gru that resets after", make)
masked_or_not("gru that resets after, of sequences", lambda: make(return_sequences=True))
cases["gru that resets after, without a bias"] = case(lambda: make(use_bias=False), [x])
cases["gru that resets after, masked and started"] = started(make(), 1, mask)
masked_or_not("bidirectional gru that resets after", lambda: L.Bidirectional(make(return_sequences=True)))

for mode in ["sum", "ave", "mul", None]:
    make = lambda **options: L.Bidirectional(L.LSTM(2, **options), merge_mode=mode)
    cases[f"bidirectional lstm, {mode}"] = case(make, [x])
    masked_or_not(f"bidirectional lstm of sequences, {mode}", lambda: make(return_sequences=True))

steps = np.array([[1, 1, 0], [0, 1, 0], [1, 1, 1]], dtype=bool)
for name, make, inputs in [
    ("dense", lambda: L.Dense(2, activation="tanh"), normal(3, 3, 4)),
    ("a convolution", lambda: L.Conv2D(2, 2), normal(3, 3, 3, 2, 2)),
    ("batch normalisation", lambda: L.BatchNormalization(epsilon=0.1), normal(3, 3, 4)),
]:
    whole = lambda: L.TimeDistributed(make())
    cases[f"timeDistributed {name}"] = case(whole, [inputs])
    cases[f"timeDistributed {name}, masked, training"] = case(whole, [inputs], mask=steps, training=True)
cases["timeDistributed batch normalisation, training"] = case(lambda: L.TimeDistributed(L.BatchNormalization(epsilon=0.1)), [normal(3, 3, 4)], training=True)

ids = np.array([[1, 5, 2, 0], [2, 0, 0, 0], [0, 3, 0, 4]], dtype="int32")
for name, make in {
    "lstm": lambda: L.LSTM(2),
    "gru": lambda: L.GRU(2, reset_after=False),
    "simpleRNN": lambda: L.SimpleRNN(2),
    "bidirectional lstm": lambda: L.Bidirectional(L.LSTM(2, return_sequences=True)),
    "timeDistributed dense": lambda: L.TimeDistributed(L.Dense(2)),
    "timeDistributed batch normalisation": lambda: L.TimeDistributed(L.BatchNormalization(epsilon=0.1)),
    "batch normalisation": lambda: L.BatchNormalization(),
    "globalAveragePooling1d": lambda: L.GlobalAveragePooling1D(),
    "globalMaxPooling1d": lambda: L.GlobalMaxPooling1D(),
}.items():
    cases[f"embedding into {name}, training"] = case(lambda: keras.Sequential([L.Embedding(6, 3, mask_zero=True), make()]), [ids], training=True)

write("recurrent", cases)
