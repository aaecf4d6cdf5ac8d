import type { ErrorReply, Message } from "../protocol/message.js";
import type { CellOutput, MimeData } from "./notebook-file.js";

interface Stream {
  readonly name: string;
  readonly text: string;
}

interface Shown {
  readonly data: MimeData;
  readonly metadata: object;
  readonly transient?: { readonly display_id?: string };
}

/** Where each display id stands, in whichever cell: an update changes all of them. */
export type ShownPlaces = Map<string, Extract<CellOutput, { data: MimeData }>[]>;

/** The outputs of one cell, kept as a front end keeps them: streams joined, displays updated in place, clears obeyed. */
export class CellOutputs {
  readonly outputs: CellOutput[] = [];
  private clearBeforeNext = false;

  constructor(private readonly places: ShownPlaces) {}

  /** Takes one iopub message of the cell; other kinds than outputs are let pass. */
  receive({ header, content }: Message<never>): void {
    this.receivers[header.msg_type]?.(content);
  }

  private readonly receivers: Readonly<Record<string, (content: never) => void>> = {
    stream: (content: Stream) => this.write(content),
    display_data: ({ data, metadata, transient }: Shown) =>
      this.show({ output_type: "display_data", data, metadata }, transient),
    execute_result: ({ data, metadata, transient, execution_count }: Shown & { execution_count: number }) =>
      this.show({ output_type: "execute_result", data, metadata, execution_count }, transient),
    update_display_data: (content: Shown) => this.update(content),
    error: ({ ename, evalue, traceback }: ErrorReply) =>
      this.add({ output_type: "error", ename, evalue, traceback: [...traceback] }),
    clear_output: ({ wait }: { readonly wait: boolean }) => {
      if (wait) this.clearBeforeNext = true;
      else this.outputs.length = 0;
    },
  };

  private write({ name, text }: Stream): void {
    const last = this.clearBeforeNext ? undefined : this.outputs.at(-1);
    if (last?.output_type === "stream" && last.name === name) last.text += text;
    else this.add({ output_type: "stream", name, text });
  }

  private show(output: Extract<CellOutput, { data: MimeData }>, transient: Shown["transient"]): void {
    this.add(output);
    const id = transient?.display_id;
    if (id !== undefined) this.places.set(id, [...(this.places.get(id) ?? []), output]);
  }

  private update({ data, metadata, transient }: Shown): void {
    for (const output of this.places.get(transient?.display_id ?? "") ?? []) Object.assign(output, { data, metadata });
  }

  private add(output: CellOutput): void {
    if (this.clearBeforeNext) this.outputs.length = 0;
    this.clearBeforeNext = false;
    this.outputs.push(output);
  }
}
