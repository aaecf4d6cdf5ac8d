// Messages that no honest client sends, the same ones (but for their dates) for the same seed: the fuzz test of CI sends some thousands of
// them to a kernel, hostile.mjs a hundred thousand.
import { createHmac } from "node:crypto";

const delimiter = Buffer.from("<IDS|MSG>");
const deep = `${"[".repeat(100_000)}${"]".repeat(100_000)}`;

/** Code that a right execute_request among them may hold: what it does ends at once. */
const codes = [
  "1",
  "undefined",
  "await null",
  "throw new Error('hostile')",
  "const = 1",
  "((",
  "'\ud800'",
  "%check nothing",
];
const texts = [
  "",
  "x",
  "Math.",
  "a".repeat(5000),
  "\ud83d\ude00.",
  "\ud800",
  "__proto__",
  "constructor",
  "(".repeat(3000),
  "*".repeat(200),
  "\0",
];
const numbers = [0, 1, -1, -1e308, 1e308, 1.5, 2 ** 53, 4294967296];
const types = [
  "__proto__",
  "constructor",
  "toString",
  "hasOwnProperty",
  "",
  "execute_reply",
  "nobody_request",
  "status",
  "x".repeat(10_000),
];

/** Fields of each request that has any. Shutdown is left out: a right one among them would end the kernel. */
const requests = {
  execute_request: {
    code: "code",
    silent: "flag",
    store_history: "flag",
    user_expressions: "texts",
    allow_stdin: "flag",
    stop_on_error: "flag",
  },
  complete_request: { code: "text", cursor_pos: "number" },
  inspect_request: { code: "text", cursor_pos: "number", detail_level: "number" },
  history_request: {
    hist_access_type: "access",
    session: "number",
    start: "number",
    stop: "number",
    n: "number",
    pattern: "text",
    output: "flag",
    raw: "flag",
    unique: "flag",
  },
  is_complete_request: { code: "text" },
  comm_info_request: { target_name: "text" },
  kernel_info_request: {},
  interrupt_request: {},
  comm_open: { comm_id: "text", target_name: "text", data: "texts" },
  comm_msg: { comm_id: "text", data: "texts" },
  comm_close: { comm_id: "text", data: "texts" },
  input_reply: { value: "text" },
};
const channels = ["shell", "shell", "shell", "control", "stdin"];

/** A small seeded generator (mulberry32). */
function randomNumbers(seed) {
  let state = seed >>> 0;
  return () => {
    state = (state + 0x6d2b79f5) >>> 0;
    let mixed = Math.imul(state ^ (state >>> 15), state | 1);
    mixed ^= mixed + Math.imul(mixed ^ (mixed >>> 7), mixed | 61);
    return ((mixed ^ (mixed >>> 14)) >>> 0) / 2 ** 32;
  };
}

/** Yields `{ kind, channel, frames }` without end. */
export function* hostileMessages(key, seed) {
  const random = randomNumbers(seed);
  const below = (n) => Math.floor(random() * n);
  const pick = (list) => list[below(list.length)];
  const bytes = (n) => Buffer.from(Array.from({ length: below(n) }, () => below(256)));
  let count = 0;

  const header = (msg_type) => ({
    msg_id: `hostile-${seed}-${count++}`,
    msg_type,
    session: "hostile",
    username: "hostile",
    date: random() < 0.1 ? "2026-01-01T00:00:00.000Z" : new Date().toISOString(),
    version: "5.5",
  });
  const sign = (parts) => {
    const digest = createHmac("sha256", key);
    for (const part of parts) digest.update(part);
    return digest.digest("hex");
  };
  const message = (parts, signature = sign(parts)) => [delimiter, signature, ...parts];
  const request = (type, content) => [JSON.stringify(header(type)), "{}", "{}", JSON.stringify(content)];
  const right = {
    code: () => pick(codes),
    text: () => pick(texts),
    number: () => pick(numbers),
    flag: () => random() < 0.5,
    access: () => pick(["range", "tail", "search"]),
    texts: () => JSON.parse(`{${JSON.stringify(pick(types))}: ${JSON.stringify(pick(codes))}}`),
  };
  const wrong = () =>
    pick([null, true, "x", -1, 1e308, [], [1], {}, { a: 5 }, [[["x"]]], JSON.parse('{"__proto__": {"polluted": 1}}')]);
  const content = (type, wrongness) =>
    Object.fromEntries(
      Object.entries(requests[type])
        .filter(() => random() > wrongness / 4)
        .map(([name, rule]) => [name, random() < wrongness ? wrong() : right[rule]()]),
    );

  const kinds = {
    noise: () => Array.from({ length: below(12) + 1 }, () => bytes(2000)),
    noiseBehindDelimiter: () => [delimiter, ...Array.from({ length: below(8) }, () => bytes(500))],
    /** Would set `globalThis.forged`, were it ever run. */
    forged: () => {
      const parts = request("execute_request", { code: "globalThis.forged = true" });
      const signature = sign(parts);
      return pick([
        message(parts, ""),
        message(parts, signature.slice(0, -1)),
        message(parts, `${signature}0`),
        message(parts, signature.toUpperCase().replace(/[0-9]/g, "A")),
        message(parts, signature.toUpperCase() === signature ? "" : signature.toUpperCase()),
        message(parts, "f".repeat(64)),
        message([parts[3], parts[1], parts[2], parts[0]], signature),
        message([parts[0], parts[2], parts[3], parts[1]], signature),
        message(parts, signature).slice(0, -1),
        message(parts, signature).slice(1),
      ]);
    },
    signedNoise: () => message(Array.from({ length: 4 }, () => bytes(200))),
    signedNoObjects: () =>
      message(Array.from({ length: 4 }, () => pick(["[]", "null", "1", '"x"', "{}", "{", "[{}]"]))),
    incompleteHeader: () => {
      const parts = { ...header("kernel_info_request") };
      delete parts[pick(Object.keys(parts))];
      return message([
        JSON.stringify({ ...parts, ...(random() < 0.5 ? { date: 5, session: {} } : {}) }),
        "{}",
        "{}",
        "{}",
      ]);
    },
    strangeType: () => message(request(pick([...types, 5, null, ["execute_request"]]), { code: "1" })),
    pollutedHeader: () =>
      message([
        `{"__proto__": {"polluted": 1}, ${JSON.stringify(header("kernel_info_request")).slice(1)}`,
        "{}",
        "{}",
        "{}",
      ]),
    pollutedParts: () => {
      const polluted = '{"__proto__": {"polluted": 1}, "constructor": {"prototype": {"polluted": 1}}}';
      return message([JSON.stringify(header(pick(Object.keys(requests)))), polluted, polluted, polluted]);
    },
    deepContent: () =>
      message([
        JSON.stringify(header(pick(Object.keys(requests)))),
        "{}",
        "{}",
        `{"code": ${deep}, "comm_id": ${deep}}`,
      ]),
    hugeIdentities: () => [
      ...Array.from({ length: below(50) }, () => Buffer.alloc(below(20_000), 1)),
      ...message(request("kernel_info_request", {})),
    ],
    manyBuffers: () => [
      ...message(request("comm_msg", { comm_id: "x", data: {} })),
      ...Array.from({ length: below(500) }, () => bytes(50)),
    ],
    wrongContent: () => {
      const type = pick(Object.keys(requests));
      return message(request(type, content(type, 0.6)));
    },
    wrongShutdown: () => message(request("shutdown_request", { restart: pick([5, "x", {}, []]) })),
    rightContent: () => {
      const type = pick(Object.keys(requests));
      return message(request(type, content(type, 0)));
    },
  };
  // Long texts are dear to answer; what is answered at once makes up most of it.
  const weights = { deepContent: 0.2, wrongContent: 4, forged: 3, hugeIdentities: 0.3 };
  const lots = Object.keys(kinds).flatMap((kind) => Array(Math.round(10 * (weights[kind] ?? 1))).fill(kind));
  for (;;) {
    const kind = pick(lots);
    yield { kind, channel: pick(channels), frames: kinds[kind]() };
  }
}
