import { describe, expect, it, jest } from "@jest/globals";
import { messageBundle } from "../../kernel/display/bundle-for.js";
import { Chart } from "../../src/charts/chart.js";
import { display } from "../../src/output/display.js";
import { displaySymbol } from "../../src/output/mime.js";

const unloadable = new Chart({ data: { url: "rows.json" }, mark: "bar" }, { text: "a bar chart" });

describe("Chart", () => {
  it("is a line of text in plain Node, and its picture is not drawn", () => {
    const log = jest.spyOn(console, "log").mockImplementation(() => {});
    display(unloadable);
    expect(log.mock.calls).toEqual([["a bar chart"]]);
    log.mockRestore();
  });

  it("is shown by the page when its picture cannot be drawn, and the text says why", () => {
    const bundle = messageBundle(unloadable[displaySymbol]());
    expect(Object.keys(bundle).sort()).toEqual(["application/vnd.vegalite.v5+json", "text/plain"]);
    expect(bundle["text/plain"]).toBe(
      "a bar chart\n(image/png could not be shown: A static picture reads no files and no network, got " +
        '"rows.json". Use data.values.)',
    );
  });

  it("lets the chart's own look win over the house's", () => {
    const { config } = new Chart({ mark: "bar", config: { axis: { gridColor: "red" } } }, { text: "" }).spec;
    expect(config).toMatchObject({ axis: { gridColor: "red" }, view: { stroke: null } });
  });
});
