import { existsSync, readdirSync, statSync } from "node:fs";
import { basename, dirname, resolve } from "node:path";
import type { DuckDBConnection } from "@duckdb/node-api";
import { show } from "../core/check.js";
import { DataError } from "../core/errors.js";
import { suggest } from "../core/nearest.js";
import { buildColumn } from "./build-column.js";
import { type Cell, type Column, DateColumn } from "./column.js";
import { type Columns, Frame } from "./frame.js";

export interface CsvOptions {
  /** What stands between two values. @default ",", or a tab in a file that ends in .tsv */
  readonly delimiter?: string;
  /** How a missing value is written. @default "", "NA", "N/A", "NaN", "nan", "null" and "NULL" */
  readonly missing?: readonly string[];
}

const missingWords = ["", "NA", "N/A", "NaN", "nan", "null", "NULL"];

/**
 * Reads a table from a text file with a header line; DuckDB infers from all rows what each column holds.
 *
 * Integers beyond 2^53, which numbers cannot hold, stay text, as do times of day and the like.
 *
 * @param path - Relative to the folder of the notebook. A name that ends in .gz is decompressed.
 * @typeParam C - What you know the columns to be; the compiler believes it.
 * @throws DataError if there is no such file, it is empty, or its rows do not fit the header.
 *
 * @example
 * const houses = await readCsv<{ rooms: number; price: number | null }>("houses.csv");
 */
export async function readCsv<C extends Columns = Columns>(path: string, options: CsvOptions = {}): Promise<Frame<C>> {
  checkFile(path);
  const { delimiter = /\.tsv(\.gz)?$/.test(path) ? "\t" : ",", missing = missingWords } = options;
  const { DuckDBInstance, listValue } = await import("@duckdb/node-api");
  const instance = await DuckDBInstance.create(":memory:");
  const connection = await instance.connect();
  try {
    const values = { path: literalPath(resolve(path)), delimiter, missing: listValue(missing) };
    const read = `CREATE TEMP TABLE csv AS SELECT * FROM read_csv($path, delim = $delimiter, quote = '"', escape = '"',
      nullstr = $missing, header = true, skip = 0, sample_size = -1)`;
    await connection.run(read, values).catch((reason: unknown) => {
      throw readError(path, delimiter, String(reason));
    });
    return (await readTable(connection)) as Frame<C>;
  } finally {
    connection.closeSync();
    instance.closeSync();
  }
}

function checkFile(path: string): void {
  const full = resolve(path);
  if (existsSync(full)) {
    const file = statSync(full);
    if (file.isDirectory()) throw new DataError(`readCsv: ${show(path)} is a folder. Name a file in it.`);
    if (file.size === 0) throw new DataError(`readCsv: ${show(path)} is empty.`);
    return;
  }
  const folder = dirname(full);
  if (!existsSync(folder)) {
    throw new DataError(
      `readCsv: no file ${show(path)}: there is no folder ${folder}, looked for from ${process.cwd()}.`,
    );
  }
  const files = readdirSync(folder).filter((name) => /\.(csv|tsv|txt)(\.gz)?$/.test(name));
  throw new DataError(`readCsv: no file ${show(path)} in ${folder}. ${suggest(basename(path), files, "tables there")}`);
}

/** DuckDB takes * ? and [ in a path as patterns of many files. */
function literalPath(path: string): string {
  return path.replace(/[*?[]/g, "[$&]");
}

/** The columns as numbers, booleans or text, the forms that DuckDB hands over in bulk. */
async function readTable(connection: DuckDBConnection): Promise<Frame> {
  const described = await connection.runAndReadAll("DESCRIBE csv");
  const named = described
    .getRows()
    .map(([name, type]) => ({ name: String(name), sql: quoted(String(name)), type: String(type) }));
  const beyond = await connection.runAndReadAll(
    `SELECT ${named.map(({ sql, type }) => beyondNumbers(sql, type)).join(", ")} FROM csv`,
  );
  const tooLarge = beyond.getRows()[0]!;
  const forms = named.map(({ sql, type }, i) => (tooLarge[i] === true ? `${sql}::VARCHAR` : handedOver(sql, type)));
  const read = await connection.runAndReadAll(`SELECT ${forms.join(", ")} FROM csv`);
  const received = read.getColumns() as Cell[][];
  const cells = named.map((_, i) => received[i] ?? []); // of no rows DuckDB sends no columns
  const columns = named.map(({ name, type }, i): [string, Column] => [
    name,
    isTime(type)
      ? new DateColumn(Float64Array.from(cells[i]!, (ms) => (ms === null ? Number.NaN : Number(ms))))
      : buildColumn(name, cells[i]!),
  ]);
  return Frame.fromColumns(Object.fromEntries(columns)) as Frame;
}

function beyondNumbers(sql: string, type: string): string {
  const { MAX_SAFE_INTEGER: most } = Number;
  return /^U?(BIG|HUGE)INT$/.test(type) ? `max(${sql}) > ${most} OR min(${sql}) < -${most}` : "any_value(false)";
}

function handedOver(sql: string, type: string): string {
  if (type === "BOOLEAN") return sql;
  if (isTime(type)) return `epoch_ms(${sql}::TIMESTAMP)::DOUBLE`;
  return /INT|^(FLOAT|DOUBLE|DECIMAL)/.test(type) ? `${sql}::DOUBLE` : `${sql}::VARCHAR`;
}

function isTime(type: string): boolean {
  return type === "DATE" || type.startsWith("TIMESTAMP");
}

function quoted(name: string): string {
  return `"${name.replaceAll('"', '""')}"`;
}

/** DuckDB's report of many lines, as one sentence. */
function readError(path: string, delimiter: string, report: string): DataError {
  const where = `readCsv: ${show(path)}`;
  const line = /CSV Error on Line: (\d+)\n(?:Original Line:.*\n)?(.*)/.exec(report);
  if (line !== null) return new DataError(`${where}, line ${line[1]}: ${line[2]}`);
  if (!report.includes("Error when sniffing file")) return new DataError(`${where}: ${report.split("\n")[0]}`);
  return new DataError(
    `${where} is no table of values between ${show(delimiter)}: its rows have different lengths, or a quote stays open. Correct the file, or pass its delimiter.`,
  );
}
