import fc from 'fast-check';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import { EarshotError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import type { MicrophoneState } from '../../shared/microphone-state.ts';
import { type Measured, recordingMetrics } from '../testing/voice-rig.ts';
import { createAudioIntake } from './audio-intake.ts';
import { LIMITS } from './limits.ts';
import type { TurnRecorder } from './turn-sink.ts';

type Part =
  | { pcm: number[] }
  | { gap: number }
  | { samples: number; status: string }
  | { samples: number; seconds: number | null };

/** A recorder that copies everything it receives. */
function memoryRecorder(): TurnRecorder & { parts: Part[] } {
  const parts: Part[] = [];
  return {
    parts,
    write: (pcm) => {
      const view = new DataView(pcm.buffer, pcm.byteOffset, pcm.byteLength);
      parts.push({ pcm: Array.from({ length: pcm.byteLength / 2 }, (_, i) => view.getInt16(i * 2, true)) });
      return true;
    },
    gap: (samples) => parts.push({ gap: samples }) > 0,
    microphone: (samples, { status }) => void parts.push({ samples, status }),
    pause: (samples, seconds) => void parts.push({ samples, seconds }),
    finish: async () => null,
  };
}

/** By default the clock advances by hours between calls, so the limit on gaps has no effect. */
function rig(limits: Partial<typeof LIMITS> = {}, monotonicNow = hours()) {
  const logged: Array<{ event: string } & Record<string, unknown>> = [];
  const acks: number[] = [];
  const measured: Measured[] = [];
  const levels: Array<string | undefined> = [];
  const log: Log = (event, fields = {}, level) => {
    logged.push({ event, ...fields });
    levels.push(level);
  };
  const intake = createAudioIntake({
    sessionId: 's',
    limits: { ...LIMITS, ...limits },
    log,
    metrics: recordingMetrics(measured),
    acknowledge: (through) => acks.push(through),
    monotonicNow,
  });
  return { intake, logged, levels, acks, measured, recorder: memoryRecorder() };
}

function hours(): () => number {
  let ms = 0;
  return () => (ms += 3_600_000);
}

/** A frame whose samples all equal its sequence number. */
const frame = (seq: number, samples = 1) => encodeAudioFrame(seq, seq * 20, new Int16Array(samples).fill(seq));

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  expect(vi.getTimerCount()).toBe(0);
  vi.useRealTimers();
});

describe('sequence', () => {
  test('writes frames in order', () => {
    const { intake, recorder } = rig();
    intake.beginTurn(recorder);
    for (let seq = 0; seq < 5; seq++) intake.take(frame(seq, 2));
    intake.endTurn();
    expect(recorder.parts).toEqual([0, 1, 2, 3, 4].map((seq) => ({ pcm: [seq, seq] })));
    expect(intake.receivedThrough).toBe(4);
  });

  test('drops duplicates and logs the first one per second; the summary counts the rest', () => {
    const { intake, recorder, logged } = rig();
    intake.beginTurn(recorder);
    for (const seq of [0, 1, 1, 0, 1]) intake.take(frame(seq));
    expect(recorder.parts).toEqual([{ pcm: [0] }, { pcm: [1] }]);
    expect(logged).toEqual([{ event: 'AUDIO_DUPLICATE', session: 's', seq: 1, held: 1 }]);
    vi.advanceTimersByTime(1_000);
    expect(logged[1]).toMatchObject({ event: 'AUDIO', frames: 2, duplicates: 3 });
    intake.endTurn();
  });

  test('fills a gap with silence before the frame and logs its length', () => {
    const { intake, recorder, logged } = rig();
    intake.beginTurn(recorder);
    intake.take(frame(0));
    intake.take(frame(51));
    expect(recorder.parts).toEqual([{ pcm: [0] }, { gap: 50 * FRAME_SAMPLES }, { pcm: [51] }]);
    expect(logged).toEqual([{ event: 'AUDIO_GAP', session: 's', after: 0, frames: 50, seconds: 1 }]);
    intake.endTurn();
    expect(logged[1]).toMatchObject({ event: 'AUDIO', frames: 2, missing: 50 });
  });

  test('counts a gap at the very beginning from frame 0', () => {
    const { intake, recorder } = rig();
    intake.beginTurn(recorder);
    intake.take(frame(2));
    expect(recorder.parts).toEqual([{ gap: 2 * FRAME_SAMPLES }, { pcm: [2] }]);
    intake.endTurn();
  });

  test('H39 throws bad_audio for a gap over the limit and drops the frame', () => {
    const { intake, recorder, acks } = rig({ gapFrames: 3 });
    intake.beginTurn(recorder);
    intake.take(frame(0));
    expect(() => intake.take(frame(5))).toThrow(expect.objectContaining({ code: 'bad_audio' }));
    expect(intake.receivedThrough).toBe(0);
    intake.take(frame(1));
    intake.endTurn();
    expect(recorder.parts).toEqual([{ pcm: [0] }, { pcm: [1] }]);
    expect(acks).toEqual([1]);
  });

  test('H39 throws bad_audio for gaps that add up faster than three times real time and drops the frames', () => {
    const clock = { ms: 0 };
    const { intake, recorder, measured } = rig({}, () => clock.ms);
    intake.beginTurn(recorder);
    // At the start of a session a gap may have 1 s at most.
    expect(() => intake.take(frame(51))).toThrow(expect.objectContaining({ code: 'bad_audio' }));
    clock.ms = 20_000;
    intake.take(frame(3_000));
    expect(() => intake.take(frame(3_002))).toThrow(expect.objectContaining({ code: 'bad_audio' }));
    expect(intake.receivedThrough).toBe(3_000);
    // Consecutive frames are not affected by the limit on gaps.
    intake.take(frame(3_001));
    clock.ms += 1_000;
    intake.take(frame(3_152));
    expect(() => intake.take(frame(3_154))).toThrow(EarshotError);
    intake.take(frame(3_153));
    intake.endTurn();
    expect(measured.filter(([name]) => name === 'missing')).toEqual([
      ['missing', 3_000],
      ['missing', 150],
    ]);
  });

  test('H39 property: accepts any number of real outages of up to a minute', () => {
    fc.assert(
      fc.property(fc.array(fc.record({ spoke: fc.nat(500), lost: fc.nat(3_000) }), { maxLength: 30 }), (parts) => {
        const clock = { ms: 0 };
        const { intake, recorder } = rig({}, () => clock.ms);
        intake.beginTurn(recorder);
        let seq = 0;
        for (const { spoke, lost } of parts) {
          for (let i = 0; i < spoke; i++) intake.take(frame(seq++));
          seq += lost;
          clock.ms += (spoke + lost) * 20;
          intake.take(frame(seq++));
        }
        expect(intake.receivedThrough).toBe(seq - 1);
        intake.endTurn();
      }),
      { numRuns: 30 },
    );
  });

  test.each([0, 8, 9, 11, 649])('H39 throws bad_audio for a frame of %i bytes and drops it', (length) => {
    const { intake, recorder, acks, logged } = rig();
    intake.beginTurn(recorder);
    expect(() => intake.take(new Uint8Array(length))).toThrow(EarshotError);
    intake.endTurn();
    expect([intake.receivedThrough, recorder.parts, acks, logged]).toEqual([-1, [], [], []]);
  });

  test('H39 property: written frames strictly increase, silence fills missing frames, duplicates are dropped', () => {
    const numbers = fc.array(fc.oneof(fc.integer({ min: 0, max: 80 }), fc.integer({ min: 0, max: 30_000 })), {
      maxLength: 200,
    });
    fc.assert(
      fc.property(numbers, fc.integer({ min: 1, max: 50 }), fc.integer({ min: 1, max: 12 }), (seqs, gap, every) => {
        const { intake, recorder, acks } = rig({ gapFrames: gap, ackFrames: every });
        intake.beginTurn(recorder);
        let last = -1;
        for (const seq of seqs) {
          let refused = false;
          try {
            intake.take(frame(seq));
          } catch {
            refused = true;
          }
          expect(refused).toBe(seq > last + 1 + gap);
          if (!refused) last = Math.max(last, seq);
          expect(intake.receivedThrough).toBe(last);
          // Never ahead of what was received and, after a loop iteration, never behind by `ackFrames` or more.
          vi.advanceTimersByTime(0);
          const through = acks.at(-1) ?? -1;
          expect(through).toBeLessThanOrEqual(last);
          expect(last - through).toBeLessThan(every);
        }
        intake.endTurn();
        expect(acks.at(-1) ?? -1).toBe(last);
        expect(acks).toEqual([...new Set(acks)].sort((a, b) => a - b));

        // The position in the recording equals the position in the session.
        let position = 0;
        for (const part of recorder.parts) {
          if ('gap' in part) {
            expect(part.gap % FRAME_SAMPLES).toBe(0);
            expect(part.gap).toBeGreaterThan(0);
            position += part.gap / FRAME_SAMPLES;
          } else if ('pcm' in part) {
            expect(part.pcm).toEqual([(position << 16) >> 16]);
            position += 1;
          }
        }
        expect(position).toBe(last + 1);
      }),
    );
  });
});

describe('acknowledgements', () => {
  test('are sent every ten frames and at the end of the turn', () => {
    const { intake, recorder, acks } = rig();
    intake.beginTurn(recorder);
    for (let seq = 0; seq < 25; seq++) {
      intake.take(frame(seq));
      vi.advanceTimersByTime(0);
    }
    expect(acks).toEqual([9, 19]);
    intake.endTurn();
    expect(acks).toEqual([9, 19, 24]);
  });

  test('are sent once for all frames of one event loop iteration', () => {
    const { intake, recorder, acks } = rig();
    intake.beginTurn(recorder);
    for (let seq = 0; seq < 25; seq++) intake.take(frame(seq));
    expect(acks).toEqual([]);
    vi.advanceTimersByTime(0);
    expect(acks).toEqual([24]);
    intake.endTurn();
    expect(acks).toEqual([24]);
  });

  test('are not sent for a turn without new frames', () => {
    const { intake, recorder, acks } = rig();
    intake.beginTurn(recorder);
    intake.endTurn();
    expect(acks).toEqual([]);
    intake.beginTurn(recorder);
    intake.take(frame(0));
    intake.endTurn();
    intake.beginTurn(recorder);
    intake.take(frame(0));
    intake.endTurn();
    expect(acks).toEqual([0]);
  });

  test('are sent after the recorder has received the frame', () => {
    const seen: string[] = [];
    const intake = createAudioIntake({
      sessionId: 's',
      limits: { ...LIMITS, ackFrames: 1 },
      log: () => undefined,
      metrics: recordingMetrics(),
      acknowledge: (through) => seen.push(`ack ${through}`),
      monotonicNow: () => 0,
    });
    intake.beginTurn({
      write: () => seen.push('write') > 0,
      gap: () => seen.push('gap') > 0,
      microphone: () => undefined,
      pause: () => undefined,
      finish: async () => null,
    });
    intake.take(frame(1));
    intake.endTurn();
    expect(seen).toEqual(['gap', 'write', 'ack 1']);
  });

  test('on another connection continue after its welcome: nothing is acknowledged twice', async () => {
    const { intake, recorder, acks } = rig({ ackFrames: 2 });
    intake.beginTurn(recorder);
    for (const seq of [0, 1, 2]) intake.take(frame(seq));
    intake.markAcknowledged(intake.receivedThrough);
    vi.advanceTimersByTime(100);
    expect(acks).toEqual([]);
    intake.take(frame(3));
    vi.advanceTimersByTime(100);
    expect(acks).toEqual([]);
    intake.take(frame(4));
    vi.advanceTimersByTime(100);
    expect(acks).toEqual([4]);
    intake.endTurn();
    expect(acks).toEqual([4]);
  });

  test('continue their numbering across turns, each with its own recorder', () => {
    const { intake, recorder, acks } = rig();
    const second = memoryRecorder();
    intake.beginTurn(recorder);
    for (let seq = 0; seq < 3; seq++) intake.take(frame(seq));
    intake.endTurn();
    intake.beginTurn(second);
    for (const seq of [2, 3]) intake.take(frame(seq));
    intake.endTurn();
    expect(recorder.parts).toHaveLength(3);
    expect(second.parts).toEqual([{ pcm: [3] }]);
    expect(acks).toEqual([2, 3]);
  });
});

test('counts every frame once: received, missing or duplicate', () => {
  const { intake, recorder, measured } = rig();
  intake.beginTurn(recorder);
  for (const seq of [0, 1, 1, 5, 4, 6]) intake.take(frame(seq));
  intake.endTurn();
  const sum = (name: string) => measured.reduce((all, [metric, n]) => (metric === name ? all + Number(n) : all), 0);
  expect([sum('frames'), sum('missing'), sum('duplicates')]).toEqual([4, 3, 2]);
});

describe('the level', () => {
  test.each([0, 1, 2, 3, 4, 5, 6, 7])('reads samples at offset %i of a buffer', (offset) => {
    const { intake, recorder, logged } = rig();
    const bytes = encodeAudioFrame(0, 0, Int16Array.of(1, -16_384, 3));
    const pool = Buffer.alloc(64, 0x7f);
    pool.set(bytes, offset);
    intake.beginTurn(recorder);
    intake.take(pool.subarray(offset, offset + bytes.byteLength));
    intake.endTurn();
    expect(recorder.parts).toEqual([{ pcm: [1, -16_384, 3] }]);
    expect(logged).toEqual([{ event: 'AUDIO', session: 's', frames: 1, seconds: 0, peak_dbfs: -6.02 }]);
  });

  test('reports digital silence, and a short last frame with its true length', () => {
    const { intake, recorder, logged } = rig();
    intake.beginTurn(recorder);
    intake.take(encodeAudioFrame(0, 0, new Int16Array(FRAME_SAMPLES)));
    intake.take(encodeAudioFrame(1, 20, new Int16Array(160)));
    intake.endTurn();
    expect(logged).toEqual([{ event: 'AUDIO', session: 's', frames: 2, seconds: 0.03, peak_dbfs: 'silence' }]);
  });
});

describe('the summary', () => {
  test('is logged once per second', () => {
    const { intake, recorder, logged } = rig();
    intake.beginTurn(recorder);
    for (let seq = 0; seq < 500; seq++) {
      intake.take(encodeAudioFrame(seq, seq * 20, new Int16Array(FRAME_SAMPLES).fill(1)));
      vi.advanceTimersByTime(20);
    }
    expect(logged).toEqual(
      Array.from({ length: 10 }, () => ({ event: 'AUDIO', session: 's', frames: 50, seconds: 1, peak_dbfs: -90.31 })),
    );
    intake.endTurn();
    expect(logged).toHaveLength(10);
  });

  test('limits lines about gaps and duplicates to one of each kind per second', () => {
    const { intake, recorder, logged } = rig();
    intake.beginTurn(recorder);
    for (let i = 0; i < 100; i++) {
      intake.take(frame(i * 2 + 1));
      intake.take(frame(i * 2 + 1));
      vi.advanceTimersByTime(20);
    }
    intake.endTurn();
    const count = (event: string) => logged.filter((line) => line.event === event).length;
    expect([count('AUDIO_GAP'), count('AUDIO_DUPLICATE'), count('AUDIO')]).toEqual([2, 2, 2]);
  });

  test('is not logged for a second without frames; the rest is logged at the end of the turn', () => {
    const { intake, recorder, logged } = rig();
    intake.beginTurn(recorder);
    vi.advanceTimersByTime(3_000);
    expect(logged).toEqual([]);
    intake.take(frame(0));
    intake.endTurn();
    expect(logged).toHaveLength(1);
    vi.advanceTimersByTime(3_000);
    expect(logged).toHaveLength(1);
  });
});

describe('the state of the microphone', () => {
  const state = (status: MicrophoneState['status']): MicrophoneState => ({ label: 'Desk', status, instead_of: null });

  test('is recorded at the position of its frame, even if earlier frames are missing', () => {
    const { intake, recorder, logged } = rig();
    intake.beginTurn(recorder);
    intake.microphone(0, state('ok'));
    intake.take(frame(0));
    intake.microphone(5, state('muted'));
    expect(recorder.parts).toEqual([
      { samples: 0, status: 'ok' },
      { pcm: [0] },
      { samples: 4 * FRAME_SAMPLES, status: 'muted' },
    ]);
    expect(logged.at(-1)).toEqual({ event: 'MIC_STATE', session: 's', seq: 5, status: 'muted', label: 'Desk' });
    intake.endTurn();
  });

  test('is ignored if it is repeated after its frame', () => {
    const { intake, recorder } = rig();
    intake.beginTurn(recorder);
    intake.take(frame(0));
    intake.microphone(0, state('muted'));
    expect(recorder.parts).toEqual([{ pcm: [0] }]);
    intake.endTurn();
  });

  test('is recorded once if unchanged; frequent changes do not flood the log, and later ones are logged again', () => {
    let now = 0;
    const { intake, recorder, logged, levels } = rig({}, () => now);
    intake.beginTurn(recorder);
    for (let i = 0; i < 1_000; i++) intake.microphone(i, state('muted'));
    expect([recorder.parts.length, logged.length]).toEqual([1, 1]);
    for (let i = 0; i < 1_000; i++) intake.microphone(0, state(i % 2 === 0 ? 'ok' : 'silent'));
    expect(recorder.parts.at(-1)).toEqual({ samples: 0, status: 'silent' });
    expect(levels.filter((level) => level !== 'debug')).toHaveLength(20);
    now = 10_000;
    intake.microphone(0, state('stalled'));
    expect(levels.at(-1)).toBe('warn');
    intake.endTurn();
    intake.beginTurn(recorder);
    intake.microphone(0, state('stalled'));
    expect(recorder.parts).toHaveLength(1_003);
    intake.endTurn();
  });

  test('is refused for a frame further ahead than the longest permitted gap', () => {
    const { intake, recorder } = rig();
    intake.beginTurn(recorder);
    expect(() => intake.microphone(LIMITS.gapFrames + 1, state('ok'))).toThrow(EarshotError);
    expect(recorder.parts).toEqual([]);
    intake.endTurn();
  });
});

describe('a pause', () => {
  test('is recorded at the position of its frame, first open and then with its length', () => {
    const { intake, recorder, logged } = rig();
    intake.beginTurn(recorder);
    intake.take(frame(0));
    intake.pause(1, null);
    intake.pause(1, 2.5);
    intake.pause(4, 1);
    expect(recorder.parts).toEqual([
      { pcm: [0] },
      { samples: 0, seconds: null },
      { samples: 0, seconds: 2.5 },
      { samples: 3 * FRAME_SAMPLES, seconds: 1 },
    ]);
    expect(logged.slice(-3)).toEqual([
      { event: 'TURN_PAUSED', session: 's', seq: 1 },
      { event: 'TURN_CONTINUED', session: 's', seq: 1, seconds: 2.5 },
      { event: 'TURN_CONTINUED', session: 's', seq: 4, seconds: 1 },
    ]);
    intake.endTurn();
  });

  test('is ignored if it is repeated after its frame', () => {
    const { intake, recorder } = rig();
    intake.beginTurn(recorder);
    intake.take(frame(0));
    intake.pause(0, 3);
    expect(recorder.parts).toEqual([{ pcm: [0] }]);
    intake.endTurn();
  });

  test('is refused for a frame further ahead than the longest permitted gap', () => {
    const { intake, recorder } = rig();
    intake.beginTurn(recorder);
    expect(() => intake.pause(LIMITS.gapFrames + 1, null)).toThrow(EarshotError);
    intake.endTurn();
  });

  test('a sender that pauses without end does not flood the log', () => {
    const { intake, recorder, levels } = rig({}, () => 0);
    intake.beginTurn(recorder);
    for (let i = 0; i < 1_000; i++) intake.pause(0, i);
    expect(levels.filter((level) => level !== 'debug')).toHaveLength(20);
    intake.endTurn();
  });
});
