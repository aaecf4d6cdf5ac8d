// `npm start` in a checkout: builds, then becomes the `etude` command in this same process, so that a signal sent to npm
// reaches it and nothing is left behind.
import "./build.mjs";

await import("../dist/kernel/commands/etude.js");
