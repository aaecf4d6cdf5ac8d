import { Interrupted } from "../../src/core/stop.js";
import { report } from "./output-pipe.js";

interface Question {
  readonly resolve: (value: string) => void;
  readonly reject: (error: Error) => void;
}

/** Questions to the person at the notebook that wait for an answer. */
export class Questions {
  private readonly waiting = new Map<number, Question>();
  private lastId = 0;

  ask(cell: number, prompt: string, password: boolean): Promise<string> {
    const id = ++this.lastId;
    return new Promise((resolve, reject) => {
      this.waiting.set(id, { resolve, reject });
      report({ type: "input", cell, id, prompt, password });
    });
  }

  answer(id: number, value: string): void {
    this.waiting.get(id)?.resolve(value);
    this.waiting.delete(id);
  }

  refuse(id: number, reason: string): void {
    this.waiting.get(id)?.reject(new Error(reason));
    this.waiting.delete(id);
  }

  /** Stop: nobody will answer any more. */
  drop(): void {
    for (const { reject } of this.waiting.values()) reject(new Interrupted());
    this.waiting.clear();
  }
}
