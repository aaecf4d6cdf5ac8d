import { randomUUID } from "node:crypto";
import { appendFile, mkdir, readFile } from "node:fs/promises";
import { dirname } from "node:path";
import type { HistoryItem, HistoryRequest } from "../protocol/history.js";
import { matchesGlob } from "./glob.js";

interface Entry {
  /** The session's own id; sessions are numbered by their first appearance. */
  readonly session: string;
  readonly line: number;
  readonly code: string;
}

/** A burst of cells is written at once. */
const writeAfterMs = 200;

/** What was run, in this session and earlier ones: JSON lines in a private file that all kernels append to. */
export class History {
  private readonly session = randomUUID();
  private readonly own: Entry[] = [];
  /** How many of them are in the file, or on their way. */
  private written = 0;
  private writing: Promise<void> = Promise.resolve();
  private timer: NodeJS.Timeout | undefined;

  constructor(
    private readonly file: string,
    private readonly onError: (reason: string) => void,
  ) {}

  add(line: number, code: string): void {
    this.own.push({ session: this.session, line, code });
    this.timer ??= setTimeout(() => this.write(), writeAfterMs);
  }

  /** Settles when all that was added is in the file. */
  async saved(): Promise<void> {
    this.write();
    await this.writing;
  }

  async find(request: HistoryRequest): Promise<HistoryItem[]> {
    const entries = await this.all();
    const numbers = new Map<string, number>();
    for (const { session } of entries) if (!numbers.has(session)) numbers.set(session, numbers.size + 1);
    const chosen = choose(entries, numbers, this.session, request);
    return chosen.map(({ session, line, code }) => [numbers.get(session)!, line, request.output ? [code, null] : code]);
  }

  private write(): void {
    clearTimeout(this.timer);
    this.timer = undefined;
    const lines = this.own.slice(this.written).map((entry) => `${JSON.stringify(entry)}\n`);
    this.written = this.own.length;
    if (lines.length > 0) this.writing = this.writing.then(() => this.append(lines.join("")));
  }

  private async append(lines: string): Promise<void> {
    try {
      await mkdir(dirname(this.file), { recursive: true, mode: 0o700 });
      await appendFile(this.file, lines, { mode: 0o600 });
    } catch (error) {
      this.onError(`history is kept for this session only: ${(error as Error).message}`);
    }
  }

  private async all(): Promise<Entry[]> {
    const text = await readFile(this.file, "utf8").catch((error: NodeJS.ErrnoException) => {
      if (error.code !== "ENOENT") this.onError(`earlier sessions cannot be read: ${error.message}`);
      return "";
    });
    const earlier = text.split("\n").flatMap((line) => parse(line) ?? []);
    return [...earlier.filter(({ session }) => session !== this.session), ...this.own];
  }
}

function parse(line: string): Entry | undefined {
  try {
    const entry = JSON.parse(line);
    return typeof entry?.code === "string" ? entry : undefined;
  } catch {
    return undefined; // a line torn by a crash, or the empty end
  }
}

function choose(entries: Entry[], numbers: Map<string, number>, current: string, request: HistoryRequest): Entry[] {
  if (request.hist_access_type === "range") {
    const wanted = request.session ?? 0;
    const number = wanted > 0 ? wanted : (numbers.get(current) ?? numbers.size + 1) + wanted;
    const { start = 0, stop } = request;
    return entries.filter(
      ({ session, line }) => numbers.get(session) === number && line >= start && (stop == null || line < stop),
    );
  }
  let found = entries;
  if (request.hist_access_type === "search") {
    const { pattern = "*" } = request;
    found = found.filter(({ code }) => matchesGlob(code, pattern));
    if (request.unique) found = [...new Map(found.map((entry) => [entry.code, entry])).values()];
  }
  return request.n == null ? found : request.n <= 0 ? [] : found.slice(-request.n);
}
