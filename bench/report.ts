/** One performance aim, and what was measured. */
export interface Aim {
  what: string;
  /** For display, e.g. `<= 1.25`. */
  limit: string;
  measured: number;
  met: boolean;
}

interface Table {
  title: string;
  columns: readonly string[];
  rows: ReadonlyArray<readonly string[]>;
}

/** The result of a bench. */
export interface Report {
  bench: string;
  /** How to read the tables, one line each. */
  about: string[];
  tables: Table[];
  aims: Aim[];
  /** Number of Earshot's failed connections and lost frames. The exit code is 1 if there are any. */
  failures: number;
  /** All figures as numbers, for `--json`. */
  figures: Record<string, unknown>;
}

export interface BenchOptions {
  quick: boolean;
  /** Seed of the order in which the contenders take turns. */
  seed: number;
  /** Folder for CPU profiles of the servers; null: no profiles. */
  profileDir: string | null;
  /** Prints a progress line. */
  progress(text: string): void;
}

/** An aim that values up to `limit` meet. NaN misses it. */
export function atMost(what: string, measured: number, limit: number, unit = ''): Aim {
  return { what, limit: `<= ${limit}${unit}`, measured, met: measured <= limit };
}

/** An aim that values of at least `limit` meet. NaN misses it. */
export function atLeast(what: string, measured: number, limit: number, unit = ''): Aim {
  return { what, limit: `>= ${limit}${unit}`, measured, met: measured >= limit };
}

/** Formats a report. The last line says whether the aims were met. */
export function reportText(report: Report): string {
  const missed = report.aims.filter((aim) => !aim.met).length;
  return [
    `## ${report.bench}`,
    ...report.about,
    ...report.tables.flatMap((table) => ['', table.title, tableText([table.columns, ...table.rows])]),
    '',
    ...report.aims.map((aim) => `${aim.met ? 'met   ' : 'MISSED'}  ${aim.what}: ${show(aim.measured)} (${aim.limit})`),
    missed === 0
      ? `${report.bench}: every aim was met.`
      : `${report.bench}: ${missed} of ${report.aims.length} aims missed.`,
  ].join('\n');
}

/** Formats a number with three significant digits; integers in full. */
export function show(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** Aligns the first column left and the others right. */
function tableText(rows: ReadonlyArray<readonly string[]>): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}
