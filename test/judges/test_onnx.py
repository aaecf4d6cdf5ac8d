"""An exported model passes ONNX's own checker and computes the same in onnxruntime for Python."""

import json
import os
import subprocess
import tempfile
import unittest

import numpy as np
import onnx
import onnxruntime

HERE = os.path.dirname(os.path.abspath(__file__))


class ExportedModels(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        subprocess.run(["node", os.path.join(HERE, "export-onnx.mjs"), cls.folder.name], check=True)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def check(self, name):
        path = os.path.join(self.folder.name, name + ".onnx")
        onnx.checker.check_model(onnx.load(path), full_check=True)
        with open(os.path.join(self.folder.name, name + ".json")) as file:
            rows = json.load(file)
        x = np.array(rows["x"], "float32").reshape(rows["shape"])
        expected = np.array(rows["y"], "float32").reshape(len(x), -1)
        session = onnxruntime.InferenceSession(path)
        (port,) = session.get_inputs()
        self.assertEqual(port.shape, ["batch", *x.shape[1:]])
        for n in (1, 9, len(x)):
            (outputs,) = session.run(None, {port.name: x[:n]})
            np.testing.assert_allclose(outputs, expected[:n], atol=1e-5)

    def test_convolutional(self):
        self.check("convolutional")

    def test_recurrent(self):
        self.check("recurrent")


if __name__ == "__main__":
    unittest.main()
