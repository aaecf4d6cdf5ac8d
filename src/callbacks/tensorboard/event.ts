// The messages that TensorBoard reads, field by field as event.proto, summary.proto and the hparams plugin number them.
import { PbfWriter } from "pbf";
import type { JsonValue } from "../../core/json.js";

/** The first event of every file. */
export function versionEvent(wallSeconds: number): Uint8Array {
  return event(wallSeconds, 0, (pbf) => pbf.writeStringField(3, "brain.Event:2"));
}

/** From here on steps are written anew: TensorBoard forgets what earlier files have of them. */
export function restartEvent(wallSeconds: number, step: number): Uint8Array {
  const start = 1;
  return event(wallSeconds, step, (pbf) => pbf.writeMessage(7, (_, log) => log.writeVarintField(1, start), null));
}

/** Numbers by tag, kept as float32. */
export function scalarsEvent(wallSeconds: number, step: number, scalars: Readonly<Record<string, number>>): Uint8Array {
  return summaryEvent(wallSeconds, step, (summary) => {
    for (const [tag, number] of Object.entries(scalars)) {
      summary.writeMessage(1, (_, value) => writeScalar(value, tag, number), null);
    }
  });
}

/** What the run was started with, for the tab of the hyperparameters. */
export function sessionStartEvent(wallSeconds: number, hparams: Readonly<Record<string, JsonValue | undefined>>) {
  return hparamsEvent(wallSeconds, "_hparams_/session_start_info", (plugin) => {
    plugin.writeMessage(3, (_, info) => writeStart(info, wallSeconds, hparams), null);
  });
}

export function sessionEndEvent(wallSeconds: number, status: "success" | "failure"): Uint8Array {
  return hparamsEvent(wallSeconds, "_hparams_/session_end_info", (plugin) => {
    const writeEnd = (_: null, info: PbfWriter) => {
      info.writeVarintField(1, status === "success" ? 1 : 2);
      info.writeDoubleField(2, wallSeconds);
    };
    plugin.writeMessage(4, writeEnd, null);
  });
}

function event(wallSeconds: number, step: number, write: (pbf: PbfWriter) => void): Uint8Array {
  const pbf = new PbfWriter();
  pbf.writeDoubleField(1, wallSeconds);
  pbf.writeVarintField(2, step);
  write(pbf);
  return pbf.finish();
}

function summaryEvent(wallSeconds: number, step: number, write: (summary: PbfWriter) => void): Uint8Array {
  return event(wallSeconds, step, (pbf) => pbf.writeMessage(5, (_, summary) => write(summary), null));
}

function writeScalar(value: PbfWriter, tag: string, number: number): void {
  value.writeStringField(1, tag);
  value.writeFloatField(2, number);
}

/** A summary whose value is nothing and whose metadata say it all. */
function hparamsEvent(wallSeconds: number, tag: string, writePlugin: (plugin: PbfWriter) => void): Uint8Array {
  const content = new PbfWriter();
  writePlugin(content);
  const bytes = content.finish();
  const writePluginData = (_: null, data: PbfWriter) => {
    data.writeStringField(1, "hparams");
    data.writeBytesField(2, bytes);
  };
  const writeEmptyTensor = (_: null, tensor: PbfWriter) => {
    const float = 1;
    tensor.writeVarintField(1, float);
    tensor.writeMessage(2, () => {}, null);
  };
  const writeValue = (_: null, value: PbfWriter) => {
    value.writeStringField(1, tag);
    value.writeMessage(8, writeEmptyTensor, null);
    value.writeMessage(9, (_, metadata) => metadata.writeMessage(1, writePluginData, null), null);
  };
  return summaryEvent(wallSeconds, 0, (summary) => summary.writeMessage(1, writeValue, null));
}

function writeStart(
  info: PbfWriter,
  wallSeconds: number,
  hparams: Readonly<Record<string, JsonValue | undefined>>,
): void {
  for (const [name, value] of Object.entries(hparams)) {
    if (value === undefined) continue;
    const writeEntry = (_: null, entry: PbfWriter) => {
      entry.writeStringField(1, name);
      entry.writeMessage(2, (_, one) => writeValue(one, value), null);
    };
    info.writeMessage(1, writeEntry, null);
  }
  info.writeDoubleField(5, wallSeconds);
}

/** As `google.protobuf.Value`; what is no number, text or truth is shown as its JSON. */
function writeValue(pbf: PbfWriter, value: JsonValue): void {
  if (typeof value === "number") pbf.writeDoubleField(2, value);
  else if (typeof value === "boolean") pbf.writeBooleanField(4, value);
  else pbf.writeStringField(3, typeof value === "string" ? value : JSON.stringify(value));
}
