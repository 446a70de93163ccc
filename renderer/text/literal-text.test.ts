import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const RENDERER = join(import.meta.dirname, '..');
/** Attributes that a user reads or hears, as literals: `title="Close"`, `aria-label={'Close'}`, `label={`Close ${name}`}`. */
const LITERAL =
  /(?<![\w-])(?:aria-(?:label|description|roledescription|valuetext|placeholder)|title|placeholder|alt|label|hint)=(?:\{\s*)?(["'`])(?:(?!\1)[^\\]|\\.)*?\p{L}(?:(?!\1)[^\\]|\\.)*\1/gu;

/** Literal texts in the attributes of a component's source. Biome's noJsxLiterals covers the text between tags. */
function literalAttributes(source: string): string[] {
  return source.match(LITERAL) ?? [];
}

test.each([
  '<button title="Close" />',
  '<button aria-label={`Close`} />',
  "<input\n  placeholder={'Search'}\n/>",
  '<Field label="Theme" />',
  '<img alt="Schließen" />',
])('%s is found', (source) => {
  expect(literalAttributes(source)).toHaveLength(1);
});

test.each([
  '<button title={text.common.close} data-title="x1" className="title" />',
  '<span aria-labelledby="id" data-label="id" />',
  '<p aria-label="–" />',
])('%s has none', (source) => {
  expect(literalAttributes(source)).toEqual([]);
});

test('no component has literal text in an attribute that a user reads or hears', () => {
  const files = readdirSync(RENDERER, { recursive: true, encoding: 'utf8' }).filter(
    (name) => name.endsWith('.tsx') && !name.endsWith('.test.tsx'),
  );
  expect(files.length).toBeGreaterThan(50);
  const found = files.flatMap((name) =>
    literalAttributes(readFileSync(join(RENDERER, name), 'utf8')).map((literal) => `${name}: ${literal}`),
  );
  expect(found).toEqual([]);
});
