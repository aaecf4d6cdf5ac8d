// What convolutions, pools and paddings take: rows with 1, 2 or 3 axes of places and one of channels.
import type { tf } from "../../engine/tf.js";
import { type Check, type Incoming, misfit, one, product } from "./misfit.js";

const places = [[], ["steps"], ["height", "width"], ["depth", "height", "width"]] as const;

/** Rows with `nPlaces` axes of places. */
export function spatial(nPlaces: 1 | 2 | 3, then: (sizes: tf.Shape, incoming: Incoming) => void = () => {}): Check {
  return one((shape, incoming) => {
    const first = incoming.config.dataFormat === "channelsFirst";
    const axes = first ? ["channels", ...places[nPlaces]] : [...places[nPlaces], "channels"];
    if (shape.length !== nPlaces + 2) {
      throw misfit(incoming, `takes (n, ${axes.join(", ")})`, advice(shape, nPlaces));
    }
    then(first ? shape.slice(2) : shape.slice(1, -1), incoming);
  });
}

/** A convolution, which has weights for each channel that comes. */
export function convolution(nPlaces: 1 | 2 | 3): Check {
  const windows = spatial(nPlaces, (sizes, incoming) => checkWindow("kernel", "kernelSize", sizes, incoming));
  return (incoming) => {
    windows(incoming);
    checkChannels(incoming);
  };
}

export function transposedConvolution(nPlaces: 2 | 3): Check {
  const rank = spatial(nPlaces);
  return (incoming) => {
    rank(incoming);
    checkChannels(incoming);
  };
}

export function pool(nPlaces: 1 | 2 | 3): Check {
  return spatial(nPlaces, (sizes, incoming) => checkWindow("pool", "poolSize", sizes, incoming));
}

export function cropping(nPlaces: 1 | 2 | 3): Check {
  return spatial(nPlaces, (sizes, incoming) => {
    const { cropping: own } = incoming.config;
    const crops = (nPlaces === 1 ? [own] : own) as readonly (readonly [number, number])[];
    if (sizes.every((size, i) => size === null || size > crops[i]![0] + crops[i]![1])) return;
    const cut = crops.map(([before, after]) => before + after).join(" x ");
    throw misfit(incoming, `cuts ${cut} off, which leaves nothing`, "crop less");
  });
}

function checkChannels(incoming: Incoming): void {
  const shape = incoming.shapes[0]!;
  const channels = incoming.config.dataFormat === "channelsFirst" ? shape[1] : shape.at(-1);
  if (channels === null) {
    throw misfit(incoming, "needs to know how many channels come", "give the input shape a number as its last size");
  }
}

function checkWindow(what: "kernel" | "pool", option: string, sizes: tf.Shape, incoming: Incoming): void {
  const { config } = incoming;
  if (config.padding !== "valid") return;
  const spread = [config.dilationRate ?? 1].flat() as number[];
  const window = (config[option] as number[]).map((size, i) => 1 + (size - 1) * (spread[i] ?? spread[0]!));
  if (sizes.every((size, i) => size === null || size >= window[i]!)) return;
  const fix = `use padding: "same" or a smaller ${option}, or pool less before it`;
  throw misfit(incoming, `its ${what} of ${window.join(" x ")} is larger than what it slides over`, fix);
}

/** Makes the axes that are missing, or takes those that are too many. */
function advice(shape: tf.Shape, nPlaces: 1 | 2 | 3): string {
  const row = shape.slice(1);
  const before = "put layers.reshape({ targetShape: ";
  if (row.length === nPlaces) return `${before}[${sizes([...row, 1])}] }) before it`;
  if (row.length === 1 && nPlaces === 2 && Number.isInteger(Math.sqrt(product(row)))) {
    const side = Math.sqrt(product(row));
    return `${before}[${side}, ${side}, 1] }) before it`;
  }
  if (row.length === nPlaces + 2) return "wrap it in layers.timeDistributed({ layer }) to work on each step";
  if (row.length < nPlaces + 1) return "give it rows that are not flattened yet";
  return `use the layer for ${row.length - 1} axes, or layers.reshape before it`;
}

function sizes(row: readonly (number | null)[]): string {
  return row.map((size) => size ?? -1).join(", ");
}
