/** Jest runs the TypeScript sources as ES modules; tests that start a kernel use the built one in dist/. */
export default {
  testEnvironment: "<rootDir>/test/environment.js",
  roots: ["<rootDir>/test"],
  testMatch: ["**/*.test.ts"],
  extensionsToTreatAsEsm: [".ts"],
  moduleNameMapper: { "^(\\.{1,2}/.*)\\.c?js$": "$1" },
  modulePathIgnorePatterns: ["<rootDir>/dist/"],
  transform: { "\\.c?ts$": "<rootDir>/test/transform.js" },
  testTimeout: 60_000,
  maxWorkers: 2,
};
