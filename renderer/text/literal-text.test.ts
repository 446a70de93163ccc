import { expect, test } from 'vitest';

/** The sources of all components, by path. */
const COMPONENTS = import.meta.glob<string>(['../**/*.tsx', '!../**/*.test.tsx'], {
  query: '?raw',
  import: 'default',
  eager: true,
});
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
  expect(Object.keys(COMPONENTS).length).toBeGreaterThan(50);
  const found = Object.entries(COMPONENTS).flatMap(([name, source]) =>
    literalAttributes(source).map((literal) => `${name}: ${literal}`),
  );
  expect(found).toEqual([]);
});
