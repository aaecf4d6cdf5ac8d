"""jupyter_client 8.10 starts the installed kernel encrypted (CurveZMQ) and plain, over tcp and ipc, and restarts it."""

import json
import os
import tempfile
import unittest
from pathlib import Path

import zmq
from jupyter_client import KernelManager

SECONDS = 60


class Transport(unittest.TestCase):
    def start(self, transport_encryption, transport="tcp"):
        manager = KernelManager(kernel_name="etude", transport=transport)
        if transport == "ipc":
            folder = tempfile.TemporaryDirectory()
            self.addCleanup(folder.cleanup)
            manager.ip = os.path.join(folder.name, "kernel")
        manager.start_kernel(transport_encryption=transport_encryption)
        self.addCleanup(manager.shutdown_kernel, now=True)
        return manager

    def assert_works(self, manager):
        client = manager.client()
        client.start_channels()
        try:
            client.wait_for_ready(timeout=SECONDS)
            self.assertEqual(self.run_cell(client, "console.log(6 * 7)"), "42\n")
            self.assertTrue(client.is_alive())
        finally:
            client.stop_channels()

    def run_cell(self, client, code):
        text = []
        reply = client.execute_interactive(
            code,
            timeout=SECONDS,
            output_hook=lambda message: text.append(message["content"].get("text", "")),
        )
        self.assertEqual(reply["content"]["status"], "ok")
        return "".join(text)

    def connection_file(self, manager):
        return json.loads(Path(manager.connection_file).read_text())

    def hears(self, manager, channel, seconds):
        """Whether a peer without keys is answered by a channel in that time."""
        with zmq.Context() as context, context.socket(zmq.SUB if channel == "iopub" else zmq.DEALER) as peer:
            peer.linger = 0
            if channel == "iopub":
                peer.subscribe(b"")
            peer.connect(manager._make_url(channel))
            if channel == "hb":
                peer.send(b"ping")
            elif channel != "iopub":
                session = manager.session
                peer.send_multipart(session.serialize(session.msg("kernel_info_request", {})))
            return bool(peer.poll(1000 * seconds))

    def test_required(self):
        manager = self.start("required")
        self.assertIn("curve_secretkey", self.connection_file(manager))
        self.assert_works(manager)
        manager.restart_kernel()
        self.assert_works(manager)

    def test_auto_encrypts_since_the_kernelspec_says_that_we_can(self):
        manager = self.start("auto")
        self.assertIn("curve_secretkey", self.connection_file(manager))
        self.assert_works(manager)

    def test_disabled(self):
        manager = self.start("disabled")
        self.assertNotIn("curve_secretkey", self.connection_file(manager))
        self.assert_works(manager)
        manager.restart_kernel()
        self.assert_works(manager)

    def test_ipc(self):
        for policy in ["required", "disabled"]:
            with self.subTest(policy):
                manager = self.start(policy, transport="ipc")
                self.assert_works(manager)
                manager.restart_kernel()
                self.assert_works(manager)

    def test_a_peer_without_keys_hears_nothing_of_an_encrypted_kernel(self):
        for policy, heard in [("disabled", True), ("required", False)]:
            manager = self.start(policy)
            self.assert_works(manager)
            for channel in ["shell", "control", "iopub", "hb"]:
                with self.subTest(f"{policy} {channel}"):
                    self.assertEqual(self.hears(manager, channel, SECONDS if heard else 1), heard)


if __name__ == "__main__":
    unittest.main()
