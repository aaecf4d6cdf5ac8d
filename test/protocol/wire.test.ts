import { describe, expect, it } from "@jest/globals";
import { HeaderMaker } from "../../kernel/protocol/message.js";
import { Wire, WireError } from "../../kernel/protocol/wire.js";

const wire = (key = "secret") => new Wire(key, "hmac-sha256", new HeaderMaker());
const frames = (from: Wire, content: object = { a: 1 }) =>
  from
    .encode([Buffer.from("peer")], { type: "test_request", content, buffers: [Buffer.of(1, 2)] })
    .map((f) => Buffer.from(f));

describe("the wire format", () => {
  it("carries identities, header, content and buffers there and back", () => {
    const { message } = wire().decode(frames(wire()));
    expect(message.identities.map(String)).toEqual(["peer"]);
    expect(message.header).toMatchObject({ msg_type: "test_request", version: "5.5" });
    expect(message.content).toEqual({ a: 1 });
    expect([...message.buffers[0]!]).toEqual([1, 2]);
  });

  // Made with: python3 -c "import hmac; print(hmac.new(b'k', b'{\"a\":1}{}{}{}', 'sha256').hexdigest())", Python 3.11
  it("signs as Python's hmac does", () => {
    const parts = ['{"a":1}', "{}", "{}", "{}"].map((text) => Buffer.from(text));
    const signature = "df48333744c93a068698742b5d4af647d20e4e71a5a8e2e117cb18a59072bfa2";
    expect(() => wire("k").decode([Buffer.from("<IDS|MSG>"), Buffer.from(signature), ...parts])).toThrow(
      "without msg_type",
    );
  });

  it("copies the parent header character for character", () => {
    const odd = '{ "msg_id" : "1",  "msg_type":"x" , "extra": [1.0] }';
    const encoded = wire().encode([], { type: "reply", content: {}, parent: odd });
    expect(encoded[3]).toBe(odd);
  });

  it.each([
    ["another key", (f: Buffer[]) => f, "other"],
    ["a changed content", (f: Buffer[]) => f.with(6, Buffer.from('{"a":2}')), "secret"],
    ["an empty signature", (f: Buffer[]) => f.with(2, Buffer.alloc(0)), "secret"],
    ["an upper-case signature", (f: Buffer[]) => f.with(2, Buffer.from(f[2]!.toString().toUpperCase())), "secret"],
    ["swapped frames", (f: Buffer[]) => f.with(4, f[6]!).with(6, f[4]!), "secret"],
    ["too few frames", (f: Buffer[]) => f.slice(0, 5), "secret"],
    ["no delimiter", (f: Buffer[]) => f.slice(2), "secret"],
  ])("refuses a message with %s", (_, change, key) => {
    expect(() => wire(key).decode(change(frames(wire())))).toThrow(WireError);
  });

  it.each(["[]", "null", "3", "{", '"x"'])("refuses content that is %s", (content) => {
    const unsigned = wire("");
    const changed = frames(unsigned).with(6, Buffer.from(content));
    expect(() => unsigned.decode(changed)).toThrow(WireError);
  });
});
