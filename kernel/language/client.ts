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
    diagnostic: { relatedInformation: true },
    codeAction: { codeActionLiteralSupport: { codeActionKind: { valueSet: ["quickfix"] } } },
    documentSymbol: { hierarchicalDocumentSymbolSupport: true },
    completion: {
      completionItem: {
        documentationFormat: ["markdown"],
        labelDetailsSupport: true,
        resolveSupport: { properties: ["detail", "additionalTextEdits"] },
      },
      completionList: { itemDefaults: ["editRange"] },
    },
    hover: { contentFormat: ["markdown"] },
    signatureHelp: { signatureInformation: { documentationFormat: ["markdown"] } },
    semanticTokens: { requests: { full: true }, formats: ["relative"], tokenTypes, tokenModifiers: [] },
  },
};

/** TypeScript must not acquire types: it would run `npm install` behind the user's back, which outlives the kernel. */
const noInstalls = {
  disableAutomaticTypeAcquisition: true,
  tsserver: { automaticTypeAcquisition: { enabled: false } },
};

/** Names that would have to be imported make a list ten times as long; they are asked for when nothing else fits. */
export const settings = { ...noInstalls, suggest: { autoImports: false } };
export const importSettings = { ...noInstalls, suggest: { autoImports: true } };
