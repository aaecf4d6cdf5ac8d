import { readFileSync } from "node:fs";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { packageRoot } from "../core/package-root.js";
import { whyNothingCompiles } from "../engine/compiled/compiled-function.js";
import { tf } from "../engine/tf.js";

/** What the last bits of a run's numbers depend on besides its setup. */
export interface RunEnvironment {
  readonly etude: string;
  readonly node: string;
  /** Such as `"linux x64"`. */
  readonly platform: string;
  readonly backend: string;
  readonly tfjs: string;
  /** Whether steps can be compiled here. */
  readonly compiles: boolean;
  readonly threads: number;
}

export function thisEnvironment(): RunEnvironment {
  const { version } = JSON.parse(readFileSync(join(packageRoot, "package.json"), "utf8")) as { version: string };
  return {
    etude: version,
    node: process.version,
    platform: `${process.platform} ${process.arch}`,
    backend: tf.getBackend(),
    tfjs: tf.version_core,
    compiles: whyNothingCompiles() === null,
    threads: availableParallelism(),
  };
}

/** What differs, as `"backend cpu instead of wasm"`; empty if nothing does. */
export function environmentChanges(before: RunEnvironment, now: RunEnvironment): string[] {
  const names = Object.keys(now) as (keyof RunEnvironment)[];
  return names.flatMap((name) =>
    before[name] === now[name] ? [] : [`${name} ${now[name]} instead of ${before[name]}`],
  );
}
