import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MAX_LOG_BATCH } from '../../shared/bridge.ts';
import { LogDraft } from '../../shared/log-event.ts';
import { createLogOutbox, MAX_OUTBOX, OUTBOX_MS } from './log-outbox.ts';

describe('log outbox', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function outbox() {
    const batches: LogDraft[][] = [];
    const appendLog = vi.fn(async (batch: LogDraft[]): Promise<void> => {
      batches.push(LogDraft.array().parse(batch));
    });
    return { ...createLogOutbox({ appendLog }), appendLog, batches };
  }

  test('events of one moment leave together, in order, within 50 ms', async () => {
    const { log, batches } = outbox();
    log('PRESS', { doing: 'start' });
    log('WS_CONNECTING', { url: 'ws://x' });
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(OUTBOX_MS);
    expect(batches.map((batch) => batch.map(({ event, side }) => [event, side]))).toEqual([
      [
        ['PRESS', 'client'],
        ['WS_CONNECTING', 'client'],
      ],
    ]);
  });

  test('no batch is larger than the host takes, and the next waits for the one before', async () => {
    const { log, flush, appendLog } = outbox();
    let release = () => {};
    appendLog.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          release = () => resolve();
        }),
    );
    for (let i = 0; i < MAX_LOG_BATCH + 5; i++) log('WS_RECV', { i });
    const done = flush();
    await vi.advanceTimersByTimeAsync(OUTBOX_MS * 4);
    expect(appendLog).toHaveBeenCalledTimes(1);
    release();
    await done;
    expect(appendLog.mock.calls.map(([batch]) => batch.length)).toEqual([MAX_LOG_BATCH, 5]);
  });

  test('while the host does not answer memory stays bounded, and what was dropped is said', async () => {
    const { log, flush, appendLog, batches } = outbox();
    for (let i = 0; i < MAX_OUTBOX + 30; i++) log('WS_RECV', { i });
    await flush();
    const all = batches.flat();
    expect(all.filter(({ event }) => event === 'LOG_DROPPED').map(({ fields }) => fields)).toEqual([{ count: 30 }]);
    expect(all[0]?.fields).toEqual({ i: 30 });
    appendLog.mockRejectedValueOnce(new Error('gone'));
    log('PRESS', { doing: 'stop' });
    await flush();
    log('PRESS', { doing: 'start' });
    await flush();
    expect(
      batches
        .flat()
        .slice(-2)
        .map(({ event, fields }) => [event, fields]),
    ).toEqual([
      ['PRESS', { doing: 'start' }],
      ['LOG_DROPPED', { count: 1 }],
    ]);
  });
});
