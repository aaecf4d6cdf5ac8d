"""Through jupyter_server 2, as JupyterLab connects to it: its rate limits drop nothing of what a cell shows."""

import json
import os
import signal
import socket
import struct
import subprocess
import sys
import tempfile
import time
import unittest
import urllib.error
import urllib.request
import uuid
from datetime import datetime, timezone

import websocket

TOKEN = uuid.uuid4().hex
PROTOCOL = "v1.kernel.websocket.jupyter.org"


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def encode(channel, *parts):
    parts = [channel.encode(), *(json.dumps(part).encode() for part in parts)]
    offsets = [8 * (len(parts) + 2)]
    for part in parts:
        offsets.append(offsets[-1] + len(part))
    return struct.pack(f"<{len(offsets) + 1}Q", len(offsets), *offsets) + b"".join(parts)


def decode(data):
    (count,) = struct.unpack_from("<Q", data)
    offsets = struct.unpack_from(f"<{count}Q", data, 8)
    channel, header, parent, _, content = (data[start:end] for start, end in zip(offsets, offsets[1:]))
    return channel.decode(), json.loads(header), json.loads(parent), json.loads(content)


class Rates(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.folder = tempfile.TemporaryDirectory()
        cls.addClassCleanup(cls.folder.cleanup)
        port = free_port()
        command = [sys.executable, "-m", "jupyter_server", f"--port={port}", "--port-retries=0", "--no-browser"]
        command += [f"--IdentityProvider.token={TOKEN}", f"--ServerApp.root_dir={cls.folder.name}"]
        if os.name == "posix" and os.getuid() == 0:
            command.append("--allow-root")
        log = open(os.path.join(cls.folder.name, "server.log"), "w")
        cls.addClassCleanup(log.close)
        env = {**os.environ, "TMPDIR": cls.folder.name}  # for the files of what is too long
        cls.server = subprocess.Popen(command, stdout=log, stderr=log, cwd=cls.folder.name, env=env)
        cls.addClassCleanup(cls.end)
        cls.address = f"127.0.0.1:{port}"
        kernel = cls.ask("kernels", {"name": "etude"})
        url = f"ws://{cls.address}/api/kernels/{kernel['id']}/channels?token={TOKEN}"
        cls.socket = websocket.create_connection(url, subprotocols=[PROTOCOL], timeout=60)
        cls.addClassCleanup(cls.socket.close)

    @classmethod
    def end(cls):
        cls.server.send_signal(signal.SIGTERM)
        cls.server.wait()

    @classmethod
    def ask(cls, path, body):
        """The server's answer, as soon as it listens."""
        request = urllib.request.Request(f"http://{cls.address}/api/{path}?token={TOKEN}", json.dumps(body).encode())
        deadline = time.monotonic() + 60
        while True:
            try:
                with urllib.request.urlopen(request, timeout=60) as answer:
                    return json.load(answer)
            except urllib.error.HTTPError:
                raise
            except urllib.error.URLError:
                if cls.server.poll() is not None or time.monotonic() > deadline:
                    raise
                time.sleep(0.1)

    def run_cell(self, code):
        """The messages of one cell up to its idle, as pairs of type and content."""
        header = {"msg_id": uuid.uuid4().hex, "msg_type": "execute_request", "version": "5.5"}
        header |= {"session": "judge", "username": "judge", "date": datetime.now(timezone.utc).isoformat()}
        content = {"code": code, "silent": False, "store_history": True, "user_expressions": {}, "allow_stdin": False}
        self.socket.send_binary(encode("shell", header, {}, {}, content))
        messages = []
        while ("status", {"execution_state": "idle"}) not in messages[-1:]:
            channel, answer, parent, content = decode(self.socket.recv())
            if channel == "iopub" and parent.get("msg_id") == header["msg_id"]:
                messages.append((answer["msg_type"], content))
        return messages

    def text_of(self, messages):
        text = "".join(content["text"] for kind, content in messages if kind == "stream")
        self.assertNotIn("rate exceeded", text)
        return text

    def test_many_lines_arrive_whole(self):
        text = self.text_of(self.run_cell('for (let i = 0; i < 400_000; i++) console.log("line", i)'))
        self.assertEqual(text, "".join(f"line {i}\n" for i in range(400_000)))

    def test_cells_that_follow_each_other_arrive_whole(self):
        for _ in range(4):
            text = self.text_of(self.run_cell('console.log("é\\t".repeat(400_000))'))
            self.assertEqual(text, "é\t" * 400_000 + "\n")

    def test_a_text_that_is_too_long_has_its_tail_in_the_cell(self):
        messages = self.run_cell('for (let i = 0; i < 200_000; i++) console.log("y".repeat(90), i); "result"')
        self.assertTrue(self.text_of(messages).endswith(" 199999\n"))
        self.assertEqual(messages[-2][0], "execute_result")

    def test_displays_arrive_in_order(self):
        messages = self.run_cell("for (let i = 0; i < 4000; i++) display(i)")
        self.text_of(messages)
        shown = [content["data"]["text/plain"] for kind, content in messages if kind == "display_data"]
        self.assertEqual(shown, [str(i) for i in range(4000)])

    def test_an_error_after_a_storm_arrives(self):
        messages = self.run_cell('for (let i = 0; i < 1600; i++) { console.log(i); display(i); } throw new Error("end")')
        text = self.text_of(messages)
        self.assertEqual(text, "".join(f"{i}\n" for i in range(1600)))
        self.assertEqual(messages[-2][0], "error")

    def test_of_many_updates_the_last_one_arrives(self):
        code = "const place = display(0); for (let i = 1; i <= 200_000; i++) place.update(i)"
        messages = self.run_cell(code)
        self.text_of(messages)
        updates = [content["data"]["text/plain"] for kind, content in messages if kind == "update_display_data"]
        self.assertEqual(updates[-1], "200000")
        self.assertLess(len(updates), 600)


if __name__ == "__main__":
    unittest.main()
