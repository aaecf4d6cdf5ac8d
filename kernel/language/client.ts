import type { ClientCapabilities } from "vscode-languageserver-protocol";

const tokenTypes = [
  "namespace",
  "class",
  "enum",
  "interface",
  "type",
  "variable",
  "property",
  "function",
  "member",
  "enumMember",
];

/** What we make use of. */
export const capabilities: ClientCapabilities = {
  workspace: { configuration: true },
  textDocument: {
    diagnostic: {},
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    completion: {
      completionItem: { documentationFormat: ["markdown"], labelDetailsSupport: true },
      completionList: { itemDefaults: ["editRange"] },
    },
    hover: { contentFormat: ["markdown"] },
    signatureHelp: { signatureInformation: { documentationFormat: ["markdown"] } },
    semanticTokens: { requests: { full: true }, formats: ["relative"], tokenTypes, tokenModifiers: [] },
  },
};

/**
 * A frontend can insert a name but no import line beside it, so completion offers only names that are in scope. And
 * TypeScript must not acquire types: it would run `npm install` behind the user's back, which outlives the kernel.
 */
export const settings = {
  suggest: { autoImports: false },
  disableAutomaticTypeAcquisition: true,
  tsserver: { automaticTypeAcquisition: { enabled: false } },
};
