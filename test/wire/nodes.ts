/** The Nodes to run kernels on, `[version, path]`: the one that runs the tests, and those that `npm test` installs. */
export const nodes: [version: string, path: string][] = [
  [process.versions.node, process.execPath],
  ...Object.entries(JSON.parse(process.env.ETUDE_TEST_NODES ?? "{}") as Record<string, string>),
];
