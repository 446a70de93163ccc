import { readFileSync } from 'node:fs';
import { join } from 'node:path';
import { describe, expect, test } from 'vitest';
import { z } from 'zod';
import { BRIDGE_CALLS } from '../../shared/bridge.ts';
import { LogDraft } from '../../shared/log-event.ts';
import { CLIENT_MESSAGES } from '../../shared/protocol.ts';
import { LIMITS } from '../voice/limits.ts';

// Compares docs/limits.md with the constants and schemas that it documents.

const ROOT = join(import.meta.dirname, '../..');
const read = (path: string) => readFileSync(join(ROOT, path), 'utf8');
const PAGE = read('docs/limits.md');

describe('H72 the table of limits', () => {
  /** The documented value of each constant. */
  const rows = [...PAGE.matchAll(/^\| [^|]+ \| ([\d,]+)(?: (\w+))? \| `([^`]+)` `(\w+)` \| [^|]+ \|$/gm)].map(
    ([, number = '', unit = '', file = '', name = '']) => ({ file, name, documented: bytesOrMs(number, unit) }),
  );

  test('has the value of each constant that it lists', () => {
    expect(rows.length).toBeGreaterThan(50);
    for (const { file, name, documented } of rows)
      expect([file, name, constantsOf(file).get(name)]).toEqual([file, name, documented]);
  });

  test('lists each constant once', () => {
    const names = rows.map(({ file, name }) => `${file} ${name}`);
    expect(names).toEqual([...new Set(names)]);
  });

  test.each([
    'main/voice/limits.ts',
    'main/web/server.ts',
    'main/web/bridge-socket.ts',
    'main/web/cookie-refusal.ts',
    'main/guard/refuse.ts',
    'main/desktop/windows.ts',
    'main/host/call-budget.ts',
    'shared/call-limits.ts',
  ])('lists every constant of %s', (file) => {
    const listed = new Set(rows.flatMap((row) => (row.file === file ? [row.name] : [])));
    const missing = [...constantsOf(file).keys()].filter((name) => !listed.has(name) && !NO_LIMITS.has(name));
    expect(missing).toEqual([]);
  });

  test('this test reads every limit of the voice server', () => {
    expect(constantsOf('main/voice/limits.ts')).toEqual(new Map(Object.entries(LIMITS)));
  });
});

/** Constants of those files that are not limits. */
const NO_LIMITS = new Set(['NOT_READY_RETRY_MS', 'VALUE_SIZE']);

const UNITS: Record<string, number> = { '': 1, KiB: 1_024, MiB: 1_048_576, ms: 1, s: 1_000, min: 60_000 };

function bytesOrMs(number: string, unit: string): number {
  return Number(number.replaceAll(',', '')) * (UNITS[unit] ?? Number.NaN);
}

/** The numeric constants of a file, including properties of constant objects. */
function constantsOf(file: string): Map<string, number> {
  const found = new Map<string, number>();
  for (const [, name = '', value = ''] of read(file).matchAll(
    /^(?:(?:export )?const | {2})(\w+)(?:: number)?(?: =|:) ([\d_]+(?: \* [\d_]+)*)[;,]$/gm,
  )) {
    const product = value.split(' * ').reduce((all, factor) => all * Number(factor.replaceAll('_', '')), 1);
    if (!found.has(name)) found.set(name, product);
  }
  return found;
}

type Json = {
  type?: string;
  const?: unknown;
  enum?: unknown[];
  anyOf?: Json[];
  properties?: Record<string, Json>;
  propertyNames?: Json;
  additionalProperties?: Json;
  items?: Json;
  maxItems?: number;
  maxLength?: number;
  pattern?: string;
  minimum?: number;
  maximum?: number;
  exclusiveMinimum?: number;
};

describe('H72 every field that a page or a client can send', () => {
  const sent = [
    ...Object.entries(BRIDGE_CALLS).map(([name, { args }]) => [name, args] as const),
    ...Object.entries(CLIENT_MESSAGES),
  ].flatMap(([name, schema]) => fieldsOf('', jsonOf(schema)).map(([field, bound]) => `${name} ${field}: ${bound}`));

  test('has a limit', () => {
    expect(sent.length).toBeGreaterThan(20);
    expect(sent.filter((line) => line.endsWith('NONE'))).toEqual([]);
  });

  test('is listed in docs/limits.md with its limit, and no other field is', () => {
    const documented = [...PAGE.matchAll(/^\| `(\w+)` \| `?([^`|]+?)`? \| ([^|]+) \|$/gm)];
    expect(documented.map(([, name, field, bound]) => `${name} ${field}: ${bound}`)).toEqual(sent);
  });

  test('a log line has at most 16 fields, and its numbers are finite', () => {
    const draft = (fields: object) => LogDraft.safeParse({ time: 1, side: 'client', event: 'AUDIO', fields }).success;
    const fields = (count: number) => Object.fromEntries(Array.from({ length: count }, (_, n) => [`f${n}`, n]));
    expect([draft(fields(16)), draft(fields(17))]).toEqual([true, false]);
    expect([Number.NaN, Number.POSITIVE_INFINITY, 1e300].map((n) => draft({ n }))).toEqual([false, false, false]);
  });

  function jsonOf(schema: z.ZodType): Json {
    return z.toJSONSchema(schema, { io: 'input', unrepresentable: 'any' }) as Json;
  }

  /** Path and limit of each field; `NONE` if it has no limit. */
  function fieldsOf(path: string, json: Json): [field: string, bound: string][] {
    if (json.type === 'object') {
      const at = (name: string) => (path === '' ? name : `${path}.${name}`);
      const named = Object.entries(json.properties ?? {}).flatMap(([name, field]) => fieldsOf(at(name), field));
      if (!json.additionalProperties || !json.propertyNames) return named;
      const names = fieldsOf(`${path} (names)`, json.propertyNames);
      return [...named, ...names, ...fieldsOf(`${path} (values)`, json.additionalProperties)];
    }
    if (json.type === 'array') {
      const count: [string, string] = [
        path || '(list)',
        json.maxItems === undefined ? 'NONE' : `${json.maxItems} entries`,
      ];
      return [count, ...fieldsOf(path, json.items ?? {})];
    }
    // Arguments that may be left out.
    if (json.anyOf?.some(({ type }) => type === 'object')) return json.anyOf.flatMap((one) => fieldsOf(path, one));
    // No arguments.
    if (json.type === undefined && json.anyOf === undefined && json.const === undefined) return [];
    return [[path || '(itself)', boundOf(json)]];
  }

  function boundOf(json: Json): string {
    if (json.anyOf) return [...new Set(json.anyOf.map(boundOf))].filter((bound) => bound !== '').join(', or ');
    if (json.const === '') return '';
    if (json.const !== undefined) return 'that word';
    if (json.enum) return 'a word of its list';
    if (json.type === 'boolean') return 'yes or no';
    if (json.type === 'null') return 'nothing';
    if (json.type === 'string') {
      const [, most] = /^\^\[[^\]]+\](?:\[[^\]]+\])?\{(?:\d+,)?(\d+)\}\$$/.exec(json.pattern ?? '') ?? [];
      // A pattern of two character classes has one more character: the first.
      const length =
        json.maxLength ?? (most === undefined ? undefined : Number(most) + (json.pattern?.includes('][') ? 1 : 0));
      return length === undefined ? 'NONE' : `${length} characters`;
    }
    const { minimum, maximum } = json;
    if (minimum === undefined || maximum === undefined) return 'NONE';
    return `${minimum} to ${maximum === Number.MAX_SAFE_INTEGER ? '2^53' : maximum}`.replace(
      `-${Number.MAX_SAFE_INTEGER}`,
      '-2^53',
    );
  }
});
