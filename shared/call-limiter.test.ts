import { expect, test, vi } from 'vitest';
import type { BridgeAnswer } from './bridge.ts';
import { createCallLimiter } from './call-limiter.ts';
import { MAX_PENDING_CALLS, MAX_WAITING_CALLS } from './call-limits.ts';

const DONE: BridgeAnswer = { ok: true, value: 'done' };

/** A host that answers when the test tells it to. */
function gate() {
  const asked: { call: string; answer(): void; fail(): void }[] = [];
  const invoke = vi.fn(
    (call: string) =>
      new Promise<BridgeAnswer>((resolve, reject) => {
        asked.push({ call, answer: () => resolve(DONE), fail: () => reject(new Error('reply was never sent')) });
      }),
  );
  return { ask: createCallLimiter(invoke), asked, invoke };
}
const settled = () => new Promise((resolve) => setTimeout(resolve, 0));

test('H72 a limited number of calls is in progress; the rest waits in order', async () => {
  const { ask, asked } = gate();
  const answers = Array.from({ length: MAX_PENDING_CALLS + 2 }, (_, n) => ask(`call ${n}`, n));
  expect(asked).toHaveLength(MAX_PENDING_CALLS);
  asked[3]?.answer();
  await settled();
  expect(asked.map(({ call }) => call).slice(MAX_PENDING_CALLS)).toEqual([`call ${MAX_PENDING_CALLS}`]);
  // A failed call frees its slot as well.
  const failed = expect(answers[0]).rejects.toThrow('never sent');
  asked[0]?.fail();
  await failed;
  await settled();
  expect(asked).toHaveLength(MAX_PENDING_CALLS + 2);
});

test('H72 only one of 39 history calls is in progress, and other calls overtake the waiting ones', async () => {
  const { ask, asked } = gate();
  const histories = Array.from({ length: 39 }, () => ask('getLogHistory', undefined));
  const settings = ask('getSettings', undefined);
  expect(asked.map(({ call }) => call)).toEqual(['getLogHistory', 'getSettings']);
  asked[1]?.answer();
  expect(await settings).toEqual(DONE);
  for (let n = 0; n < 39; n++) {
    const { length } = asked;
    asked.findLast(({ call }) => call === 'getLogHistory')?.answer();
    await settled();
    expect(asked.length).toBe(Math.min(length + 1, 40));
  }
  expect(await Promise.all(histories)).toEqual(histories.map(() => DONE));
});

test('H72 calls that are too large never reach the host, and calls over the queue limit are refused', async () => {
  const { ask, invoke } = gate();
  expect(await ask('changeSettings', { shortcut: 'x'.repeat(400_000) })).toMatchObject({
    ok: false,
    error: { code: 'bad_arguments' },
  });
  expect(invoke).not.toHaveBeenCalled();
  const all = Array.from({ length: MAX_PENDING_CALLS + MAX_WAITING_CALLS + 5 }, () => ask('getSettings', undefined));
  expect(invoke).toHaveBeenCalledTimes(MAX_PENDING_CALLS);
  expect(await Promise.all(all.slice(-5))).toEqual(
    Array.from({ length: 5 }, () => ({ ok: false, error: expect.objectContaining({ code: 'bridge_busy' }) })),
  );
});
