// biome-ignore-all lint/suspicious/noTemplateCurlyInString: the texts are cells
/** Cells that run one after the other, and what comes of the last: its value as Node prints it, an error, or nothing. */
export type CellCase = readonly [cells: readonly string[], outcome: string | null];

export const cellCases: Readonly<Record<string, readonly CellCase[]>> = {
  "a const refuses every kind of write, and a name that shadows it does not": [
    [["const k1 = 1", "k1 = 2"], "TypeError: Assignment to constant variable."],
    [["const k2 = 1", "try { k2 = 2 } catch {}", "k2"], "1"],
    [["const k3 = 1; const f3 = () => { k3++ }", "f3()"], "TypeError: Assignment to constant variable."],
    [
      [
        "const k4 = 1",
        "{ let k4 = 2; k4 = 3; k4 }; ((k4) => { k4 = 5 })(1); for (let k4 = 0; k4 < 2; k4++) {}; try { throw 1 } catch (k4) { k4 = 3 }; class X4 { m(k4) { k4 = 1 } }; function g4() { var k4; k4 = 2 }; g4(); k4",
      ],
      "1",
    ],
    [["const k5 = 1", "let k5 = 2", "k5 = 3; k5"], "3"],
    [['import { join as j6 } from "node:path"', "j6 = 5"], "TypeError: Assignment to constant variable."],
    [["const k7 = 1", "for (k7 of [2]) {}"], "TypeError: Assignment to constant variable."],
    [["const k8 = 1; let l8 = 0", "({ k8, l8 } = { k8: 2, l8: 3 })"], "TypeError: Assignment to constant variable."],
  ],
  "functions and classes have the name of their variable": [
    [
      [
        "const nf = () => {}; let ng = function () {}; var nh = class {}; const { ni = () => {} } = {}; const [nj = class {}] = []; [nf.name, ng.name, nh.name, ni.name, nj.name].join()",
      ],
      "nf,ng,nh,ni,nj",
    ],
    [["function fd1() {}; async function* fd2() {}; class Cd {}; [fd1.name, fd2.name, Cd.name].join()"], "fd1,fd2,Cd"],
  ],
  "the value of the last expression is the result": [
    [["(() => {})"], "[Function (anonymous)]"],
    [["export declare const q: 1; 5"], "5"],
    [["using lu = { [Symbol.dispose]() {} } as any; for (const x of [1]) { x }\n5"], "5"],
    [["({ a: 1, b: 2 })"], "{ a: 1, b: 2 }"],
    [["1, 2"], "2"],
    [["5;"], "5"],
    [['"abc"'], "abc"],
    [['"use strict"; 7'], "7"],
    [["5\ntype X = string; interface I {}"], "5"],
    [["Promise.resolve(1)"], "Promise { 1 }"],
    [["await null; Promise.resolve(1)"], "Promise { 1 }"],
    [["`a`"], "a"],
    [["(class Foo {})"], "[class Foo]"],
    [["(() => ({ a: 1 }))()"], "{ a: 1 }"],
    [["export default 41 + 1"], "42"],
  ],
  "a cell that ends with a declaration has no result": [
    [["declare const zz: number"], null],
    [["// only\n/* c */"], null],
    [[""], null],
    [["\n \n"], null],
    [["enum E4 { A }"], null],
    [["namespace N4 { export const a = 1 }"], null],
    [["namespace N5 { export let a = 1 }"], null],
    [["const d6 = (v: any, c: any) => {}; @d6 class D6 {}"], null],
    [["export default function edn() {}"], null],
  ],
  "any text of a file is a cell": [
    [["const cr = 1\r\nconst cs = 2\r\ncr + cs\r\n"], "3"],
    [["#!/usr/bin/env node\n42"], "42"],
    [["const été = 1, 变量 = 2; été + 变量"], "3"],
    [["12345678901234567890n * 2n"], "24691357802469135780n"],
    [["const as1 = 1\n;[1].map(x => x)\n;(() => 2)()"], "2"],
    [["const $ = 1, _ = 2, $etude = 3; $ + _ + $etude"], "6"],
    [["const env = 1; env + 1"], "2"],
    [["const _A = 1; enum _E { x } _A + _E.x"], "1"],
    [['/a(?<n>b)/u.exec("ab")!.groups!.n'], "b"],
    [["const [...sp] = [1, 2]; sp.length"], "2"],
    [['const gs = { get a() { return 1 }, set a(v) {}, [`b${1}`]: 2, "c-d": 3, async *x() {} }; gs.a + gs.b1'], "3"],
    [["const on: any = null; on?.a.b ?? 7"], "7"],
    [["class Sa { a() { return 1 } } class Sb extends Sa { a() { return super.a() + 1 } } new Sb().a()"], "2"],
  ],
  "enums and namespaces begin anew in each cell, and their parts in one cell go together": [
    [["enum E1 { A, B }", "enum E1 { C }", "E1"], "{ '0': 'C', C: 0 }"],
    [["enum E2 { A } enum E2 { B = 1 }; E2"], "{ '0': 'A', '1': 'B', A: 0, B: 1 }"],
    [['const enum F1 { X = "x", Y = 1 << 3 }', "F1.X + F1.Y"], "x8"],
    [["export enum G1 { Z }", "export enum G1 { W }", "G1"], "{ '0': 'W', W: 0 }"],
    [["namespace N1 { export const a = 1 }", "namespace N1 { export const b = 2 }", "N1"], "{ b: 2 }"],
    [["namespace N2 { export let a = 1; export function inc() { a++ } }\nN2.inc(); N2.a"], "2"],
    [["namespace N3 { export let a = 1 }", "namespace N3 { export let b = 1 }", "N3"], "{ b: 1 }"],
    [["function nf1() { return 1 } namespace nf1 { export const z = 2 }", "nf1() + nf1.z"], "3"],
    [["class Kn { static s = 1 } namespace Kn { export const z = 2 }", "Kn.s + Kn.z"], "3"],
    [["namespace M1 { export const a = 1 } namespace M1 { export const b = 2 }; M1"], "{ a: 1, b: 2 }"],
    [["namespace A.B.C { export const q = 4 }", "A.B.C.q"], "4"],
    [["namespace P1 { export namespace Q { export const r = 7 } } import q1 = P1.Q; q1.r"], "7"],
  ],
  "using disposes at the end of its block, at the top level at the end of the cell": [
    [['let u1 = ""; { using r = { [Symbol.dispose]() { u1 += "d" } } as any; u1 += "b" }', "u1"], "bd"],
    [
      [
        'let u2 = ""; using r2 = { [Symbol.dispose]() { u2 += "d" }, v: 4 } as any; const k2u = 9; u2 += "b"; r2.v',
        "u2 + r2.v + k2u",
      ],
      "bd49",
    ],
    [
      [
        "using r3 = { [Symbol.dispose]() {} } as any; const q3u = 3; function f3u() { return q3u } class C3u {} f3u() + 1",
      ],
      "4",
    ],
    [['let u4 = ""; { await using r = { async [Symbol.asyncDispose]() { u4 += "d" } } as any; u4 += "b" } u4'], "bd"],
    [
      ['let u5 = ""; await using r5 = { async [Symbol.asyncDispose]() { u5 += "d" } } as any; u5 += "b"; 1', "u5"],
      "bd",
    ],
    [
      ['let u6 = ""; function f6() { using a = { [Symbol.dispose]() { u6 += "x" } } as any; return 1 } f6() + u6'],
      "1x",
    ],
  ],
  "decorators and accessors of the standard work": [
    [
      [
        "function dec(v: unknown, c: DecoratorContext) { log1.push(`${c.kind}:${String(c.name)}`) }\nconst log1: string[] = [];\n@dec class D1 { @dec m() {} @dec accessor x = 1; @dec f = 2; static s = D1.name }\nnew D1().x + log1.join() + D1.s",
        "D1.name + new D1().f",
      ],
      "D12",
    ],
    [
      [
        "function dec(v: unknown, c: DecoratorContext) { log1.push(`${c.kind}:${String(c.name)}`) }\nconst log1: string[] = [];\n@dec class D2 { @dec m() {} @dec accessor x = 1; @dec f = 2 }\nlog1.join()",
      ],
      "method:m,accessor:x,field:f,class:D2",
    ],
    [
      ["function rep(v: any) { return class R extends v { extra = 1 } as any }\n@rep class D3 {}", "new D3().extra"],
      "1",
    ],
    [["const d4 = (v: any, c: any) => {}\n@d4 export class D4 { a = 1 }", "new D4().a"], "1"],
    [["const d5 = (v: any, c: any) => {}\nexport @d5 class D5 { a = 1 }", "new D5().a"], "1"],
    [["class Ac { accessor x = 1; static accessor y = 2 }", "new Ac().x + Ac.y"], "3"],
  ],
  "JSX and TypeScript read as in a .tsx file, old casts and generic arrows as in a .ts file": [
    [
      ['const React = { createElement: (...a) => a, Fragment: "F" }; <><b a="1">x</b></>'],
      "[ 'F', null, [ 'b', { a: '1' }, 'x' ] ]",
    ],
    [["const ga = <T,>(x: T) => x; ga(3)"], "3"],
    [["const gb = <T>(x: T): T => x; gb(4)"], "4"],
    [["const oc = <number>(5 as unknown); oc"], "5"],
    [
      [
        "class Pp { constructor(public a: number, private readonly b = 2) {} s() { return this.a + this.b } } new Pp(1).s()",
      ],
      "3",
    ],
    [
      [
        "abstract class Ab { abstract m(): number; n() { return this.m() + 1 } } class Bb extends Ab { m() { return 1 } } new Bb().n()",
      ],
      "2",
    ],
    [["const sa = { a: 1 } satisfies Record<string, number>; sa.a!"], "1"],
    [["declare global { var zq: number } globalThis.zq = 4; zq"], "4"],
    [["class Oa { m() {} } class Ob extends Oa { override m() { return 1 } } new Ob().m()"], "1"],
    [["let df!: number; df = 3; df"], "3"],
    [["function tp(this: any, a: number) { return a } tp(3)"], "3"],
    [["class Is { [k: string]: any; static readonly q = 1 } Is.q"], "1"],
    [['const isS = (x: any): x is string => typeof x === "string"; isS("a")'], "true"],
    [["function asr(x: any): asserts x {} asr(1); 2"], "2"],
    [['declare const us: unique symbol; const us2: unique symbol = Symbol("a"); us2.description'], "a"],
    [["const ge = <T extends object>(x: T) => Object.keys(x); ge({ a: 1 }).length"], "1"],
    [["type Tl = [a: number, b?: string]; const tl: Tl = [1]; tl[0]"], "1"],
    [['type Tt = `a${string}`; const tt: Tt = "ab"; tt'], "ab"],
  ],
  "exports become names of the session": [
    [["export default function edf() { return 5 }", "edf()"], "5"],
    [["export default class Edc { a = 6 }", "new Edc().a"], "6"],
    [["export default function () { return 3 }; 1"], "1"],
    [["export const ec = 3, ed = 4", "ec + ed"], "7"],
    [["export function ef() { return 1 } export class Eg {} export let eh = 2", "ef() + eh + typeof Eg"], "3function"],
    [["export type ET = 1; export interface EI {} export {}; 3"], "3"],
    [["const eln = 1", "export { eln }; 2"], "2"],
    [['export * from "node:path"; export * as pp from "node:path"; pp.sep'], "/"],
  ],
  "imports give names, and undefined for what may be a type": [
    [['import p7 = require("node:path"); p7.sep'], "/"],
    [["import.meta.url"], "file:///notebook/"],
    [['const { sep: s9 } = await import("node:path"); s9'], "/"],
    [['import("node:path").then(m => m.sep).constructor.name'], "Promise"],
    [['const mj = await import("data:application/json,{\\"a\\":1}", { with: { type: "json" } }); mj.default.a'], "1"],
    [
      [
        'import fs1, { readFileSync as r1 } from "node:fs"; import * as fs2 from "node:fs"; fs1.readFileSync === r1 && fs2.default === fs1',
      ],
      "true",
    ],
    [['import { "sep" as sp1 } from "node:path"; sp1'], "/"],
  ],
  "loops, labels and variables keep their meaning": [
    [["let lb = 0; outer: for (let i = 0; i < 3; i++) { for (;;) { lb++; continue outer } } lb"], "3"],
    [
      [
        "let fl = 0; async function* ag() { yield 1; yield 2; yield 3 }\nouter2: for await (const x of ag()) { for (;;) { fl += x; continue outer2 } }\nfl",
      ],
      "6",
    ],
    [["let fs1 = 0; for await (const x of [1, Promise.resolve(2)]) fs1 += x; fs1"], "3"],
    [["for (var i10 = 0, n10 = 3; i10 < n10; i10++) {} i10"], "3"],
    [["for (var { a: a11 } of [{ a: 1 }, { a: 2 }]) {} a11"], "2"],
    [["for (var k11 in { x: 1, y: 2 }) {} k11"], "y"],
    [
      ["if (true) { var x12 = 3; try { var y12 = 4 } finally {} switch (1) { case 1: var z12 = 5 } } x12 + y12 + z12"],
      "12",
    ],
    [["if (false) var w13 = 1; else var w13 = 2; w13"], "2"],
    [["function v14() { var inner = 1; return inner } v14() + typeof inner"], "1undefined"],
    [["if (true) var a15 = 1, b15 = 2; a15 + b15"], "3"],
    [
      [
        "const c16: any[] = []; for (let i = 0; i < 3; i++) c16.push(() => i); for (const j of [7, 8]) c16.push(() => j); c16.map(f => f()).join()",
      ],
      "0,1,2,7,8",
    ],
    [["let li = 5", "let li; li"], "undefined"],
    [["let lm = 1, ln, lo = lm + 1; [lm, ln, lo]"], "[ 1, undefined, 2 ]"],
    [["foo: { const x = 1; break foo } 3"], "3"],
    [["if (true) { function blk() { return 1 } } typeof blk"], "undefined"],
    [["var vv = 1; var vv = 2; vv"], "2"],
    [["const { a: oa, ...rest1 } = { a: 1, b: 2 }, [ob] = [3]; [oa, rest1.b, ob]"], "[ 1, 2, 3 ]"],
    [["!function () { }()"], "true"],
    [["const dd = { a: 1 }; delete dd.a"], "true"],
  ],
  "await stands wherever an expression does, and generators go on as they were": [
    [["function* g17() { const r = yield 1; return r } const it17 = g17(); it17.next(); it17.next(5).value"], "5"],
    [
      [
        "async function* g18() { for (let i = 0; i < 3; i++) yield await Promise.resolve(i) } const o18 = []; for await (const x of g18()) o18.push(x); o18.join()",
      ],
      "0,1,2",
    ],
    [["async function f19(a = 1, { b = 2 } = {}) { return a + b + await 3 } await f19()"], "6"],
    [
      [
        "class S20 { static v: number; static { var q = 1; this.v = q + 1 } #p = 3; has(o: any) { return #p in o } } S20.v + String(new S20().has(new S20()))",
      ],
      "2true",
    ],
    [['class S21 { [await "k"]() { return 1 } } new S21().k()'], "1"],
    [["const a22 = [await 1, ...(await [2])]; a22"], "[ 1, 2 ]"],
    [["(await 2) ** 3"], "8"],
    [["await (await (async () => 5)())"], "5"],
    [["`${await 1}${await 2}`"], "12"],
    [["new (await Date)(0).getTime()"], "0"],
    [["(await { a: 1 })?.a"], "1"],
    [["(await 0) ? 1 : await 2"], "2"],
    [["async function* ya() { yield await 1 } (await ya().next()).value"], "1"],
    [["const ab = async (x: number) => await x + 1; await ab(1)"], "2"],
    [
      [
        "const om = { async m() { return await 1 }, async *g() { yield await 2 } }; await om.m() + (await om.g().next()).value",
      ],
      "3",
    ],
    [
      [
        'let ct = ""; try { await Promise.reject(new Error("q")) } catch (e) { ct = e.message } finally { ct += "f" } ct',
      ],
      "qf",
    ],
    [["let cn = 1; try { await Promise.reject() } catch { cn = 2 } cn"], "2"],
    [["let cp; try { await Promise.reject({ a: 4 }) } catch ({ a }) { cp = a } cp"], "4"],
  ],
  "a cell may take the name of a global": [
    [["const console = { log: () => 5 }; console.log()"], "5"],
    [["const Map2 = Map; class Map extends Map2 {}; new Map().size"], "0"],
    [['throw new Error("x"); const structuredClone = 1', "typeof structuredClone"], "function"],
    [["let undefined = 1"], "SyntaxError: undefined cannot be declared"],
  ],
  "an error keeps what was declared before it": [
    [['const ek = 1; throw new Error("x"); const el = 2', "ek + typeof el"], "1undefined"],
    [['throw new Error("x"); function fae() { return 1 }', "fae()"], "1"],
  ],
  "a name may change its kind": [
    [["const kc = 1", "function kc() { return 2 }", "class kc {}", "enum kc { A }", "let kc = 5; kc++; kc"], "6"],
  ],
  "cells are strict and run in the global scope": [
    [["this === globalThis"], "true"],
    [["(function () { return this })()"], "undefined"],
    [["nodecl = 5"], "ReferenceError: nodecl is not defined"],
  ],
  "what is no TypeScript is refused": [
    [["let dl = 1; let dl = 2"], "SyntaxError: Identifier `dl` has already been declared"],
    [["return 5"], "SyntaxError: A 'return' statement can only be used within a function body."],
    [["/x(/"], "SyntaxError: Invalid regular expression: /x(/: Unterminated group"],
  ],
};
