import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { MAX_LOG_BATCH } from '../../shared/bridge.ts';
import { LogDraft, type LogRecord } from '../../shared/log-event.ts';
import { composeRecord, textOf } from '../../shared/log-line.ts';
import { createLink } from '../bridge/link.ts';
import { createLogOutbox, MAX_WAITING, RESEND_AFTER_MS, SEND_DELAY_MS, SHOWN_AFTER_MS } from './log-outbox.ts';
import { isUnrecorded } from './unrecorded.ts';

const WINDOW = 'abcd2345';

describe('log outbox', () => {
  beforeEach(() => void vi.useFakeTimers());
  afterEach(() => void vi.useRealTimers());

  function setUp() {
    const batches: LogDraft[][] = [];
    const appendLog = vi.fn(async (batch: LogDraft[]): Promise<void> => {
      batches.push(LogDraft.array().parse(batch));
    });
    const link = createLink();
    const listeners = new Set<(records: LogRecord[]) => void>();
    const onLogRecords = (listener: (records: LogRecord[]) => void) => {
      listeners.add(listener);
      return () => void listeners.delete(listener);
    };
    let seq = 0;
    /** The host publishes these as records, usually after 200 ms. */
    const record = (drafts: readonly LogDraft[]) => {
      const records = drafts.map((draft) => composeRecord(draft, ++seq));
      for (const listener of listeners) listener(records);
    };
    const created = createLogOutbox({ appendLog, onLogRecords }, link, { windowId: WINDOW });
    const texts = () => created.unrecorded().lines.map(textOf);
    return { ...created, appendLog, batches, link, record, texts };
  }

  test('simultaneous events are sent together, in order, within 50 ms', async () => {
    const { log, batches } = setUp();
    log('PRESS', { doing: 'start' });
    log('WS_CONNECTING', { url: 'ws://x' });
    expect(batches).toEqual([]);
    await vi.advanceTimersByTimeAsync(SEND_DELAY_MS);
    expect(batches.map((batch) => batch.map(({ event, side }) => [event, side]))).toEqual([
      [
        ['PRESS', 'client'],
        ['WS_CONNECTING', 'client'],
      ],
    ]);
  });

  test('batches have at most the size that the host accepts, and are sent one after the other', async () => {
    const { log, flush, appendLog } = setUp();
    let release = () => {};
    appendLog.mockImplementationOnce(
      () =>
        new Promise((resolve) => {
          release = () => resolve();
        }),
    );
    for (let i = 0; i < MAX_LOG_BATCH + 5; i++) log('WS_RECV', { i });
    const done = flush();
    await vi.advanceTimersByTimeAsync(SEND_DELAY_MS * 4);
    expect(appendLog).toHaveBeenCalledTimes(1);
    release();
    await done;
    expect(appendLog.mock.calls.map(([batch]) => batch.length)).toEqual([MAX_LOG_BATCH, 5]);
  });

  test('memory is bounded while the host does not answer, and the number of dropped events is logged', async () => {
    const { log, flush, appendLog, batches } = setUp();
    for (let i = 0; i < MAX_WAITING + 30; i++) log('WS_RECV', { i });
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

  const press = '👆 Mic button pressed (start)';
  const lost = Object.assign(new Error('lost'), { code: 'bridge_lost' });

  test('while the host is away, events wait and are shown at once, in order; they are sent when it is back', async () => {
    const { log, link, batches, record, texts, unrecorded } = setUp();
    link.set('down');
    log('PRESS', { doing: 'start' });
    expect(texts()).toEqual([press]);
    log('WS_OPEN');
    await vi.advanceTimersByTimeAsync(60_000);
    expect(texts()).toEqual([press, '🔗 WebSocket connection opened']);
    expect(unrecorded().lines.every(isUnrecorded)).toBe(true);
    expect(batches).toEqual([]);
    link.set('up');
    await vi.advanceTimersByTimeAsync(RESEND_AFTER_MS);
    expect(batches.flat().map(({ event }) => event)).toEqual(['PRESS', 'WS_OPEN']);
    // Shown until they are recorded.
    expect(texts()).toHaveLength(2);
    record(batches.flat());
    expect(texts()).toEqual([]);
  });

  test('a batch in flight when the connection broke is sent again only if it did not arrive', async () => {
    const { log, link, appendLog, batches, record, texts } = setUp();
    const breakConnection = (drafts: LogDraft[]) => {
      batches.push(drafts);
      link.set('down');
      return Promise.reject(lost);
    };
    appendLog.mockImplementationOnce(breakConnection);
    log('PRESS', { doing: 'start' });
    log('PRESS', { doing: 'stop' });
    await vi.advanceTimersByTimeAsync(SEND_DELAY_MS);
    expect(texts()).toHaveLength(2);
    link.set('up');
    // The history contains the first of them.
    record(batches.flat().slice(0, 1));
    expect(texts()).toHaveLength(1);
    await vi.advanceTimersByTimeAsync(RESEND_AFTER_MS);
    expect(appendLog).toHaveBeenCalledTimes(2);
    expect(batches[1]?.map(({ fields }) => fields)).toEqual([{ doing: 'stop' }]);
  });

  test('events are shown as unrecorded only if the host stalls for a second', async () => {
    const { log, batches, record, texts, subscribe, appendLog } = setUp();
    const changed = vi.fn();
    subscribe(changed);
    log('PRESS', { doing: 'start' });
    await vi.advanceTimersByTimeAsync(200);
    record(batches.flat());
    await vi.advanceTimersByTimeAsync(SHOWN_AFTER_MS * 2);
    expect(changed).not.toHaveBeenCalled();

    appendLog.mockImplementationOnce(() => new Promise(() => undefined));
    log('PRESS', { doing: 'start' });
    await vi.advanceTimersByTimeAsync(SHOWN_AFTER_MS - 1);
    expect(texts()).toEqual([]);
    await vi.advanceTimersByTimeAsync(1);
    expect(texts()).toEqual([press]);
  });

  test('each event names its page, another one for each page', async () => {
    const { log, flush, batches } = setUp();
    log('PRESS', { doing: 'start' });
    await flush();
    expect(batches.flat().map((draft) => draft.window)).toEqual([WINDOW]);
    const appendLog = vi.fn(async (_: LogDraft[]) => undefined);
    const pages = [1, 2].map(() => createLogOutbox({ appendLog, onLogRecords: () => () => {} }, createLink()));
    for (const page of pages) {
      page.log('WS_OPEN');
      await page.flush();
    }
    const [one, two] = appendLog.mock.calls.flatMap(([batch]) => LogDraft.array().parse(batch));
    expect(one?.window).toMatch(/^[a-z0-9]{8}$/);
    expect(two?.window).not.toBe(one?.window);
  });

  test('simultaneous events of another window are not matched, and equal events are counted', async () => {
    const { log, link, record, texts, unrecorded } = setUp();
    vi.useFakeTimers({ now: 1_000 });
    link.set('down');
    for (let i = 0; i < 3; i++) log('WS_ERROR');
    const [line] = [...texts()];
    expect(line).toBe('⚠️ WebSocket error');
    expect(texts()).toHaveLength(3);
    const ours = { time: unrecorded().lines[0]?.time ?? 0, side: 'client', event: 'WS_ERROR', fields: {} } as const;
    record([{ ...ours, window: 'zzzz2345' }, ours, { ...ours, time: 1, window: WINDOW }]);
    expect(texts()).toHaveLength(3);
    record([{ ...ours, window: WINDOW }]);
    expect(texts()).toHaveLength(2);
  });

  test('while the host is away the number of events is bounded, and the number dropped is reported', async () => {
    const { log, link, unrecorded } = setUp();
    link.set('down');
    for (let i = 0; i < MAX_WAITING + 30; i++) log('WS_RECV', { i });
    expect([unrecorded().lines.length, unrecorded().dropped]).toEqual([MAX_WAITING, 30]);
    expect(unrecorded().lines[0]?.fields).toEqual({ i: 30 });
  });

  test('a batch that can’t be delivered is sent a limited number of times', async () => {
    const { log, appendLog, texts } = setUp();
    appendLog.mockRejectedValue(lost);
    log('PRESS', { doing: 'start' });
    await vi.advanceTimersByTimeAsync(60_000);
    // The last one is the event that reports the drop. It is dropped too.
    const presses = appendLog.mock.calls.filter(([batch]) => batch.some(({ event }) => event === 'PRESS'));
    expect(presses).toHaveLength(3);
    expect(texts()).toEqual([]);
  });
});
