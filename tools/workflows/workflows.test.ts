import { readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { validate } from '@actions/languageservice';
import { describe, expect, test } from 'vitest';
import { TextDocument } from 'vscode-languageserver-textdocument';
import { parse } from 'yaml';
import { PROGRAMS } from '../electron/system-packages.ts';
import { ROOT } from '../test-runner/run-tool.ts';
import { pinnedActions, violations, Workflow, writePermissions } from './rules.ts';

const FOLDER = join(ROOT, '.github/workflows');
const manifest = JSON.parse(readFileSync(join(ROOT, 'package.json'), 'utf8'));
const SHA = '0123456789abcdef0123456789abcdef01234567';

/**
 * Runs GitHub's workflow checker, which checks schema, expressions and contexts. Returns one line per finding.
 * @param name name of the workflow; the checker caches by name, so each text needs a different one
 */
async function findings(name: string, text: string): Promise<string[]> {
  const document = TextDocument.create(`file:///project/.github/workflows/${name}`, 'yaml', 1, text);
  return (await validate(document)).map(({ range, message }) => `${range.start.line + 1}: ${message}`);
}

const files = readdirSync(FOLDER).map((name) => ({ name, text: readFileSync(join(FOLDER, name), 'utf8') }));

test('the Electron job installs every program that the specs use', () => {
  const ci = files.find(({ name }) => name === 'ci.yml')?.text ?? '';
  const [, installed = ''] = /apt-get install -y --no-install-recommends (xvfb .+)$/m.exec(ci) ?? [];
  expect(installed.split(' ').sort()).toEqual(PROGRAMS.map(({ name }) => String(name)).sort());
});

describe.each(files)('$name', ({ name, text }) => {
  const workflow = Workflow.parse(parse(text));

  test("passes GitHub's checker", async () => {
    expect(await findings(name, text)).toEqual([]);
  });

  test('follows the rules: pinned actions, read-only by default, time limits, no untrusted text in a script', () => {
    expect(violations(workflow)).toEqual([]);
  });

  test('has a version comment at each pinned commit, the same for the same commit', () => {
    const versions = new Map<string, string>();
    const all = pinnedActions(text);
    expect(all).toHaveLength(text.match(/\buses:/g)?.length ?? 0);
    for (const [uses, version] of all) {
      expect([uses, version]).toEqual([uses, expect.stringMatching(/^v\d+\.\d+\.\d+$/)]);
      expect(versions.get(uses) ?? version).toBe(version);
      versions.set(uses, version);
    }
  });

  test('runs only npm scripts that exist', () => {
    const scripts = [...text.matchAll(/\bnpm run ([\w:-]+)/g)].map(([, script]) => script);
    expect(scripts.filter((script) => !Object.hasOwn(manifest.scripts, String(script)))).toEqual([]);
  });

  test('grants write permissions only where a release needs them', () => {
    expect(writePermissions(workflow)).toEqual(
      name === 'release.yml' ? ['attest: id-token', 'attest: attestations', 'draft: contents'] : [],
    );
  });
});

test('both workflows pin the same commit of an action', () => {
  const commits = new Map<string, Set<string>>();
  for (const [uses] of files.flatMap(({ text }) => pinnedActions(text))) {
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
  const violationsWith = (change: object, job: object = {}) =>
    violations(Workflow.parse({ ...clean, jobs: { a: { ...clean.jobs.a, ...job } }, ...change }));

  test('find nothing in a workflow that follows them', () => {
    expect(violationsWith({})).toEqual([]);
  });

  test.each([
    ['pull_request_target', { on: ['push', 'pull_request_target'] }, {}],
    ['more than read permissions', { permissions: undefined }, {}],
    ['more than read permissions', { permissions: 'write-all' }, {}],
    ['more than read permissions', { permissions: { contents: 'write' } }, {}],
    ['concurrency', { concurrency: undefined }, {}],
    ['no timeout-minutes', {}, { 'timeout-minutes': undefined }],
    ['name each permission', {}, { permissions: 'write-all' }],
    ['not pinned', {}, { steps: [{ uses: 'actions/setup-node@v7' }] }],
    ['not pinned', {}, { steps: [{ uses: `actions/setup-node@${SHA.slice(1)}` }] }],
    ['not pinned', {}, { uses: 'owner/repository/.github/workflows/x.yml@main' }],
    ['untrusted text', {}, { steps: [{ run: `echo "\${{ github.event.pull_request.title }}"` }] }],
    ['untrusted text', {}, { steps: [{ run: `git switch \${{ format('x{0}', github.head_ref) }}` }] }],
    ['leaves its token', {}, { steps: [{ uses: `actions/checkout@${SHA}` }] }],
  ])('find: %s', (finding, change, job) => {
    expect(violationsWith(change, job)).toEqual([expect.stringContaining(finding)]);
  });

  test("GitHub's checker works: it finds an unknown key and an unknown context", async () => {
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
