"""MLflow's own client finds on a real server what runs have logged there."""

import contextlib
import importlib.util
import json
import math
import os
import socket
import subprocess
import sys
import tempfile
import threading
import unittest

HERE = os.path.dirname(os.path.abspath(__file__))


def free_port():
    with contextlib.closing(socket.socket()) as probe:
        probe.bind(("127.0.0.1", 0))
        return probe.getsockname()[1]


@unittest.skipUnless(importlib.util.find_spec("mlflow"), "mlflow is not installed in this Python: pip install mlflow")
class LoggedRuns(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        from mlflow import MlflowClient

        folder = cls.enterClassContext(tempfile.TemporaryDirectory())
        port = free_port()
        cls.uri = f"http://127.0.0.1:{port}"
        store = ["--backend-store-uri", f"sqlite:///{folder}/mlflow.db", "--artifacts-destination", f"{folder}/files"]
        command = [sys.executable, "-m", "mlflow", "server", *store, "--port", str(port), "--workers", "1"]
        pipes = {"stdout": subprocess.PIPE, "stderr": subprocess.STDOUT, "text": True}
        server = subprocess.Popen(command, cwd=folder, start_new_session=True, **pipes)
        cls.addClassCleanup(cls.stop, server)
        cls.wait_for(server)
        command = ["node", os.path.join(HERE, "log-to-mlflow.mjs"), cls.uri, folder]
        cls.told = json.loads(subprocess.run(command, check=True, capture_output=True, text=True).stdout)
        cls.client = MlflowClient(cls.uri)

    @staticmethod
    def wait_for(server):
        said = []
        for line in server.stdout:
            said.append(line)
            if "Application startup complete" in line:
                # What it says from here on must not fill the pipe.
                threading.Thread(target=server.stdout.read, daemon=True).start()
                return
        raise AssertionError("mlflow server did not start:\n" + "".join(said))

    @staticmethod
    def stop(server):
        os.killpg(server.pid, 15)
        server.wait(30)

    def run_of(self, name):
        return self.client.get_run(self.told[name]["runId"])

    def test_the_experiment_has_all_runs(self):
        experiment = self.client.get_experiment_by_name("judged runs/1")
        found = {run.info.run_name for run in self.client.search_runs([experiment.experiment_id])}
        self.assertEqual(found, {"good", "diverged", "failed", "odd"})

    def test_metrics_of_every_epoch(self):
        history = self.told["good"]["history"]
        for name in ("loss", "accuracy", "val_loss", "val_accuracy", "learningRate"):
            found = self.client.get_metric_history(self.told["good"]["runId"], name)
            self.assertEqual([metric.step for metric in found], [1, 2, 3])
            for metric, row in zip(found, history):
                self.assertAlmostEqual(metric.value, row[name], places=12)

    def test_numbers_that_are_none_and_names_that_are_odd(self):
        run = self.told["odd"]["runId"]
        values = [metric.value for metric in self.client.get_metric_history(run, "loss")]
        self.assertTrue(math.isnan(values[0]))
        self.assertGreater(values[1], 1e300)
        self.assertEqual(self.client.get_run(run).data.metrics["top _5_ _"], 1)

    def test_parameters(self):
        params = self.run_of("good").data.params
        self.assertEqual(params["learningRate"], "0.05")
        self.assertEqual(params["loss"], "crossEntropy")
        self.assertEqual(params["shuffle"], "true")

    def test_how_they_ended(self):
        for name, status in (("good", "FINISHED"), ("diverged", "FAILED"), ("failed", "FAILED")):
            run = self.run_of(name)
            self.assertEqual(run.info.status, status)
            self.assertIsNotNone(run.info.end_time)
            self.assertEqual(run.data.tags["mlflow.note.content"], self.told[name]["reason"])
        self.assertEqual(self.told["failed"]["reason"], "no such column")

    def test_files(self):
        run = self.told["good"]["runId"]
        self.assertEqual([file.path for file in self.client.list_artifacts(run)], ["note.txt"])
        with tempfile.TemporaryDirectory() as folder:
            with open(self.client.download_artifacts(run, "note.txt", folder)) as file:
                self.assertEqual(file.read(), "two moons\n")


if __name__ == "__main__":
    unittest.main()
