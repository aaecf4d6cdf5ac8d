import { afterAll, beforeAll, expect, it } from "@jest/globals";
import type { Message } from "../../kernel/protocol/message.js";
import { CommLine, Listener, openComms, toldBy } from "./comm-line.js";
import { TestKernel } from "./kernel.js";

// The widget protocol 2.1 of ipywidgets (jupyter-widgets/ipywidgets, packages/schema/messages.md), as an anywidget uses it.
const metadata = { version: "2.1.0" };
const widget = `
  const esm = "export default { render({ model, el }) { el.textContent = model.get('value') } }";
  const pixels = Uint8Array.of(9, 8, 7);
  const state: Record<string, unknown> = {
    _model_module: "anywidget", _model_name: "AnyModel", _model_module_version: "~0.9.*",
    _view_module: "anywidget", _view_name: "AnyView", _view_module_version: "~0.9.*", _view_count: null,
    _anywidget_id: "test.Counter", _esm: esm, value: 1,
  };
  const customs: unknown[] = [];
  const model = comms.open("jupyter.widget", {
    data: { state: { ...state, image: {} }, buffer_paths: [["image", "data"]] },
    metadata: { version: "2.1.0" },
    buffers: [pixels],
  });
  model.onMessage(({ data, buffers }) => {
    if (data.method === "update") {
      Object.assign(state, data.state);
      (data.buffer_paths as [string][]).forEach(([name], i) => { state[name] = buffers[i]; });
      model.send({ method: "echo_update", state: data.state, buffer_paths: data.buffer_paths }, { buffers });
    }
    if (data.method === "request_state") model.send({ method: "update", state, buffer_paths: [] });
    if (data.method === "custom") customs.push(data.content);
  });
  display({ [displaySymbol]: () => ({
    "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 0, model_id: model.id },
    "text/plain": "Counter(value=1)",
  }) });
  model.id
`;

let kernel: TestKernel;
let opened: Message<never>;
let line: CommLine;
beforeAll(async () => {
  kernel = await TestKernel.start();
});
afterAll(() => kernel.stop());

it("a cell opens the model with its state and buffers, and shows a view of it", async () => {
  const { outputs, displays, result } = await kernel.run(widget);
  opened = outputs.find(({ header }) => header.msg_type === "comm_open")!;
  const { comm_id } = opened.content as { comm_id: string };
  line = new CommLine(kernel, comm_id, { metadata });
  expect(opened).toMatchObject({
    content: {
      target_name: "jupyter.widget",
      data: { state: { _model_module: "anywidget", value: 1, image: {} }, buffer_paths: [["image", "data"]] },
    },
    metadata,
    buffers: [Buffer.of(9, 8, 7)],
  });
  expect(displays[0]!.data).toEqual({
    "application/vnd.jupyter.widget-view+json": { version_major: 2, version_minor: 0, model_id: comm_id },
    "text/plain": "Counter(value=1)",
  });
  expect(result).toBe(`'${comm_id}'`);
  expect(await openComms(kernel, "jupyter.widget")).toEqual({ [comm_id]: { target_name: "jupyter.widget" } });
});

it("an update of the front end changes the state and is echoed under it, its buffers too", async () => {
  const update = { state: { value: 5 }, buffer_paths: [["image"]] };
  const outputs = await line.send({ method: "update", ...update }, { buffers: [Buffer.of(1, 2)] });
  expect(toldBy(outputs)).toEqual([
    ["status", "busy"],
    ["comm_msg", { method: "echo_update", ...update }],
    ["status", "idle"],
  ]);
  expect(outputs[1]!.buffers).toEqual([Buffer.of(1, 2)]);
  expect((await kernel.run("[state.value, [...(state.image as Uint8Array)]]")).result).toBe("[ 5, [ 1, 2 ] ]");
});

it("request_state is answered with the whole state, so a page that was reloaded shows the widget again", async () => {
  const outputs = await line.send({ method: "request_state" });
  expect(outputs[1]!.content).toMatchObject({
    data: { method: "update", state: { value: 5, _model_name: "AnyModel" } },
  });
});

it("a change in a cell reaches the front end, and custom messages reach the cell", async () => {
  const listener = new Listener(kernel);
  await kernel.run('model.send({ method: "update", state: { value: 6 }, buffer_paths: [] });');
  const { content } = await listener.next(({ type }) => type === "comm_msg");
  expect(content.data).toEqual({ method: "update", state: { value: 6 }, buffer_paths: [] });
  await line.send({ method: "custom", content: { clicked: true } });
  expect((await kernel.run("customs")).result).toBe("[ { clicked: true } ]");
});
