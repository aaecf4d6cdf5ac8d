"""Turns the weights of a Keras model into a safetensors file that Etude's loadWeights(model, path) reads.

    pip install safetensors keras tensorflow      (h5py alone is enough for .h5 files)
    python keras-to-safetensors.py model.keras model-weights.safetensors

Takes .keras, .weights.h5 and the older .h5 files. Build the same layers in the notebook, then load the weights.
"""

import json
import re
import sys

import numpy as np
from safetensors.numpy import save_file

# What a layer of a .weights.h5 file may have inside, in Keras' own order of weights.
PARTS = ["", "cell", "layer", "layer/cell", "forward_layer", "forward_layer/cell", "backward_layer", "backward_layer/cell"]


def weights_of_model(model, prefix=""):
    """Yields (layer path, [(weight name, array)]) in the order of the layers."""
    import keras

    for layer in model.layers:
        path = prefix + layer.name
        if isinstance(layer, keras.Model):
            yield from weights_of_model(layer, path + "/")
        else:
            yield path, [(weight.name, np.asarray(weight)) for weight in layer.weights]


def weights_of_keras3_h5(file):
    """The same for a .weights.h5 file, whose paths count the layers of each class: layers/dense, layers/dense_1."""
    layers = {}

    def visit(path, item):
        match = re.fullmatch(r"(?:(.*?)/)?vars/(\d+)", path)
        if match is None or "seed_generator" in path:
            return
        owner, index = match[1] or "", int(match[2])
        inside = re.fullmatch(r"((?:.*/)?layers/[^/]+)(?:/(.*))?", owner)
        if inside is None or (inside[2] or "") not in PARTS:
            sys.exit(f"{path}: a .weights.h5 file does not tell the order of these weights. Convert the .keras file.")
        layers.setdefault(inside[1], []).append((PARTS.index(inside[2] or ""), index, np.asarray(item)))

    file["layers"].visititems(lambda path, item: visit("layers/" + path, item) if hasattr(item, "shape") else None)
    for path, weights in layers.items():
        yield path, [(f"{part}.{index}", array) for part, index, array in sorted(weights, key=lambda weight: weight[:2])]


def weights_of_keras2_h5(group):
    for layer in group.attrs["layer_names"]:
        names = [text(name) for name in group[layer].attrs["weight_names"]]
        yield text(layer), [(name.rsplit("/", 1)[-1].split(":")[0], np.asarray(group[layer][name])) for name in names]


def text(value):
    return value.decode() if isinstance(value, bytes) else str(value)


def read(path):
    """Returns how the layers are told apart, "name" or "class", and the layers with their weights."""
    if not path.endswith((".h5", ".hdf5")):
        import keras

        return "name", list(weights_of_model(keras.models.load_model(path, compile=False)))
    import h5py

    with h5py.File(path, "r") as file:
        group = file["model_weights"] if "model_weights" in file else file
        if "layer_names" in group.attrs:
            return "name", list(weights_of_keras2_h5(group))
        if "layers" in file:
            return "class", list(weights_of_keras3_h5(file))
    sys.exit(f"{path}: not the weights of a Keras model.")


def convert(source, target):
    told_apart_by, layers = read(source)
    arrays, names = {}, []
    for layer, weights in layers:
        names.append([layer, []])
        for name, array in weights:
            key, count = f"{layer}/{name}", 0
            while key in arrays:
                count += 1
                key = f"{layer}/{name}_{count}"
            arrays[key] = np.require(array, requirements="C")  # np.ascontiguousarray makes a vector of a number
            names[-1][1].append(key)
    layers_with_weights = [entry for entry in names if entry[1]]
    metadata = {"format": "keras-weights", "layersBy": told_apart_by, "layers": json.dumps(layers_with_weights)}
    save_file(arrays, target, metadata=metadata)
    print(f"{len(arrays)} weights of {len(layers_with_weights)} layers in {target}")


if __name__ == "__main__":
    if len(sys.argv) != 3:
        sys.exit(__doc__)
    convert(*sys.argv[1:])
