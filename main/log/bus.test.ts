import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { CATALOGUE } from '../../shared/log-catalogue.ts';
import { type LogDraft, LogRecord } from '../../shared/log-event.ts';
import { sessionOf, textOf } from '../../shared/log-line.ts';
import { createLogBus, type LogBusOptions } from './bus.ts';

beforeEach(() => {
  vi.useFakeTimers({ now: 1_000_000 });
});
afterEach(() => {
  vi.useRealTimers();
});

const now = () => Date.now();
const draft = (fields: LogDraft['fields'] = {}, more: Partial<LogDraft> = {}): LogDraft => ({
  time: now(),
  side: 'server',
  event: 'WS_SEND',
  fields,
  ...more,
});

function busWithListener(options: LogBusOptions = {}) {
  const bus = createLogBus({ now, ...options });
  const batches: LogRecord[][] = [];
  bus.subscribe((records) => batches.push(records));
  return { bus, batches, received: () => batches.flat() };
}

describe('a record', () => {
  test('has a seq, a level and its fields in order', () => {
    const { bus, received } = busWithListener();
    bus.append(draft({ session: 'k3J9', event: 'connected' }));
    bus.append(draft({ session: 42 }, { event: 'ERROR', side: 'app', level: 'warn' }));
    vi.advanceTimersByTime(200);
    expect(received()).toEqual([
      {
        seq: 1,
        time: 1_000_000,
        side: 'server',
        level: 'info',
        event: 'WS_SEND',
        fields: { session: 'k3J9', event: 'connected' },
      },
      { seq: 2, time: 1_000_000, side: 'app', level: 'warn', event: 'ERROR', fields: { session: 42 } },
    ]);
    expect(received().map(textOf)).toEqual(['📤 WS_SEND | session=k3J9 | event=connected', '❌ ERROR | session=42']);
    expect(received().map(sessionOf)).toEqual(['k3J9', undefined]);
  });

  test('H48 property: anything that a window sends becomes a client record of one safe line', () => {
    // Matches by code point: a lone surrogate is forbidden, a surrogate pair is not.
    const unsafe =
      // biome-ignore lint/suspicious/noControlCharactersInRegex: these characters must not appear in the log
      /[\u0000-\u001f\u007f-\u009f\u061c\u200b\u200e\u200f\u2028-\u202e\u2060-\u206f\ud800-\udfff\ufeff\u{e0000}-\u{e007f}]/u;
    const value = fc.oneof(
      fc
        .array(fc.integer({ min: 0xe0000, max: 0xe007f }), { maxLength: 400 })
        .map((points) => `a${String.fromCodePoint(...points)}`),
      fc.array(fc.nat(0xffff), { maxLength: 500 }).map((units) => String.fromCharCode(...units).repeat(9)),
      fc.double(),
      fc.boolean(),
    );
    const hostile = fc.record(
      {
        time: fc.oneof(fc.double(), fc.constant(1_000_000)),
        side: fc.constantFrom('server', 'client', 'app'),
        event: fc.constantFrom(...Object.keys(CATALOGUE), '__proto__', 'constructor', 'NOPE'),
        level: fc.constantFrom('info', 'error', 'loud'),
        fields: fc.dictionary(fc.constantFrom('session', 'url', 'a', '__proto__', 'Bad Name', 'ms'), value),
      },
      { requiredKeys: ['time', 'side', 'event', 'fields'] },
    );
    fc.assert(
      fc.property(fc.array(fc.oneof({ weight: 5, arbitrary: hostile }, fc.anything()), { maxLength: 20 }), (drafts) => {
        const { bus, received } = busWithListener();
        expect(() => bus.appendBatch(drafts)).not.toThrow();
        bus.flush();
        for (const record of received()) {
          expect(LogRecord.parse(record)).toEqual(record);
          expect(textOf(record)).not.toMatch(unsafe);
          expect(textOf(record).length).toBeLessThanOrEqual(300);
          expect(sessionOf(record) ?? '').not.toMatch(unsafe);
          expect((sessionOf(record) ?? '').length).toBeLessThanOrEqual(64);
          const texts = Object.values(record.fields).filter((field) => typeof field === 'string');
          for (const text of texts) expect(text).not.toMatch(unsafe);
          expect(texts.join('').length).toBeLessThanOrEqual(4096);
          expect(record.side).toBe(record.event === 'LOG_DROPPED' && record.side === 'app' ? 'app' : 'client');
        }
      }),
    );
  });

  test.each([[null], [undefined], ['text'], [42], [{}], [[null]]])('rejects and counts a batch that is %j', (batch) => {
    const { bus, received } = busWithListener();
    bus.appendBatch(batch);
    vi.advanceTimersByTime(300);
    expect(received().map((record) => [record.side, textOf(record)])).toEqual([['app', '⚠️ LOG_DROPPED | count=1']]);
  });
});

describe('the order', () => {
  test('events of both sides are sorted by time although the window sends its own 50 ms later', () => {
    const { bus, received } = busWithListener();
    const fromWindow = [draft({ n: 1 })];
    vi.advanceTimersByTime(10);
    bus.append(draft({ n: 2 }));
    vi.advanceTimersByTime(10);
    fromWindow.push(draft({ n: 3 }));
    vi.advanceTimersByTime(10);
    bus.append(draft({ n: 4 }));
    vi.advanceTimersByTime(20);
    bus.appendBatch(fromWindow);
    vi.advanceTimersByTime(200);
    expect(received().map(({ fields }) => fields.n)).toEqual([1, 2, 3, 4]);
    expect(received().map((record) => record.side)).toEqual(['client', 'server', 'client', 'server']);
    expect(received().map((record) => record.seq)).toEqual([1, 2, 3, 4]);
  });

  test('H47 100k events at 200 a second from both sides: in order, none lost, memory bounded', () => {
    const EVENTS = 100_000;
    const CAPACITY = 10_000;
    const bus = createLogBus({ now, capacity: CAPACITY });
    let received = 0;
    let lastTime = 0;
    let ordered = true;
    let longestBatch = 0;
    bus.subscribe((records) => {
      longestBatch = Math.max(longestBatch, records.length);
      for (const record of records) {
        received++;
        ordered &&= record.seq === received && record.time >= lastTime;
        lastTime = record.time;
      }
    });
    let fromWindow: LogDraft[] = [];
    let mostWaiting = 0;
    for (let i = 0; i < EVENTS; i++) {
      if (i % 2 === 0) bus.append(draft({ i }));
      else fromWindow.push(draft({ i, session: 'abc' }));
      if (i % 10 === 9) {
        bus.appendBatch(fromWindow);
        fromWindow = [];
      }
      vi.advanceTimersByTime(5);
      mostWaiting = Math.max(mostWaiting, i + 1 - received);
    }
    vi.advanceTimersByTime(1_000);
    expect(received).toBe(EVENTS);
    expect(ordered).toBe(true);
    // Events not yet published: at most those of the 100 ms window, a 50 ms tick and a 50 ms batch, 40 in total.
    expect(mostWaiting).toBeLessThanOrEqual(45);
    expect(longestBatch).toBeLessThanOrEqual(45);
    const history = bus.history();
    expect(history).toHaveLength(CAPACITY);
    expect(history[0]?.seq).toBe(EVENTS - CAPACITY + 1);
    expect(history.at(-1)?.seq).toBe(EVENTS);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('H47 a server that logs faster than the log is published: the queue is bounded, no event is lost, order is kept', () => {
    const { bus, received } = busWithListener({ capacity: 100 });
    let mostWaiting = 0;
    // A thousand events per turn of a busy event loop, in which the log publishes once.
    for (let turn = 0; turn < 50; turn++) {
      for (let i = 0; i < 1_000; i++) bus.append(draft({ n: turn * 1_000 + i }, { time: now() - 200 }));
      vi.advanceTimersToNextTimer();
      mostWaiting = Math.max(mostWaiting, (turn + 1) * 1_000 - received().length);
    }
    expect(mostWaiting).toBeLessThanOrEqual(10_000);
    vi.advanceTimersByTime(1_000);
    expect(received().map(({ fields }) => fields.n)).toEqual(Array.from({ length: 50_000 }, (_, n) => n));
    expect(bus.history()).toHaveLength(100);
  });

  test('limits a flood from one window to its rate and reports it in one record a second', () => {
    const { bus, received } = busWithListener({ clientEventsPerSecond: 100 });
    for (let i = 0; i < 40; i++) {
      bus.appendBatch(Array.from({ length: 50 }, () => draft({ n: i })));
      bus.append(draft({ server: i }));
      vi.advanceTimersByTime(50);
    }
    vi.advanceTimersByTime(2_000);
    const all = received();
    const dropped = all.filter((record) => record.event === 'LOG_DROPPED');
    expect(all.filter((record) => record.side === 'client')).toHaveLength(200);
    expect(all.filter((record) => record.side === 'server')).toHaveLength(40);
    expect(dropped.length).toBeGreaterThan(0);
    expect(dropped.length).toBeLessThanOrEqual(4);
    for (const [i, record] of dropped.entries()) {
      const before = dropped[i - 1];
      if (before) expect(record.time - before.time).toBeGreaterThanOrEqual(1_000);
    }
    const counted = dropped.reduce((sum, record) => sum + Number(record.fields.count), 0);
    expect(counted).toBe(2_000 - 200);
    expect(vi.getTimerCount()).toBe(0);
  });

  test.each([
    ['forward', 3_600_000],
    ['back', -3_600_000],
  ])('H60 setting the wall clock %s by an hour does not change the rate limit of the windows', (_, step) => {
    const { bus, received } = busWithListener({ clientEventsPerSecond: 2 });
    vi.setSystemTime(2 * 3_600_000);
    const clients = () => received().filter(({ side }) => side === 'client').length;
    bus.appendBatch([draft(), draft(), draft()]);
    vi.setSystemTime(now() + step);
    bus.appendBatch([draft(), draft()]);
    vi.advanceTimersByTime(999);
    bus.appendBatch([draft()]);
    vi.advanceTimersByTime(200);
    expect(clients()).toBe(2);
    bus.appendBatch([draft(), draft(), draft()]);
    vi.advanceTimersByTime(1_500);
    expect(clients()).toBe(4);
    const counted = received().map(({ fields }) => Number(fields.count ?? 0));
    expect(counted.reduce((sum, count) => sum + count, 0)).toBe(5);
  });

  test('a window’s long events count as several, so that a flood of them is no more text than one of short ones', () => {
    const { bus, received } = busWithListener();
    const long = draft({ detail: 'x'.repeat(4_096) });
    for (let i = 0; i < 10; i++) bus.appendBatch(Array.from({ length: 200 }, () => long));
    bus.flush();
    // Each counts as fourteen.
    expect(received().filter(({ side }) => side === 'client')).toHaveLength(Math.ceil(2_000 / 14));
  });

  test('the history comes in pages, newest first, until an empty one', () => {
    const { bus } = busWithListener({ capacity: 2_500 });
    expect(bus.historyPage()).toEqual([]);
    for (let n = 0; n < 3_000; n++) bus.append(draft({ n }));
    bus.flush();
    const pages: number[][] = [];
    for (let before: number | undefined; ; ) {
      const page = bus.historyPage(before).map(({ seq }) => seq);
      if (page.length === 0) break;
      pages.push(page);
      before = page[0];
    }
    expect(pages.map((page) => page.length)).toEqual([1_000, 1_000, 500]);
    expect(pages.toReversed().flat()).toEqual(Array.from({ length: 2_500 }, (_, i) => 501 + i));
    expect(bus.historyPage(1)).toEqual([]);
    expect(bus.historyPage(9_999).at(-1)?.seq).toBe(3_000);
  });

  test('a page of records with much text is shorter, but never empty', () => {
    const { bus } = busWithListener();
    for (let n = 0; n < 200; n++) bus.append(draft({ text: 'x'.repeat(4_000) }));
    bus.flush();
    expect(bus.historyPage()).toHaveLength(74);
    expect(bus.historyPage(2)).toHaveLength(1);
  });

  test('the history of events with much text is shorter, and its newest records are kept', () => {
    const bus = createLogBus({ now });
    for (let n = 0; n < 10_000; n++) bus.append(draft({ n, detail: 'x'.repeat(3_000) }));
    bus.flush();
    const history = bus.history();
    expect(history).toHaveLength(4_975);
    expect(history.map(({ fields }) => fields.n)).toEqual(Array.from({ length: 4_975 }, (_, i) => 5_025 + i));
  });

  test('names and numbers count as well as text', () => {
    const bus = createLogBus({ now });
    const fields = Object.fromEntries(Array.from({ length: 16 }, (_, n) => [`n${'x'.repeat(29)}_${n % 10}`, n]));
    for (let n = 0; n < 60_000; n++) bus.append(draft(fields));
    bus.flush();
    expect(bus.history()).toHaveLength(37_500);
  });

  test('keeps which page logged an event, only for windows', () => {
    const { bus, received } = busWithListener();
    bus.appendBatch([draft({}, { window: 'abcd2345' }), draft({}, { window: 'not one' }), draft()]);
    bus.append(draft({}, { window: 'abcd2345' }));
    bus.flush();
    const sent = received().filter(({ event }) => event === 'WS_SEND');
    expect(sent.map((record) => [record.side, record.window])).toEqual([
      ['client', 'abcd2345'],
      ['client', undefined],
      ['server', undefined],
    ]);
  });

  test('truncates a batch that is too long and counts the rest', () => {
    const { bus, received } = busWithListener();
    bus.appendBatch(Array.from({ length: 250 }, () => draft()));
    vi.advanceTimersByTime(300);
    expect(received().filter((record) => record.event === 'WS_SEND')).toHaveLength(200);
    expect(
      received()
        .filter((record) => record.event === 'LOG_DROPPED')
        .map((record) => record.fields),
    ).toEqual([{ count: 50 }]);
  });
});

describe('subscribers', () => {
  test('get batches at most every 50 ms, and no timer runs while no event waits', () => {
    const { bus, batches } = busWithListener();
    const times: number[] = [];
    bus.subscribe(() => times.push(now()));
    for (let i = 0; i < 100; i++) {
      bus.append(draft());
      vi.advanceTimersByTime(7);
    }
    vi.advanceTimersByTime(1_000);
    expect(batches.flat()).toHaveLength(100);
    for (let i = 1; i < times.length; i++) expect((times[i] ?? 0) - (times[i - 1] ?? 0)).toBeGreaterThanOrEqual(50);
    expect(vi.getTimerCount()).toBe(0);
  });

  test('property: history and subscribe in the same tick miss and duplicate no record', () => {
    fc.assert(
      fc.property(fc.array(fc.nat(40), { maxLength: 60 }), fc.nat(60), (pauses, joinAt) => {
        const bus = createLogBus({ now });
        const seqs: number[] = [];
        const join = () => {
          seqs.push(...bus.history().map((record) => record.seq));
          bus.subscribe((records) => seqs.push(...records.map((record) => record.seq)));
        };
        for (const [i, pause] of pauses.entries()) {
          if (i === joinAt) join();
          bus.append(draft());
          vi.advanceTimersByTime(pause);
        }
        if (joinAt >= pauses.length) join();
        bus.flush();
        expect(seqs).toEqual(pauses.map((_, i) => i + 1));
      }),
    );
  });

  test('unsubscribe independently of each other', () => {
    const bus = createLogBus({ now });
    const listener = vi.fn();
    const unsubscribeFirst = bus.subscribe(listener);
    bus.subscribe(listener);
    unsubscribeFirst();
    unsubscribeFirst();
    bus.append(draft());
    bus.flush();
    expect(listener).toHaveBeenCalledTimes(1);
  });

  test('that throw, or log themselves, do not affect others', () => {
    const bus = createLogBus({ now });
    const received: string[] = [];
    bus.subscribe(() => {
      throw new Error('broken');
    });
    bus.subscribe((records) => {
      received.push(...records.map((record) => record.event));
      if (received.length < 3) bus.append(draft({}, { event: 'WARNING' }));
    });
    bus.append(draft());
    vi.advanceTimersByTime(1_000);
    expect(received).toEqual(['WS_SEND', 'WARNING', 'WARNING']);
  });

  test('get all waiting records immediately when the app ends', () => {
    const { bus, received } = busWithListener();
    bus.append(draft({}, { event: 'APP_STOPPING', side: 'app' }));
    expect(received()).toHaveLength(0);
    bus.flush();
    expect(received().map((record) => record.event)).toEqual(['APP_STOPPING']);
    expect(vi.getTimerCount()).toBe(0);
    bus.flush();
    expect(received()).toHaveLength(1);
  });
});
