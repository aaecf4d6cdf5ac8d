import { Writable } from "node:stream";
import { StringDecoder } from "node:string_decoder";
import { report } from "./output-pipe.js";

/** Sends what is written to process.stdout and process.stderr (and so by console) to the cell that runs. */
export function captureConsole(currentCell: () => number): void {
  replace("stdout", 1, currentCell);
  replace("stderr", 2, currentCell);
}

function replace(name: "stdout" | "stderr", fd: 1 | 2, currentCell: () => number): void {
  const decoder = new StringDecoder("utf8");
  const stream = new Writable({
    decodeStrings: false,
    write(chunk: string | Buffer, _encoding, done) {
      const text = typeof chunk === "string" ? chunk : decoder.write(chunk);
      if (text !== "") report({ type: "stream", cell: currentCell(), name, text });
      done();
    },
  });
  Object.defineProperty(process, name, { value: Object.assign(stream, { fd }), configurable: true });
}
