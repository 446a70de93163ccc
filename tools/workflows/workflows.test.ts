import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from '@actions/languageservice';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { PROGRAMS } from '../electron/system-packages.ts';
import { ROOT } from '../test-runner/run-tool.ts';
import { pins, violations, Workflow, writeRights } from './rules.ts';

const FOLDER = join(ROOT, '.github/workflows');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const SHA = '0123456789abcdef0123456789abcdef01234567';

/**
 * GitHub's own checker: the schema, expressions and what they may refer to. One line a finding.
 * @param name the checker remembers what it has parsed under it: another text needs another one
 */
async function findings(name: string, text: string): Promise<string[]> {
  const document = TextDocument.create(`file:///project/.github/workflows/${name}`, 'yaml', 1, text);
  return (await validate(document)).map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}

const files = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

test('the runs in Electron have every program that their specs look for', () => {
  const ci = files.find(({ name }) => name === 'ci.yml')?.text ?? '';
  const [, installed = ''] = /apt-get install -y --no-install-recommends (xvfb .+)$/m.exec(ci) ?? [];
  expect(installed.split(' ').sort()).toEqual(PROGRAMS.map(({ name }) => String(name)).sort());
});

describe.each(files)('$name', ({ name, text }) => {
  const workflow = Workflow.parse(parse(text));

  test("has nothing that GitHub's own checker finds fault with", async () => {
    expect(await findings(name, text)).toEqual([]);
  });

  test('keeps the rules: pinned actions, read-only by default, time limits, no foreign text in a script', () => {
    expect(violations(workflow)).toEqual([]);
  });

  test('names the version beside each pinned commit, and no commit under two versions', () => {
    const versions = new Map<string, string>();
    const all = pins(text);
    expect(all).toHaveLength(text.match(/\buses:/g)?.length ?? 0);
    for (const [uses, version] of all) {
      expect([uses, version]).toEqual([uses, expect.stringMatching(/^v\d+\.\d+\.\d+$/)]);
      expect(versions.get(uses) ?? version).toBe(version);
      versions.set(uses, version);
    }
  });

  test('runs only npm scripts that package.json has', () => {
    const scripts = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => script);
    expect(scripts.filter((script) => !Object.hasOwn(manifest.scripts, String(script)))).toEqual([]);
  });

  test('lets a token write only where a release needs it', () => {
    expect(writeRights(workflow)).toEqual(
      name === 'release.yml' ? ['attest: id-token', 'attest: attestations', 'draft: contents'] : [],
    );
  });
});

test('both workflows pin the same commit of an action', () => {
  const commits = new Map<string, Set<string>>();
  for (const [uses] of files.flatMap(({ text }) => pins(text))) {
    const [action = '', commit = ''] = uses.split('@');
    commits.set(action, (commits.get(action) ?? new Set()).add(commit));
  }
  expect([...commits].filter(([, all]) => all.size > 1)).toEqual([]);
});

describe('the rules', () => {
  const clean = {
    on: { push: {} },
    permissions: { contents: 'read' },
    concurrency: 'x',
    jobs: {
      a: {
        'timeout-minutes': 5,
        steps: [{ uses: `actions/checkout@${SHA}`, with: { 'persist-credentials': false } }, { run: 'npm ci' }],
      },
    },
  };
  const broken = (change: object, job: object = {}) =>
    violations(Workflow.parse({ ...clean, jobs: { a: { ...clean.jobs.a, ...job } }, ...change }));

  test('find nothing in a workflow that keeps them', () => {
    expect(broken({})).toEqual([]);
  });

  test.each([
    ['pull_request_target', { on: ['push', 'pull_request_target'] }, {}],
    ['more than read', { permissions: undefined }, {}],
    ['more than read', { permissions: 'write-all' }, {}],
    ['more than read', { permissions: { contents: 'write' } }, {}],
    ['older run', { concurrency: undefined }, {}],
    ['no timeout-minutes', {}, { 'timeout-minutes': undefined }],
    ['name each permission', {}, { permissions: 'write-all' }],
    ['not pinned', {}, { steps: [{ uses: 'actions/setup-node@v7' }] }],
    ['not pinned', {}, { steps: [{ uses: `actions/setup-node@${SHA.slice(1)}` }] }],
    ['not pinned', {}, { uses: 'owner/repository/.github/workflows/x.yml@main' }],
    ['foreign text', {}, { steps: [{ run: `echo "\${{ github.event.pull_request.title }}"` }] }],
    ['foreign text', {}, { steps: [{ run: `git switch \${{ format('x{0}', github.head_ref) }}` }] }],
    ['leaves its token', {}, { steps: [{ uses: `actions/checkout@${SHA}` }] }],
  ])('find: %s', (words, change, job) => {
    expect(broken(change, job)).toEqual([expect.stringContaining(words)]);
  });

  test("GitHub's checker is awake: it finds a wrong key and a name that does not exist", async () => {
    const text = [
      'on: push',
      'jobs:',
      '  a:',
      '    runs-on: ubuntu-latest',
      '    timeout-minutez: 5',
      '    steps:',
      `      - run: echo \${{ secrts.X }}`,
    ].join('\n');
    expect(await findings('wrong.yml', text)).toEqual([
      expect.stringMatching(/^5: .*timeout-minutez/),
      expect.stringMatching(/^7: .*secrts/),
    ]);
  });
});
