"""The 27 checks of runtimed/kernel-testbed (BSD-3-Clause), the public score board of Jupyter kernels, over jupyter_client.

Its program needs a Rust registry, so the checks are written anew; most ask for more than the original does, which often
takes any reply.
"""

import unittest

from jupyter_client.manager import start_new_kernel

WAIT = 60


class Testbed(unittest.TestCase):
    @classmethod
    def setUpClass(cls):
        cls.manager, cls.client = start_new_kernel(kernel_name="etude")
        cls.addClassCleanup(cls.end)
        cls.info = cls.ask("kernel_info").get("content")

    @classmethod
    def end(cls):
        cls.client.stop_channels()
        if cls.manager.is_alive():
            cls.manager.shutdown_kernel(now=True)

    @classmethod
    def ask(cls, kind, *args, channel="shell", **kwargs):
        """Sends a request and returns its reply."""
        if channel == "control":
            message = cls.client.session.msg(f"{kind}_request", *args)
            cls.client.control_channel.send(message)
            request = message["header"]["msg_id"]
        else:
            request = getattr(cls.client, kind)(*args, **kwargs)
        receive = getattr(cls.client, f"get_{channel}_msg")
        while True:
            reply = receive(timeout=WAIT)
            if reply["parent_header"].get("msg_id") == request:
                return reply

    def execute(self, code, answer=None):
        """Runs a cell; returns its reply and all that iopub says of it, from busy to idle."""
        request = self.client.execute(code, allow_stdin=answer is not None)
        self.prompts = []
        if answer is not None:
            question = self.client.get_stdin_msg(timeout=WAIT)
            self.assertEqual(question["header"]["msg_type"], "input_request")
            self.assertEqual(question["parent_header"]["msg_id"], request)
            self.prompts.append(question["content"]["prompt"])
            self.client.input(answer)
        outputs = []
        while True:
            message = self.client.get_iopub_msg(timeout=WAIT)
            if message["parent_header"].get("msg_id") != request:
                continue
            outputs.append(message)
            if message["content"].get("execution_state") == "idle":
                break
        while True:
            reply = self.client.get_shell_msg(timeout=WAIT)
            if reply["parent_header"]["msg_id"] == request:
                return reply, outputs

    def contents(self, outputs, kind):
        return [message["content"] for message in outputs if message["header"]["msg_type"] == kind]

    # Tier 1: basic protocol

    def test_heartbeat_responds(self):
        self.assertTrue(self.client.hb_channel.is_beating())
        self.assertTrue(self.client.is_alive())

    def test_iopub_welcome(self):
        second = self.manager.client()
        second.iopub_channel.start()
        self.addCleanup(second.iopub_channel.stop)
        self.assertEqual(second.get_iopub_msg(timeout=WAIT)["header"]["msg_type"], "iopub_welcome")

    def test_kernel_info_reply_valid(self):
        self.assertEqual(self.info["status"], "ok")

    def test_kernel_info_has_language_info(self):
        self.assertEqual(self.info["language_info"]["name"], "typescript")

    def test_kernel_info_has_protocol_version(self):
        self.assertEqual(self.info["protocol_version"], "5.5")

    def test_execute_stdout(self):
        (stream,) = self.contents(self.execute('console.log("hello")')[1], "stream")
        self.assertEqual((stream["name"], stream["text"]), ("stdout", "hello\n"))

    def test_execute_stderr(self):
        (stream,) = self.contents(self.execute('console.error("error")')[1], "stream")
        self.assertEqual((stream["name"], stream["text"]), ("stderr", "error\n"))

    def test_execute_reply_ok(self):
        self.assertEqual(self.execute("const one = 1;")[0]["content"]["status"], "ok")

    def test_status_busy_idle_lifecycle(self):
        states = [content["execution_state"] for content in self.contents(self.execute("1")[1], "status")]
        self.assertEqual(states, ["busy", "idle"])

    def test_execute_input_broadcast(self):
        reply, outputs = self.execute("2 + 3")
        (content,) = self.contents(outputs, "execute_input")
        self.assertEqual(content, {"code": "2 + 3", "execution_count": reply["content"]["execution_count"]})

    # Tier 2: interactive features

    def test_complete_request(self):
        self.execute("const testbedVariable = { inner: 1 };")
        reply = self.ask("complete", "testbedVar", 10)["content"]
        self.assertEqual((reply["status"], reply["cursor_start"], reply["cursor_end"]), ("ok", 0, 10))
        self.assertIn("testbedVariable", reply["matches"])

    def test_inspect_request(self):
        self.execute("const inspectedVariable = 42;")
        reply = self.ask("inspect", "inspectedVariable", 17)["content"]
        self.assertEqual((reply["status"], reply["found"]), ("ok", True))
        self.assertTrue(reply["data"]["text/plain"])

    def test_is_complete_complete(self):
        self.assertEqual(self.ask("is_complete", "const x = 1;")["content"]["status"], "complete")

    def test_is_complete_incomplete(self):
        self.assertEqual(self.ask("is_complete", "function f() {")["content"]["status"], "incomplete")

    def test_history_request(self):
        self.execute("'to be remembered'")
        history = self.ask("history", hist_access_type="tail", n=1)["content"]["history"]
        self.assertEqual([entry[2] for entry in history], ["'to be remembered'"])

    def test_comm_info_request(self):
        self.assertEqual(self.ask("comm_info")["content"], {"status": "ok", "comms": {}})

    def test_error_handling(self):
        reply, outputs = self.execute("const = ;")
        (error,) = self.contents(outputs, "error")
        self.assertEqual((reply["content"]["status"], error["ename"]), ("error", "SyntaxError"))
        self.assertTrue(error["traceback"])

    # Tier 3: rich output

    def test_display_data(self):
        (content,) = self.contents(self.execute('display(html("<b>bold</b>"))')[1], "display_data")
        self.assertEqual(content["data"]["text/html"], "<b>bold</b>")

    def test_update_display_data(self):
        outputs = self.execute('const place = display(text("a"), { id: "testbed" }); place.update(text("b"))')[1]
        (shown,) = self.contents(outputs, "display_data")
        (update,) = self.contents(outputs, "update_display_data")
        self.assertEqual([shown["transient"], update["transient"]], [{"display_id": "testbed"}] * 2)
        self.assertEqual(update["data"]["text/plain"], "b")

    def test_execute_result(self):
        (content,) = self.contents(self.execute("6 * 7")[1], "execute_result")
        self.assertEqual(content["data"], {"text/plain": "42"})

    def test_rich_execute_result(self):
        (content,) = self.contents(self.execute('html("<i>x</i>")')[1], "execute_result")
        self.assertEqual(content["data"]["text/html"], "<i>x</i>")

    # Tier 4: advanced features

    def test_stdin_input_request(self):
        reply, outputs = self.execute('console.log(await input("Say: "))', answer='"test_input_42"')
        self.assertEqual((reply["content"]["status"], self.prompts), ("ok", ["Say: "]))
        self.assertEqual(self.contents(outputs, "stream")[0]["text"], '"test_input_42"\n')

    def test_comms_lifecycle(self):
        opened = self.client.session.msg(
            "comm_open", {"comm_id": "testbed-1", "target_name": "jupyter.kernel_testbed.test", "data": {}}
        )
        self.client.shell_channel.send(opened)
        while True:
            message = self.client.get_iopub_msg(timeout=WAIT)
            if message["header"]["msg_type"] == "comm_close":
                break
        self.assertEqual(message["content"]["comm_id"], "testbed-1")
        self.assertEqual(self.execute("1")[0]["content"]["status"], "ok")

    def test_interrupt_request(self):
        self.assertEqual(self.ask("interrupt", {}, channel="control")["content"]["status"], "ok")

    def test_execution_count_increments(self):
        counts = [self.execute("1")[0]["content"]["execution_count"] for _ in range(3)]
        self.assertEqual(counts, [counts[0], counts[0] + 1, counts[0] + 2])

    def test_parent_header_correlation(self):
        reply, outputs = self.execute('console.log("x"); display(1); 2')
        for message in outputs:
            self.assertEqual(message["parent_header"], reply["parent_header"])

    def test_z_shutdown_reply(self):
        reply = self.ask("shutdown", {"restart": False}, channel="control")["content"]
        self.assertEqual(reply, {"status": "ok", "restart": False})
        self.assertEqual(self.manager.provisioner.process.wait(timeout=WAIT), 0)


if __name__ == "__main__":
    unittest.main()
