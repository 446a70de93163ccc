/** One promise of the project, held against what was measured. */
export interface Aim {
  what: string;
  /** As it is to be read, e.g. `<= 1.25`. */
  limit: string;
  measured: number;
  met: boolean;
}

interface Table {
  title: string;
  columns: readonly string[];
  rows: ReadonlyArray<readonly string[]>;
}

/** What a bench found out. */
export interface Report {
  bench: string;
  /** What it did, in one line each. */
  about: string[];
  tables: Table[];
  aims: Aim[];
  /** Connections of Earshot that failed, and frames that it lost: any of them fails the run. */
  failures: number;
  /** Every figure as a number, for programs. */
  figures: Record<string, unknown>;
}

export interface BenchOptions {
  quick: boolean;
  /** Fixes the order in which the contenders take turns. */
  seed: number;
  /** A folder for CPU profiles of the servers; null: none are made. */
  profileDir: string | null;
  /** Says how far it is. */
  progress(text: string): void;
}

/** At most; a NaN misses. */
export function atMost(what: string, measured: number, limit: number, unit = ''): Aim {
  return { what, limit: `<= ${limit}${unit}`, measured, met: measured <= limit };
}

/** At least; a NaN misses. */
export function atLeast(what: string, measured: number, limit: number, unit = ''): Aim {
  return { what, limit: `>= ${limit}${unit}`, measured, met: measured >= limit };
}

/** The report for people. The last line says whether the aims were met. */
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

/** Three digits that mean something, and none that don't. */
export function show(value: number): string {
  if (Number.isInteger(value)) return value.toLocaleString('en');
  return Math.abs(value) >= 100 ? Math.round(value).toLocaleString('en') : value.toPrecision(3);
}

/** The first column to the left, numbers to the right. */
function tableText(rows: ReadonlyArray<readonly string[]>): string {
  const width = (column: number) => Math.max(...rows.map((row) => row[column]?.length ?? 0));
  const widths = (rows[0] ?? []).map((_, column) => width(column));
  return rows
    .map((row) =>
      row.map((cell, i) => (i === 0 ? cell.padEnd(widths[i] ?? 0) : cell.padStart(widths[i] ?? 0))).join('  '),
    )
    .join('\n');
}
