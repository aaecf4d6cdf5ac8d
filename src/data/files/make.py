"""Writes digits.csv.gz and iris.csv.gz, the data sets that scikit-learn ships. Made with scikit-learn 1.9.1, NumPy 2.4.6.

python make.py
"""

import gzip
from pathlib import Path

from sklearn.datasets import load_digits, load_iris

here = Path(__file__).parent


def write(name, header, rows):
    lines = [",".join(header), *(",".join(map(str, row)) for row in rows)]
    # A fixed time stamp, so that the same data gives the same bytes.
    (here / name).write_bytes(gzip.compress(("\n".join(lines) + "\n").encode(), mtime=0))


digits = load_digits()
write(
    "digits.csv.gz",
    [f"pixel{row}{column}" for row in range(8) for column in range(8)] + ["digit"],
    [[*map(int, pixels), int(digit)] for pixels, digit in zip(digits.data, digits.target)],
)

iris = load_iris()
write(
    "iris.csv.gz",
    ["sepalLength", "sepalWidth", "petalLength", "petalWidth", "species"],
    [[*map(float, flower), iris.target_names[species]] for flower, species in zip(iris.data, iris.target)],
)
