import { execFileSync } from 'node:child_process';
import { join } from 'node:path';
import { expect, test } from 'vitest';

const SCRIPT = join(import.meta.dirname, 'default-app/node-functions.cjs');

/** Evaluates an expression in a Node whose own functions are replaced with ours. */
function inOlderNode(expression: string): unknown {
  const code = `
    const crypto = require('node:crypto');
    const own = [crypto.hash, URL.canParse, Promise.withResolvers];
    delete crypto.hash; delete URL.canParse; delete Promise.withResolvers;
    require(${JSON.stringify(SCRIPT)});
    if (own.some((it) => it !== undefined && [crypto.hash, URL.canParse, Promise.withResolvers].includes(it))) throw new Error('not ours');
    Promise.resolve(${expression}).then((value) => console.log(JSON.stringify(value)));`;
  return JSON.parse(execFileSync(process.execPath, ['--eval', code], { encoding: 'utf8' }));
}

test('crypto.hash returns hex by default, other encodings, or bytes, as in Node 20', () => {
  const abc = 'ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad';
  expect(inOlderNode(`crypto.hash('sha256', 'abc')`)).toBe(abc);
  expect(inOlderNode(`crypto.hash('sha256', Buffer.from('abc'), 'base64')`)).toBe(
    Buffer.from(abc, 'hex').toString('base64'),
  );
  expect(inOlderNode(`crypto.hash('sha256', 'abc', 'buffer').toString('hex')`)).toBe(abc);
});

test('URL.canParse returns a boolean, also with a base URL', () => {
  expect(inOlderNode(`['a:b', 'x', ''].map((url) => URL.canParse(url))`)).toEqual([true, false, false]);
  expect(inOlderNode(`[URL.canParse('x', 'http://h/'), URL.canParse('x', 'no')]`)).toEqual([true, false]);
});

test('Promise.withResolvers returns functions that settle the promise', () => {
  expect(
    inOlderNode(`(() => { const { promise, resolve } = Promise.withResolvers(); resolve(7); return promise; })()`),
  ).toBe(7);
  expect(
    inOlderNode(
      `(() => { const { promise, reject } = Promise.withResolvers(); reject(7); return promise.catch((e) => -e); })()`,
    ),
  ).toBe(-7);
});
