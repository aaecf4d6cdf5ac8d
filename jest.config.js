// A test that looks at runs names a folder for them; the others leave none behind.
process.env.ETUDE_RUNS ??= "off";

/** Jest runs the TypeScript sources as ES modules; tests that start a kernel use the built one in dist/. */
export default {
  testEnvironment: "<rootDir>/test/environment.js",
  // Tensors are collected, and their memory given back, also after their test file has ended.
  testEnvironmentOptions: { globalsCleanup: "off" },
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.c?js$": "$1" },
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  transform: { "\\.c?ts$": "<rootDir>/test/transform.js" },
  testTimeout: 60_000,
  maxWorkers: 2,
};
