"""TensorBoard's own reader finds in the event files what the run reported."""

import json
import os
import subprocess
import tempfile
import unittest

from tensorboard.backend.event_processing.event_accumulator import EventAccumulator
from tensorboard.plugins.hparams import plugin_data_pb2

HERE = os.path.dirname(os.path.abspath(__file__))


class EventFiles(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        command = ["node", os.path.join(HERE, "write-tensorboard.mjs"), cls.folder.name]
        cls.told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)

    @classmethod
    def tearDownClass(cls):
        cls.folder.cleanup()

    def read(self, part):
        events = EventAccumulator(os.path.join(self.folder.name, "judged", part), {"scalars": 0, "tensors": 0})
        return events.Reload()

    def check_scalars(self, part, tag, name):
        found = self.read(part).Scalars(tag)
        self.assertEqual([event.step for event in found], [1, 2, 3, 4])
        for event, row in zip(found, self.told["history"]):
            self.assertAlmostEqual(event.value, row[name], places=6)
            self.assertGreater(event.wall_time, 1.5e9)

    def test_what_the_training_rows_report(self):
        self.assertEqual(set(self.read("train").Tags()["scalars"]), {"loss", "accuracy", "learningRate"})
        for name in ("loss", "accuracy", "learningRate"):
            self.check_scalars("train", name, name)

    def test_what_the_validation_rows_report(self):
        self.assertEqual(set(self.read("validation").Tags()["scalars"]), {"loss", "accuracy"})
        for name in ("loss", "accuracy"):
            self.check_scalars("validation", name, "val_" + name)

    def test_the_loss_of_every_fifth_step(self):
        self.assertEqual([event.step for event in self.read("steps").Scalars("loss")], [5, 10, 15, 20])

    def test_hyperparameters(self):
        read = self.read("train")
        self.assertEqual(set(read.PluginTagToContent("hparams")), {
            "_hparams_/session_start_info", "_hparams_/session_end_info",
        })
        content = read.PluginTagToContent("hparams")
        start = plugin_data_pb2.HParamsPluginData.FromString(content["_hparams_/session_start_info"])
        values = start.session_start_info.hparams
        self.assertEqual(values["batchSize"].number_value, 8)
        self.assertEqual(values["loss"].string_value, "crossEntropy")
        self.assertIs(values["shuffle"].bool_value, True)
        end = plugin_data_pb2.HParamsPluginData.FromString(content["_hparams_/session_end_info"])
        self.assertEqual(end.session_end_info.status, 1)


if __name__ == "__main__":
    unittest.main()
