/** Where a place in generated code stands in the text that the user wrote. */
export type Locate = (
  script: string,
  line: number,
  column: number,
) => { readonly script: string; readonly line: number; readonly column: number } | undefined;

/** Makes every stack trace show the user's cells and files, line and column; what it costs is paid by those who look. */
export function showUserPositions(locate: Locate): void {
  Error.prepareStackTrace = (error, sites) => {
    const frames = sites.map((site) => {
      const text = String(site);
      const script = site.getScriptNameOrSourceURL() ?? site.getFileName();
      const [line, column] = [site.getLineNumber(), site.getColumnNumber()];
      if (!script || line === null || column === null) return text;
      const place = locate(script, line, column);
      return place
        ? text.replace(`${script}:${line}:${column}`, `${place.script}:${place.line}:${place.column}`)
        : text;
    });
    return [headOf(error), ...frames.map((frame) => `    at ${frame}`)].join("\n");
  };
}

function headOf(error: Error): string {
  try {
    return Error.prototype.toString.call(error);
  } catch {
    return "Error"; // an error whose own name or message throws
  }
}
