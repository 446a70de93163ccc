import { expect, test } from 'vitest';
import { MAX_PENDING_CALLS } from '../../shared/call-limits.ts';
import {
  CALL_UNIT,
  CALLS_BURST,
  CALLS_PER_SECOND,
  createCallBudget,
  EXPENSIVE_CALL_COST,
  HISTORY_PAGE_COST,
  MAX_REFUSED_CALLS,
} from './call-budget.ts';

function budget() {
  const clock = { ms: 0 };
  const made = createCallBudget(() => clock.ms);
  /** Makes a call and answers it. */
  const ask = (call = 'getSettings', args?: unknown) => {
    const taken = made.take(call, args);
    if (taken.action === 'accept') taken.done();
    return taken.action;
  };
  const count = (call: string, args: unknown, tries: number) =>
    Array.from({ length: tries }, () => ask(call, args)).filter((action) => action === 'accept').length;
  return { clock, take: made.take, ask, count };
}

test('H72 a window has a rate per second and a burst', () => {
  const { clock, count } = budget();
  expect(count('getSettings', undefined, CALLS_BURST + 10)).toBe(CALLS_BURST);
  clock.ms += 1_000;
  expect(count('getSettings', undefined, CALLS_BURST)).toBe(CALLS_PER_SECOND);
});

test('H72 large calls cost more, and calls with a large answer cost many times as much', () => {
  expect(budget().count('appendLog', 'x'.repeat(15 * CALL_UNIT), CALLS_BURST)).toBe(Math.floor(CALLS_BURST / 16));
  expect(budget().count('trimRecording', undefined, CALLS_BURST)).toBe(
    Math.floor(CALLS_BURST / (EXPENSIVE_CALL_COST + 1)),
  );
  expect(budget().count('getLogHistory', undefined, CALLS_BURST)).toBe(
    Math.floor(CALLS_BURST / (HISTORY_PAGE_COST + 1)),
  );
});

test('H72 refuses more pending calls than allowed, and a second concurrent history call', () => {
  const { take, ask } = budget();
  const history = take('getLogHistory', undefined);
  expect([history.action, ask('getLogHistory'), ask('trimRecording')]).toEqual(['accept', 'refuse', 'accept']);
  if (history.action === 'accept') history.done();
  expect(ask('getLogHistory')).toBe('accept');
  for (let n = 0; n < MAX_PENDING_CALLS; n++) expect(take('getSettings', undefined).action).toBe('accept');
  expect(ask()).toBe('refuse');
});

test('H72 pending calls of a previous page do not count for the new page, also when they end', () => {
  const { take, ask } = budget();
  const oldPageCalls = Array.from({ length: MAX_PENDING_CALLS }, () => take('trimRecording', undefined));
  const made = createCallBudget(() => 0);
  const slow = made.take('trimRecording', undefined);
  made.onNewPage();
  const newPageCall = made.take('trimRecording', undefined);
  if (slow.action === 'accept') slow.done();
  expect([newPageCall.action, made.take('trimRecording', undefined).action]).toEqual(['accept', 'refuse']);
  expect([oldPageCalls[0]?.action, oldPageCalls[1]?.action, ask()]).toEqual(['accept', 'refuse', 'accept']);
});

test('H72 ends a window that keeps making refused calls; a pause resets the count', () => {
  const { clock, ask, count } = budget();
  count('getSettings', undefined, CALLS_BURST);
  for (let n = 0; n < MAX_REFUSED_CALLS; n++) expect(ask()).toBe('refuse');
  expect(ask()).toBe('end');
  clock.ms += 1_500;
  expect(count('getSettings', undefined, CALLS_PER_SECOND)).toBe(CALLS_PER_SECOND);
  count('getSettings', undefined, CALLS_PER_SECOND);
  expect(ask()).toBe('refuse');
});

test('H72 ends a window that sends what the app’s own page can’t send', () => {
  expect(budget().take('changeSettings', { shortcut: 'x'.repeat(400_000) })).toEqual({
    action: 'end',
    why: 'too large',
  });
});

test('H72 never refuses a healthy window: its log every 50 ms, its lists and its health, for an hour', () => {
  const { clock, ask } = budget();
  for (let tick = 0; tick < 20 * 3_600; tick++) {
    clock.ms += 50;
    const line = { time: 1, side: 'client', event: 'AUDIO', fields: { frames: 50, through: tick } };
    expect(ask('appendLog', [line, line, line])).toBe('accept');
    if (tick % 40 === 0) expect([ask('listRecordings'), ask('watchHealth')]).toEqual(['accept', 'accept']);
  }
});
