import { describe, expect, it } from "@jest/globals";
import { CellOutputs } from "../../kernel/commands/cell-outputs.js";
import type { Message } from "../../kernel/protocol/message.js";

const places = () => new Map();
const message = (type: string, content: object) =>
  ({ header: { msg_type: type }, content }) as unknown as Message<never>;
const stream = (name: string, text: string) => message("stream", { name, text });
const shown = (type: string, text: string, id?: string) =>
  message(type, { data: { "text/plain": text }, metadata: {}, transient: id === undefined ? {} : { display_id: id } });

function outputsOf(...messages: Message<never>[]) {
  const cell = new CellOutputs(places());
  for (const each of messages) cell.receive(each);
  return cell.outputs;
}

describe("the outputs of a cell", () => {
  it("join neighbours of one stream and keep the order of two", () => {
    const outputs = outputsOf(
      stream("stdout", "a\n"),
      stream("stdout", "b\n"),
      stream("stderr", "c"),
      stream("stdout", "d"),
    );
    expect(outputs).toEqual([
      { output_type: "stream", name: "stdout", text: "a\nb\n" },
      { output_type: "stream", name: "stderr", text: "c" },
      { output_type: "stream", name: "stdout", text: "d" },
    ]);
  });

  it("change at once when a display in them is updated, from another cell too", () => {
    const shared = places();
    const [first, second] = [new CellOutputs(shared), new CellOutputs(shared)];
    first.receive(shown("display_data", "before", "chart"));
    second.receive(shown("update_display_data", "after", "chart"));
    expect(first.outputs).toEqual([{ output_type: "display_data", data: { "text/plain": "after" }, metadata: {} }]);
    expect(second.outputs).toEqual([]);
  });

  it("do not change for an update of a display that nobody has seen", () => {
    expect(outputsOf(shown("update_display_data", "after", "unknown"))).toEqual([]);
  });

  it("are gone after a clear", () => {
    expect(outputsOf(stream("stdout", "a"), message("clear_output", { wait: false }))).toEqual([]);
  });

  it("stay until the next output when the clear waits", () => {
    const cell = new CellOutputs(places());
    cell.receive(stream("stdout", "a"));
    cell.receive(message("clear_output", { wait: true }));
    expect(cell.outputs).toHaveLength(1);
    cell.receive(stream("stdout", "b"));
    expect(cell.outputs).toEqual([{ output_type: "stream", name: "stdout", text: "b" }]);
  });

  it("let status and execute_input pass", () => {
    expect(outputsOf(message("status", { execution_state: "busy" }), message("execute_input", { code: "1" }))).toEqual(
      [],
    );
  });
});
