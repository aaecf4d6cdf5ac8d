"""nbclient 0.11, Jupyter's own headless runner: every output of a notebook is in the cell that made it."""

import re
import subprocess
import sys
import tempfile
import unittest
from pathlib import Path

import nbformat
from nbclient import NotebookClient

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
VEGA_LITE = "application/vnd.vegalite.v5+json"


def executed(notebook, folder):
    return NotebookClient(notebook, timeout=300, kernel_name="etude", resources={"metadata": {"path": folder}}).execute()


def stream_text(cell):
    return "".join(output.text for output in cell.outputs if output.output_type == "stream")


class Tutorial:
    """What holds for each notebook that the project ships."""

    @classmethod
    def setUpClass(cls):
        notebook = nbformat.read(NOTEBOOKS / cls.name, as_version=4)
        cls.cells = [cell for cell in executed(notebook, NOTEBOOKS).cells if cell.cell_type == "code"]

    def cell(self, text):
        return next(cell for cell in self.cells if text in cell.source)

    def bundles(self, text):
        return [output.data for output in self.cell(text).outputs if "data" in output]

    def test_every_cell_is_counted_in_order(self):
        self.assertEqual([cell.execution_count for cell in self.cells], list(range(1, len(self.cells) + 1)))

    def test_no_cell_has_an_error_or_a_warning(self):
        for cell in self.cells:
            for output in cell.outputs:
                self.assertNotEqual(output.output_type, "error", cell.source)
                self.assertNotEqual(output.get("name"), "stderr", cell.source)


class BuildingBlocks(Tutorial, unittest.TestCase):
    name = "02-building-blocks.ipynb"

    def test_a_shape_that_does_not_fit_is_one_sentence(self):
        text = stream_text(self.cell("kernelSize: 5"))
        self.assertRegex(text, r"^conv2d_1: its kernel of 5 x 5 is larger than what it slides over, got \(n, 4, 4, 1\); .*\.\n$")

    def test_the_model_is_drawn(self):
        (summary,) = self.bundles("summary(small)")
        self.assertIn("data:image/png;base64", summary["text/html"])
        self.assertIn("5,130 parameters", summary["text/plain"])

    def test_the_residual_net_reads_the_test_digits(self):
        (result,) = self.bundles("await evaluate(residual")
        self.assertGreaterEqual(float(re.search(r"accuracy: ([\d.]+)", result["text/plain"])[1]), 0.97)

    def test_the_run_shows_what_the_weights_cost(self):
        table = self.bundles("penalizedRun")[-1]
        for column in ["dataLoss", "penalty"]:
            self.assertIn(column, table["text/plain"])

    def test_the_transformer_says_the_poem(self):
        (said,) = self.bundles("await generate(")
        self.assertIn("In the forests of the night;", said["text/plain"])


class FirstModel(Tutorial, unittest.TestCase):
    name = "01-first-model.ipynb"

    def test_the_table_shows_itself(self):
        (table,) = self.bundles("datasets.penguins()")
        self.assertIn("<table", table["text/html"])
        self.assertIn("Adelie", table["text/plain"])

    def test_a_chart_is_one_output_with_text_beside_it(self):
        for source in ["scatterChart(", "confusionMatrixChart("]:
            with self.subTest(source=source):
                (chart,) = self.bundles(source)
                self.assertIn("data", chart[VEGA_LITE])
                self.assertTrue(chart["text/plain"])
                self.assertNotIn("text/html", chart)  # it would be shown instead of the chart

    def test_the_training_cell_ends_with_the_whole_chart(self):
        board = next(data for data in self.bundles("await fit(") if VEGA_LITE in data)
        self.assertIn("image/png", board)

    def test_the_model_is_good(self):
        (result,) = self.bundles("Test accuracy")
        percent = float(re.search(r"Test accuracy ([\d.]+) %", result["text/plain"])[1])
        self.assertGreaterEqual(percent, 97)


class Outputs(unittest.TestCase):
    def run_cells(self, *sources):
        notebook = nbformat.v4.new_notebook(cells=[nbformat.v4.new_code_cell(source) for source in sources])
        with tempfile.TemporaryDirectory() as folder:
            return executed(notebook, folder).cells

    def test_many_lines_stay_complete_and_in_their_cell(self):
        cells = self.run_cells(*[f"for (let i = 0; i < 500; i++) console.log({n}, i)" for n in range(20)])
        for n, cell in enumerate(cells):
            self.assertEqual(stream_text(cell), "".join(f"{n} {i}\n" for i in range(500)))

    def test_an_update_changes_the_cell_that_displayed(self):
        first, second = self.run_cells('const place = display("before")', 'place.update("after"); 1')
        self.assertEqual(first.outputs[0].data["text/plain"], "'after'")
        self.assertEqual([output.output_type for output in second.outputs], ["execute_result"])

    def test_a_clear_that_waits_leaves_the_last_output(self):
        (cell,) = self.run_cells("for (const n of [1, 2, 3]) { clearOutput({ wait: true }); console.log(n); }")
        self.assertEqual(stream_text(cell), "3\n")


class JupyterRun(unittest.TestCase):
    def test_a_script_runs_in_the_kernel(self):
        with tempfile.TemporaryDirectory() as folder:
            script = Path(folder, "script.ts")
            script.write_text("const answer: number = 6 * 7;\nconsole.log(`answer ${answer}`);\n")
            command = [sys.executable, "-m", "jupyter_client.runapp", "--kernel=etude", str(script)]
            done = subprocess.run(command, capture_output=True, text=True, timeout=120, check=True)
        self.assertIn("answer 42", done.stdout)


if __name__ == "__main__":
    unittest.main()
