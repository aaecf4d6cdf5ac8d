"""The nets of the bench in Keras or PyTorch: reads "NET\tSECONDS" from stdin, prints steps a second (or, for predict, rows)."""
import os
import sys
import time

os.environ["TF_CPP_MIN_LOG_LEVEL"] = "3"
peer = sys.argv[1]
classes = 10
shapes = {
    "MLP 64-64-10": ((64,), 32, 200),
    "MLP 784-512-256-10": ((784,), 64, 50),
    "CNN 28x28 conv32-conv64": ((28, 28, 1), 64, 12),
    "LSTM 32 units 16 steps": ((16, 8), 32, 60),
    "transformer d32 4 heads T16": ((16,), 16, 60),
    "ResNet-20 32x32": ((32, 32, 3), 32, 4),
}

import numpy as np


def data(name):
    row, batch, steps = shapes[name]
    n = batch * steps
    if name.startswith("transformer"):
        x = (np.arange(n * 16) * 7919 % 64).reshape(n, 16)
    else:
        x = np.sin(np.arange(n * int(np.prod(row))) * 1.37).astype("float32").reshape(n, *row)
    return x, np.arange(n) % classes, batch, steps


def keras_model(name):
    import keras
    from keras import layers as L

    row = shapes[name][0]
    i = keras.Input(row)
    if name == "MLP 64-64-10":
        x = L.Dense(classes)(L.Dense(64, "relu")(i))
    elif name == "MLP 784-512-256-10":
        x = L.Dense(classes)(L.Dense(256, "relu")(L.Dense(512, "relu")(i)))
    elif name.startswith("CNN"):
        x = L.MaxPooling2D()(L.Conv2D(32, 3, activation="relu")(i))
        x = L.MaxPooling2D()(L.Conv2D(64, 3, activation="relu")(x))
        x = L.Dense(classes)(L.Dense(64, "relu")(L.Flatten()(x)))
    elif name.startswith("LSTM"):
        x = L.Dense(classes)(L.LSTM(32)(i))
    elif name.startswith("transformer"):
        e = L.Embedding(64, 32)(i)
        h = L.LayerNormalization()(e)
        a = L.Add()([e, L.MultiHeadAttention(4, 8, use_bias=False)(h, h, use_causal_mask=True)])
        x = L.Add()([a, L.Dense(32)(L.Dense(64, "relu")(L.LayerNormalization()(a)))])
        x = L.Dense(classes)(L.GlobalAveragePooling1D()(x))
    else:
        conv = lambda x, f, s=1, k=3: L.BatchNormalization()(L.Conv2D(f, k, strides=s, padding="same", use_bias=False)(x))
        x = L.ReLU()(conv(i, 16))
        for stage, f in enumerate([16, 32, 64]):
            for block in range(3):
                s = 2 if stage and not block else 1
                y = conv(L.ReLU()(conv(x, f, s)), f)
                x = L.ReLU()(L.Add()([y, conv(x, f, 2, 1) if s == 2 else x]))
        x = L.Dense(classes)(L.GlobalAveragePooling2D()(x))
    model = keras.Model(i, x)
    model.compile("adam", keras.losses.SparseCategoricalCrossentropy(from_logits=True))
    return model


def keras_run():
    import tensorflow as tf

    tf.config.threading.set_intra_op_parallelism_threads(2)
    models = {}

    def measure(name, seconds):
        if name == "predict":
            model = models.setdefault("MLP 784-512-256-10", keras_model("MLP 784-512-256-10"))
            rows = np.zeros((10000, 784), "float32")
            return rate(lambda: model.predict(rows, verbose=0), seconds) * 10000
        x, y, batch, steps = data(name)
        model = models.setdefault(name, keras_model(name))
        return rate(lambda: model.fit(x, y, batch_size=batch, epochs=1, verbose=0), seconds) * steps

    return measure


def torch_model(name):
    import torch
    from torch import nn

    class Lstm(nn.Module):
        def __init__(self):
            super().__init__()
            self.lstm, self.out = nn.LSTM(8, 32, batch_first=True), nn.Linear(32, classes)

        def forward(self, x):
            return self.out(self.lstm(x)[0][:, -1])

    class Transformer(nn.Module):
        def __init__(self):
            super().__init__()
            self.embed = nn.Embedding(64, 32)
            self.block = nn.TransformerEncoderLayer(32, 4, 64, 0.0, batch_first=True, norm_first=True)
            self.out = nn.Linear(32, classes)
            self.mask = nn.Transformer.generate_square_subsequent_mask(16)

        def forward(self, x):
            return self.out(self.block(self.embed(x), src_mask=self.mask, is_causal=True).mean(1))

    class Block(nn.Module):
        def __init__(self, i, f, s):
            super().__init__()
            self.a = nn.Sequential(nn.Conv2d(i, f, 3, s, 1, bias=False), nn.BatchNorm2d(f), nn.ReLU())
            self.b = nn.Sequential(nn.Conv2d(f, f, 3, 1, 1, bias=False), nn.BatchNorm2d(f))
            self.short = nn.Sequential(nn.Conv2d(i, f, 1, s, bias=False), nn.BatchNorm2d(f)) if s == 2 else nn.Identity()

        def forward(self, x):
            return torch.relu(self.b(self.a(x)) + self.short(x))

    if name == "MLP 64-64-10":
        return nn.Sequential(nn.Linear(64, 64), nn.ReLU(), nn.Linear(64, classes))
    if name == "MLP 784-512-256-10":
        return nn.Sequential(nn.Linear(784, 512), nn.ReLU(), nn.Linear(512, 256), nn.ReLU(), nn.Linear(256, classes))
    if name.startswith("CNN"):
        convs = [nn.Conv2d(1, 32, 3), nn.ReLU(), nn.MaxPool2d(2), nn.Conv2d(32, 64, 3), nn.ReLU(), nn.MaxPool2d(2)]
        return nn.Sequential(*convs, nn.Flatten(), nn.Linear(1600, 64), nn.ReLU(), nn.Linear(64, classes))
    if name.startswith("LSTM"):
        return Lstm()
    if name.startswith("transformer"):
        return Transformer()
    sizes = [(16, 16, 1)] * 3 + [(16, 32, 2)] + [(32, 32, 1)] * 2 + [(32, 64, 2)] + [(64, 64, 1)] * 2
    stem = [nn.Conv2d(3, 16, 3, 1, 1, bias=False), nn.BatchNorm2d(16), nn.ReLU()]
    return nn.Sequential(*stem, *[Block(*s) for s in sizes], nn.AdaptiveAvgPool2d(1), nn.Flatten(), nn.Linear(64, classes))


def torch_run():
    import torch

    torch.set_num_threads(2)
    kept = {}

    def measure(name, seconds):
        if name == "predict":
            model = torch_model("MLP 784-512-256-10").eval()
            rows = torch.zeros(10000, 784)
            with torch.no_grad():
                return rate(lambda: [model(part) for part in rows.split(256)], seconds) * 10000
        if name not in kept:
            x, y, batch, steps = data(name)
            x = torch.tensor(x)
            x = x.permute(0, 3, 1, 2).contiguous() if x.ndim == 4 else x
            model = torch_model(name)
            optimizer = torch.optim.Adam(model.parameters())
            kept[name] = model, optimizer, list(zip(x.split(batch), torch.tensor(y).split(batch)))
        model, optimizer, batches = kept[name]
        loss_of = torch.nn.CrossEntropyLoss()

        def epoch():
            for x, y in batches:
                optimizer.zero_grad()
                loss_of(model(x), y).backward()
                optimizer.step()

        return rate(epoch, seconds) * len(batches)

    return measure


def rate(work, seconds):
    work()
    times = []
    end = time.perf_counter() + seconds
    while time.perf_counter() < end:
        start = time.perf_counter()
        work()
        times.append(time.perf_counter() - start)
    return 1 / sorted(times)[len(times) // 2]


measure = keras_run() if peer == "keras" else torch_run()
version = __import__(peer).__version__
print(version, flush=True)
for line in sys.stdin:
    name, seconds = line.rstrip("\n").split("\t")
    print(measure(name, float(seconds)), flush=True)
