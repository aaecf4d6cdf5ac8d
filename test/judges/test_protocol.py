"""All of jupyter_kernel_test 0.7 against the kernel that `etude install` has put on JUPYTER_PATH."""

import unittest

from jupyter_kernel_test import IopubWelcomeTests, KernelTests


class EtudeKernel(KernelTests):
    kernel_name = "etude"
    language_name = "typescript"
    file_extension = ".ts"

    code_hello_world = 'console.log("hello, world")'
    code_stderr = 'console.error("a warning")'
    completion_samples = [
        {"text": "Math.flo", "matches": {"floor"}},
        {"text": "datasets.peng", "matches": {"penguins"}},
    ]
    complete_code_samples = ["1", "const x: number = 1;", "if (true) {\n  1;\n}", "await Promise.resolve(1)", ""]
    incomplete_code_samples = ["function f() {", "const text = `line", "[1, 2,", "/* a comment"]
    invalid_code_samples = ["import * =", "const = 1", "1 +* 2", ")"]
    code_generate_error = 'throw new TypeError("on purpose")'
    code_execute_result = [
        {"code": "6 * 7", "result": "42"},
        {"code": "await Promise.resolve('text')", "result": "'text'"},
        {"code": "({ a: [1, 2] })", "result": "{ a: [ 1, 2 ] }"},
    ]
    code_display_data = [
        {"code": "display(html('<b>bold</b>'))", "mime": "text/html"},
        {"code": "display(markdown('**bold**'))", "mime": "text/markdown"},
        {"code": "display({ a: 1 })", "mime": "text/plain"},
    ]
    code_history_pattern = "6*"
    supported_history_operations = ("tail", "range", "search")
    code_inspect_sample = "Math.max"
    code_clear_output = "clearOutput()"
    code_page_something = "%help fit"


class EtudeWelcome(IopubWelcomeTests):
    kernel_name = "etude"
    support_iopub_welcome = True


# They are run through the subclasses above.
del KernelTests, IopubWelcomeTests

if __name__ == "__main__":
    unittest.main()
