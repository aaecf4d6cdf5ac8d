"""`npm start` as a person calls it: it serves, and whatever ends it, JupyterLab and its kernels end too."""

import json
import os
import re
import signal
import socket
import subprocess
import sys
import time
import unittest
import urllib.request
from pathlib import Path

ROOT = Path(__file__).parents[2]


def free_port():
    with socket.socket() as listener:
        listener.bind(("127.0.0.1", 0))
        return listener.getsockname()[1]


def is_alive(pid):
    try:
        return Path(f"/proc/{pid}/stat").read_text().rsplit(")", 1)[1].split()[0] != "Z"
    except OSError:
        return False


def descendants(pid):
    found = []
    for child in Path(f"/proc/{pid}/task/{pid}/children").read_text().split():
        found += [int(child), *descendants(child)]
    return found


@unittest.skipUnless(sys.platform == "linux", "reads /proc")
class NpmStart(unittest.TestCase):
    def setUp(self):
        self.port = free_port()
        path = f"{Path(sys.executable).parent}{os.pathsep}{os.environ['PATH']}"
        command = ["npm", "start", "--", "--no-browser", f"--port={self.port}"]
        self.npm = subprocess.Popen(command, cwd=ROOT, env={**os.environ, "PATH": path}, stdout=subprocess.PIPE, text=True)
        self.processes = [self.npm.pid]
        self.addCleanup(self.kill_what_is_left)
        for line in self.npm.stdout:
            found = re.search(rf"http://\S+:{self.port}/lab\?(token=\w+)", line)
            if found:
                self.token = found[1]
                break
        kernel = self.ask("kernels", {"name": "etude"})
        self.assertEqual(kernel["name"], "etude")
        self.processes = [self.npm.pid, *descendants(self.npm.pid)]

    def kill_what_is_left(self):
        for pid in filter(is_alive, self.processes):
            os.kill(pid, signal.SIGKILL)
        self.npm.wait()
        self.npm.stdout.close()

    def ask(self, path, body=None):
        data = None if body is None else json.dumps(body).encode()
        url = f"http://127.0.0.1:{self.port}/api/{path}?{self.token}"
        with urllib.request.urlopen(urllib.request.Request(url, data), timeout=60) as answer:
            return json.load(answer)

    def all_end_after(self, pid, sent):
        self.assertGreaterEqual(len(self.processes), 4)  # npm, etude, JupyterLab and the kernel
        os.kill(pid, sent)
        deadline = time.monotonic() + 20
        while any(map(is_alive, self.processes)) and time.monotonic() < deadline:
            self.npm.poll()
            time.sleep(0.05)
        left = [Path(f"/proc/{each}/cmdline").read_text() for each in self.processes if is_alive(each)]
        self.assertEqual(left, [])

    def test_sigterm_to_npm(self):
        self.all_end_after(self.npm.pid, signal.SIGTERM)

    def test_npm_is_killed(self):
        self.all_end_after(self.npm.pid, signal.SIGKILL)

    def test_etude_is_killed(self):
        arguments = {each: Path(f"/proc/{each}/cmdline").read_text().split("\0") for each in self.processes}
        etude = next(each for each, words in arguments.items() if words[1] == "kernel/start.mjs")
        self.all_end_after(etude, signal.SIGKILL)


if __name__ == "__main__":
    unittest.main()
