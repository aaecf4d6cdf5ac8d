export interface HostileMessage {
  readonly kind: string;
  readonly channel: "shell" | "control" | "stdin";
  readonly frames: (string | Uint8Array)[];
}

/** Messages that no honest client sends, without end; the same ones for the same seed. */
export function hostileMessages(key: string, seed: number): Generator<HostileMessage, never>;
