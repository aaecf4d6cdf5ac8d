/** Who may import whom: a rule for each room, and one owner for each heavy package. CONTRIBUTING.md says why. */
const room = (name, path, allowed) => ({
  name,
  severity: "error",
  from: { path },
  to: { path: "^(kernel|src)/", pathNot: [path, ...allowed] },
});
const owner = (name, owners, packages) => ({
  name,
  severity: "error",
  from: { path: "^(kernel|src)/", pathNot: owners },
  to: { path: `^node_modules/(${packages})/` },
});
const src = (...rooms) => rooms.map((name) => `^src/${name}/`);
const kernel = (...rooms) => rooms.map((name) => `^kernel/${name}/`);

const belowTraining = [
  "core",
  "output",
  "charts",
  "data",
  "preprocessing",
  "metrics",
  "engine",
  "layers",
  "architectures",
  "losses",
  "optimizers",
  "models",
  "callbacks",
  "runs",
];

module.exports = {
  forbidden: [
    {
      name: "no-cycles",
      severity: "error",
      from: {},
      to: { circular: true, viaOnly: { dependencyTypesNot: ["type-only"] } },
    },
    { name: "src-never-imports-kernel", severity: "error", from: { path: "^src/" }, to: { path: "^kernel/" } },
    room("src/core", "^src/core/", []),
    room("src/output", "^src/output/", []),
    room("src/charts", "^src/charts/", src("core", "output")),
    room("src/data", "^src/data/", src("core", "output")),
    room("src/preprocessing", "^src/preprocessing/", src("core", "data")),
    room("src/metrics", "^src/metrics/", src("core", "data")),
    room("src/engine", "^src/engine/", src("core")),
    room("src/layers", "^src/layers/", src("core", "engine")),
    room("src/architectures", "^src/architectures/", src("core", "engine", "layers")),
    room("src/inspection", "^src/inspection/", src("core", "output", "charts", "data", "engine", "layers", "losses")),
    room("src/insight", "^src/insight/", src("core", "output", "charts", "data", "engine", "metrics", "training")),
    room("src/losses", "^src/losses/", src("core", "engine")),
    room("src/optimizers", "^src/optimizers/", src("core", "output", "charts", "engine")),
    room("src/models", "^src/models/", src("core", "engine")),
    room("src/callbacks", "^src/callbacks/", src("core", "output", "charts", "metrics", "engine", "optimizers")),
    room("src/runs", "^src/runs/", src("core", "output", "charts", "engine", "models", "callbacks")),
    room("src/training", "^src/training/", src(...belowTraining)),
    room("kernel/protocol", "^kernel/protocol/", []),
    room("kernel/pipe", "^kernel/pipe/", []),
    room("kernel/channels", "^kernel/channels/", kernel("protocol")),
    room("kernel/execution", "^kernel/execution/", kernel("protocol", "pipe")),
    room("kernel/language", "^kernel/language/", []),
    room("kernel/cells", "^kernel/cells/", []),
    room("kernel/display", "^kernel/display/", src("core", "output")),
    room("kernel/handlers", "^kernel/handlers/", kernel("protocol", "execution", "language", "cells", "display")),
    room("kernel/runner", "^kernel/runner/", [
      "^kernel/notebook-path\\.ts$",
      ...kernel("cells", "display", "pipe"),
      "^src/index\\.ts$",
      ...src("core", "output"),
    ]),
    owner("zeromq-in-channels", "^kernel/channels/", "zeromq"),
    owner("typescript-in-language", "^kernel/language/", "typescript|vscode-jsonrpc|vscode-languageserver-protocol"),
    owner("compilers-in-cells", "^kernel/cells/", "oxc-[a-z]+|@swc/[a-z]+|acorn|magic-string"),
    owner("tfjs-in-engine", "^src/engine/", "@tensorflow/[a-z0-9-]+"),
    owner("onnxruntime-in-engine", "^src/engine/", "onnxruntime-[a-z]+"),
    owner("duckdb-in-data", "^src/data/", "@duckdb/[a-z-]+"),
    owner("vega-in-charts", "^src/charts/", "vega|vega-lite|vega-interpreter|@napi-rs/canvas|@fontsource/roboto"),
  ],
  options: {
    doNotFollow: { path: "node_modules" },
    exclude: { path: "^dist/" },
    tsPreCompilationDeps: true,
    parser: "swc",
    enhancedResolveOptions: {
      extensions: [".ts", ".js"],
      exportsFields: ["exports"],
      conditionNames: ["import", "node", "default"],
    },
    moduleSystems: ["es6", "cjs"],
  },
};
