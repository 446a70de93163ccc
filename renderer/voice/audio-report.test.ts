import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { createAudioReport } from './audio-report.ts';

const audio = { through: -1, acknowledged: -1, lostMs: 0 };
const lines: Array<[string, Record<string, unknown>]> = [];
const received: string[] = [];
let report: ReturnType<typeof createAudioReport>;

beforeEach(() => {
  vi.useFakeTimers();
  Object.assign(audio, { through: -1, acknowledged: -1, lostMs: 0 });
  lines.length = received.length = 0;
  report = createAudioReport(audio, (event, fields = {}) => lines.push([event, fields]), {
    onLoss: () => received.push('loss'),
    onFrozen: () => received.push('frozen'),
  });
});
afterEach(() => {
  report.stop();
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

function second(through: number, acknowledged = through): void {
  Object.assign(audio, { through, acknowledged });
  vi.advanceTimersByTime(1_000);
}

describe('one log line a second', () => {
  test('with the frames sent since the last line and the acknowledged seq; no line if nothing was sent', () => {
    report.start('s1');
    second(49, 39);
    second(49, 49);
    second(80, 79);
    expect(lines).toEqual([
      ['AUDIO', { session: 's1', frames: 50, through: 49, acknowledged: 39 }],
      ['AUDIO', { session: 's1', frames: 31, through: 80, acknowledged: 79 }],
    ]);
  });

  test('logs the rest at the end of the session; the next session starts at 0', () => {
    report.start('s1');
    second(49);
    Object.assign(audio, { through: 59, acknowledged: 59 });
    report.stop();
    vi.advanceTimersByTime(10_000);
    Object.assign(audio, { through: -1, acknowledged: -1 });
    report.start('s2');
    second(9);
    expect(lines.slice(1)).toEqual([
      ['AUDIO', { session: 's1', frames: 10, through: 59, acknowledged: 59 }],
      ['AUDIO', { session: 's2', frames: 10, through: 9, acknowledged: 9 }],
    ]);
  });

  test('uses one timer, however often the connection is replaced, and none after the end', () => {
    report.start('s1');
    for (let i = 0; i < 5; i++) {
      report.pause();
      report.start('s1');
    }
    expect(vi.getTimerCount()).toBe(1);
    report.stop();
    report.stop();
    expect(vi.getTimerCount()).toBe(0);
  });
});

describe('a loss', () => {
  test('is logged once, in seconds, and only the new part', () => {
    report.start('s1');
    audio.lostMs = 1_240;
    report.reportLoss();
    report.reportLoss();
    audio.lostMs = 1_260;
    vi.advanceTimersByTime(3_000);
    expect(lines).toEqual([
      ['AUDIO_LOST', { session: 's1', seconds: 1.24 }],
      ['AUDIO_LOST', { session: 's1', seconds: 0.02 }],
    ]);
    expect(received).toEqual(['loss', 'loss']);
  });

  test('found at the end of the session is logged with its id', () => {
    report.start('s1');
    report.stop();
    audio.lostMs = 500;
    report.reportLoss();
    expect(lines).toEqual([['AUDIO_LOST', { session: 's1', seconds: 0.5 }]]);
  });

  test('is counted from 0 after a new press', () => {
    report.start('s1');
    audio.lostMs = 500;
    report.reportLoss();
    audio.lostMs = 0;
    report.resetLoss();
    report.reportLoss();
    expect(received).toHaveLength(1);
    audio.lostMs = 100;
    report.reportLoss();
    expect(lines.at(-1)).toEqual(['AUDIO_LOST', { session: 's1', seconds: 0.1 }]);
  });
});

describe('a frozen connection', () => {
  const frozenFor = (seconds: number) => {
    for (let i = 0; i < seconds; i++) second(29, 9);
  };

  test('is reported once after 3 s without an acknowledgement', () => {
    report.start('s1');
    second(29, 9);
    frozenFor(2);
    expect(received).toEqual([]);
    frozenFor(1);
    expect(received).toEqual(['frozen']);
    expect(lines.at(-1)).toEqual(['WS_FROZEN', { session: 's1', through: 29, acknowledged: 9 }]);
    frozenFor(2);
    expect(received).toEqual(['frozen']);
  });

  test('is not detected while disconnected, and the next connection gets its own 3 s', () => {
    report.start('s1');
    frozenFor(3);
    report.pause();
    frozenFor(20);
    expect(received).toEqual([]);
    report.start('s1');
    frozenFor(2);
    expect(received).toEqual([]);
    frozenFor(1);
    expect(received).toEqual(['frozen']);
  });

  test('H22 ticks are counted, not time: a page blocked for an hour counts one second', () => {
    report.start('s1');
    second(29, 9);
    for (let i = 0; i < 2; i++) {
      vi.setSystemTime(Date.now() + 3_600_000);
      second(29, 9);
    }
    expect(received).toEqual([]);
  });
});
