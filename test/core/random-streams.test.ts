import { describe, expect, it } from "@jest/globals";
import { RandomStream } from "../../src/core/random.js";
import { RandomStreams } from "../../src/core/random-streams.js";

function mask(random: RandomStreams, purpose: string): Float32Array {
  const array = new Float32Array(5);
  random.stream(purpose).fillNormal(array);
  return array;
}

describe("RandomStreams", () => {
  it("gives each purpose the stream that RandomStream.of gives it", () => {
    expect(new RandomStreams(7).stream("init").uniform()).toBe(RandomStream.of(7, "init").uniform());
  });

  it("goes on with the same stream at every call, and a draw in one moves no other", () => {
    const [a, b] = [new RandomStreams(7), new RandomStreams(7)];
    mask(b, "augment");
    expect(mask(a, "dropout")).toEqual(mask(b, "dropout"));
    expect(mask(a, "dropout")).toEqual(mask(b, "dropout"));
    expect(mask(a, "dropout")).not.toEqual(mask(new RandomStreams(7), "dropout"));
  });

  it("goes on bit for bit from its state, which is JSON", () => {
    const random = new RandomStreams(7);
    mask(random, "dropout");
    random.stream("shuffle").permutation(9);
    const later = RandomStreams.from(7, JSON.parse(JSON.stringify(random.state())));
    for (const purpose of ["dropout", "shuffle", "not yet asked for"]) {
      expect(mask(later, purpose)).toEqual(mask(random, purpose));
    }
    expect(later.state()).toEqual(random.state());
  });

  it("differs from seed to seed", () => {
    expect(mask(new RandomStreams(1), "init")).not.toEqual(mask(new RandomStreams(2), "init"));
  });

  it.each<[string, () => unknown, string]>([
    ["a seed that is no integer", () => new RandomStreams(1.5), "RandomStreams: seed must be an integer, got 1.5."],
    [
      "a state that is none",
      () => RandomStreams.from(1, { dropout: [1, 2] }),
      'RandomStreams.from: the state of "dropout" must be four 32-bit integers, not all 0, got an array of 2. Pass what state() returned.',
    ],
    ["a state of zeros", () => RandomStreams.from(1, { dropout: [0, 0, 0, 0] }), 'the state of "dropout" must be'],
    [
      "a state beyond 32 bits",
      () => RandomStreams.from(1, { dropout: [2 ** 40, 0, 0, 1] }),
      'the state of "dropout" must be',
    ],
  ])("refuses %s", (_, make, message) => {
    expect(make).toThrow(message);
  });
});
