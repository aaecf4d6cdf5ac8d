import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, it } from "@jest/globals";
import { Session } from "./session.js";

let session: Session;
beforeAll(async () => {
  session = new Session();
  const { folder } = session;
  writeFileSync(join(folder, "rates.json"), '{ "learning": 0.1, "names": ["slow", "fast"] }');
  writeFileSync(
    join(folder, "shapes.ts"),
    "export interface Shape { area(): number }\nexport class Square implements Shape { constructor(readonly side: number) {} area() { return this.side ** 2 } }\nexport default function unit(): Square { return new Square(1) }",
  );
  await session.language.available();
});
afterAll(() => session.end());

/** A cell, or a cell with the errors that it truly has, as `code line:column`. */
type Step = string | readonly [code: string, ...errors: string[]];

const notebooks: readonly (readonly [name: string, ...steps: Step[]])[] = [
  [
    "a name with another type each time",
    "let data = [1, 2, 3]",
    "data.map((value) => value.toFixed(1))",
    "let data = { rows: ['a'] }",
    ["data.map((value) => value)", "2339 1:6"],
    "data.rows[0]!.toUpperCase()",
    "function data(n: number) { return n }",
    ["data('1')", "2345 1:6"],
    "let string = [1]",
    ["string.push('a')", "2345 1:13"],
  ],
  [
    "generics across cells",
    "type Result<T> = { ok: true; value: T } | { ok: false; error: string }",
    "function succeed<T>(value: T): Result<T> { return { ok: true, value } }",
    "const results = [succeed(1), succeed(2)]",
    ["const firstResult = results[0]!; firstResult.value", "2339 1:46"],
    "if (results[0]!.ok) results[0]!.value.toFixed()",
    "const grouped = new Map<string, Result<number>[]>([['a', results]]); for (const [key, group] of grouped) key.at(group.length)",
    ["const wrongResult: Result<string> = succeed(1)", "2322 1:7"],
  ],
  [
    "a class that extends one of an earlier cell",
    "abstract class Model { protected weights: number[] = []; abstract predict(x: number): number; static made = 0; #secret = 1; get secret() { return this.#secret } }",
    "class Linear extends Model { constructor(readonly slope: number) { super(); Model.made++; } override predict(x: number) { return this.slope * x + this.weights.length } }",
    "const models: Model[] = [new Linear(2)]; models[0]!.predict(1).toFixed()",
    ["new Model()", "2511 1:1"],
    ["new Linear('2')", "2345 1:12"],
    ["models[0]!.weights", "2445 1:12"],
    ["class Empty extends Model {}", "2515 1:7"],
    "const anonymous = new (class extends Linear { twice(x: number) { return 2 * this.predict(x) } })(3); anonymous.twice(1).toFixed()",
  ],
  [
    "a variable that is only called upon, or written and then read",
    "let queue: (string | number)[] = []; let best: { loss: number } | undefined; var seen = new Set<string>()",
    "queue.push('a', 1); queue.sort(); seen.add('b')",
    ["queue.push(true)", "2345 1:12"],
    ["seen.add(1).delete('b')", "2345 1:10"],
    ["best.loss.toFixed()", "18048 1:1"],
    "best = { loss: 1 }; best.loss.toFixed(); if (queue[0] === 'a') queue[0].toUpperCase()",
    "for (let i = 0; i < 3; i++) queue = [...queue, i]; queue.at(0)",
  ],
  [
    "enums",
    "enum Phase { Train = 'train', Test = 'test' }; const enum Level { Low, High }",
    "function begin(phase: Phase, level = Level.Low) { return [phase, level] }",
    "begin(Phase.Train, Level.High); Object.values(Phase).map((phase) => begin(phase))",
    ["begin('train')", "2345 1:7"],
    ["Phase.Tset", "2339 1:7"],
  ],
  [
    "namespaces, merged with a class and a function",
    "namespace Units { export const kilo = 1000; export type Size = { value: number }; export namespace Deep { export let depth = 1 } }",
    "const size: Units.Size = { value: Units.kilo }; Units.Deep.depth = 2",
    ["const badSize: Units.Size = { value: 'x' }", "2322 1:31"],
    "class Track { artist?: Track.Artist }; namespace Track { export interface Artist { name: string } }",
    "const track = new Track(); track.artist?.name.toUpperCase(); const artist: Track.Artist = { name: 'a' }",
  ],
  [
    "overloads",
    "function pick(at: number): string;\nfunction pick(at: string): number;\nfunction pick(at: unknown): unknown { return at }",
    "pick(1).toUpperCase(); pick('a').toFixed()",
    ["pick(true)", "2769 1:6"],
  ],
  [
    "decorators",
    "function logged<This, Args extends unknown[], Return>(method: (this: This, ...args: Args) => Return, context: ClassMethodDecoratorContext) { return function (this: This, ...args: Args): Return { return method.call(this, ...args) } }",
    "class Service { @logged run(times: number) { return times } accessor state = 'idle' }",
    "new Service().run(2).toFixed(); new Service().state.length",
    ["new Service().run('2')", "2345 1:19"],
  ],
  [
    "JSX",
    "declare namespace React { function createElement(...parts: unknown[]): JSX.Element; function Fragment(props: { children?: unknown }): JSX.Element; namespace JSX { interface IntrinsicElements { b: { title?: string }; i: {} } interface Element { html: string } } }",
    "const Bold = ({ text }: { text: string }) => <b title={text}>{text}</b>",
    "const tree = <><Bold text='a' /><i>plain</i></>; tree.html.length",
    ["const wrongProp = <Bold text={1} />", "2322 1:25"],
    ["const unknownTag = <u />", "2339 1:20"],
  ],
  [
    "using, and what is disposed",
    "class Handle { [Symbol.dispose]() {} async [Symbol.asyncDispose]() {} read() { return 'x' } }",
    "{ using handle = new Handle(); handle.read().length }\n{ await using other = new Handle(); other.read() }",
    ["{ using nothing = { a: 1 }; nothing.a }", "2741 1:19"],
  ],
  [
    "satisfies and const",
    "const palette = { red: [255, 0, 0], green: '#0f0' } satisfies Record<string, string | number[]>",
    "palette.red.map((part) => part.toFixed()); palette.green.toUpperCase()",
    ["palette.blue", "2339 1:9"],
    "const routes = ['home', 'about'] as const; type Route = (typeof routes)[number]; const route: Route = 'home'",
    ["const badRoute: Route = 'nowhere'", "2322 1:7"],
  ],
  [
    "top-level await",
    "const loaded = await Promise.all([Promise.resolve(1), Promise.resolve('a')])",
    "loaded[0].toFixed(); loaded[1].toUpperCase()",
    "for await (const part of (async function* () { yield 1 })()) part.toFixed()",
    ["loaded[2]", "2493 1:8"],
    "const { promise, resolve } = { promise: Promise.resolve(1), resolve: (n: number) => n }; resolve(await promise)",
  ],
  [
    "imports: of types, dynamic, of JSON, of local files",
    "import type { Shape } from './shapes'",
    "import unit, { type Shape as Form, Square } from './shapes.ts'",
    "const shapes: Shape[] = [unit(), new Square(2)]; const forms: Form[] = shapes; forms[0]!.area().toFixed()",
    ["const notShape: Shape = { area: 1 }", "2322 1:27"],
    "const lazy = await import('./shapes.js'); new lazy.Square(1).side.toFixed()",
    "import rates from './rates.json'; rates.names[0]!.toUpperCase()",
    "import rates2 from './rates.json' with { type: 'json' }; rates2.learning.toFixed()",
    ["rates.speed", "2339 1:7"],
    "import * as fs from 'node:fs'; import path, { join as joined } from 'path'; fs.existsSync(joined(path.sep, 'a'))",
    "const { readFile } = await import('node:fs/promises'); const text: string = await readFile('a', 'utf8')",
    "const os = require('node:os') as typeof import('node:os'); os.cpus().length",
  ],
  [
    "the idioms of a session: destructuring, closures, iterators, tuples",
    "let { a, ...others } = { a: 1, b: 'x', c: true }; let [head = 0, ...tail] = [1, 2]",
    "[a, head] = [head, a]; others.b.at(0); tail.push(3); ({ a } = { a: 5 })",
    ["others = { b: 1, c: true }", "2322 1:12"],
    "const counter = (() => { let count = 0; return { next: () => ++count } })(); counter.next().toFixed()",
    "function* naturals() { let n = 0; while (true) yield n++ }\nconst [zero, one] = naturals(); zero!.toFixed()",
    "label: for (const x of [1]) { for (const y of [2]) { if (x < y) continue label } }",
    "var hoisted = typeof later; function later() { return hoisted }",
    "const sorted = [3, 1].toSorted((x, y) => x - y); sorted.at(-1)?.toFixed()",
  ],
];

describe("a notebook with", () => {
  it.each(notebooks)("%s has its true errors and no other", async (_, ...steps) => {
    for (const step of steps) {
      const [code, ...errors] = typeof step === "string" ? [step] : step;
      const found = await session.run(code);
      expect([code, ...found.map((line) => line.split(" ", 2).join(" "))]).toEqual([code, ...errors]);
    }
  });
});

describe("130 cells of a session", () => {
  it("that each use the one before have no error, and a wrong use of the last is found", async () => {
    await session.run("class Step0 { value = 0 }; let total0 = 0");
    for (let n = 1; n <= 130; n++) {
      const cell = `class Step${n} extends Step${n - 1} { value${n} = total${n - 1} }
let total${n} = total${n - 1} + new Step${n}().value${n};
const model${n} = tf.sequential({ layers: [tf.layers.dense({ units: ${n}, inputShape: [4] })] });
const shape = model${n}.outputs[0]!.shape.map((size) => size ?? total${n});`;
      expect([n, ...(await session.run(cell))]).toEqual([n]);
    }
    expect(await session.run("new Step130().value1.toFixed(); total130 = 'a'; shape[0]!.at(1)")).toEqual([
      "2322 1:33 Type 'string' is not assignable to type 'number'.",
      "2339 1:59 Property 'at' does not exist on type 'number'.",
    ]);
  });
});
