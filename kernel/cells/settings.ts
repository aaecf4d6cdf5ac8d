/** What a `tsconfig.json` says about how code is written in JavaScript. */
export interface CompilerSettings {
  readonly jsx: {
    readonly runtime: "classic" | "automatic";
    readonly importSource: string;
    readonly factory: string;
    readonly fragmentFactory: string;
  };
  /** TypeScript's older decorators, and not those of the standard. */
  readonly experimentalDecorators: boolean;
  readonly emitDecoratorMetadata: boolean;
}

export const defaultSettings: CompilerSettings = {
  jsx: {
    runtime: "classic",
    importSource: "react",
    factory: "React.createElement",
    fragmentFactory: "React.Fragment",
  },
  experimentalDecorators: false,
  emitDecoratorMetadata: false,
};
