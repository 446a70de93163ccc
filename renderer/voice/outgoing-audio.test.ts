import fc from 'fast-check';
import { beforeEach, describe, expect, test } from 'vitest';
import { decodeAudioFrame } from '../../shared/audio-frame.ts';
import { type AudioGate, OutgoingAudio } from './outgoing-audio.ts';

const KIB_64 = 64 * 1024;
const MAX_WAITING = 1_500;

/** A gate that remembers what left; `pcm` of a frame is its one sample, its name. */
class FakeGate implements AudioGate {
  bufferedAmount = 0;
  readonly frames: Array<{ seq: number; capturedMs: number; name: number }> = [];
  /** Bytes that stay in the socket for each frame. */
  keeps = 0;

  send(bytes: Uint8Array<ArrayBuffer>): void {
    const { seq, capturedMs, pcm } = decodeAudioFrame(bytes);
    this.frames.push({ seq, capturedMs, name: new DataView(pcm.buffer, pcm.byteOffset).getInt16(0, true) });
    this.bufferedAmount += this.keeps;
  }
  get names(): number[] {
    return this.frames.map((frame) => frame.name);
  }
  get seqs(): number[] {
    return this.frames.map((frame) => frame.seq);
  }
}

const range = (length: number, from = 0): number[] => Array.from({ length }, (_, i) => from + i);

let audio: OutgoingAudio;
let gate: FakeGate;
let named: number;

/** Captures frames, named by a running number. */
function push(count: number): void {
  for (let i = 0; i < count; i++) audio.push(Int16Array.of(named), 1_000 + 20 * named++);
}

beforeEach(() => {
  audio = new OutgoingAudio();
  gate = new FakeGate();
  named = 0;
});

describe('the way of a frame', () => {
  test('before start it waits; after it leaves in order, numbered from 0', () => {
    push(3);
    expect(gate.frames).toEqual([]);
    audio.open(gate);
    push(2);
    expect(gate.names).toEqual([0, 1, 2, 3, 4]);
    expect(gate.seqs).toEqual([0, 1, 2, 3, 4]);
    expect(audio.through).toBe(4);
  });

  test('captured_ms counts from the session’s first frame', () => {
    push(1);
    audio.open(gate);
    push(2);
    expect(gate.frames.map((frame) => frame.capturedMs)).toEqual([0, 20, 40]);
  });

  test('a socket with 64 KiB waiting gets nothing more until it has less', () => {
    gate.bufferedAmount = KIB_64;
    audio.open(gate);
    push(2);
    expect(gate.frames).toEqual([]);
    gate.bufferedAmount = KIB_64 - 1;
    push(1);
    expect(gate.names).toEqual([0, 1, 2]);
  });

  test('what waited goes into the socket by 64 KiB, not all at once', () => {
    push(500);
    gate.keeps = 648;
    audio.open(gate);
    expect(gate.frames).toHaveLength(Math.ceil(KIB_64 / 648));
  });

  test('before stop everything leaves, however full the socket is', () => {
    gate.bufferedAmount = 10 * KIB_64;
    audio.open(gate);
    push(5);
    audio.close();
    expect(gate.names).toEqual([0, 1, 2, 3, 4]);
  });

  test('after stop nothing leaves', () => {
    audio.open(gate);
    audio.close();
    push(2);
    expect(gate.frames).toEqual([]);
  });
});

describe('the end of a session', () => {
  test('the next one counts from 0, in its own time, and hears nothing of what was sent', () => {
    audio.open(gate);
    push(3);
    audio.endSession();
    push(2);
    const next = new FakeGate();
    audio.open(next);
    push(1);
    expect(next.frames).toEqual([
      { seq: 0, capturedMs: 0, name: 3 },
      { seq: 1, capturedMs: 20, name: 4 },
      { seq: 2, capturedMs: 40, name: 5 },
    ]);
    expect(gate.names).toEqual([0, 1, 2]);
    expect([audio.through, audio.acknowledged]).toEqual([2, -1]);
  });

  test('what it did not acknowledge is lost, 20 ms a frame', () => {
    audio.open(gate);
    push(30);
    audio.acknowledge(9);
    audio.endSession();
    expect(audio.lostMs).toBe(400);
  });

  test('a session without a frame, or with all of them held, loses nothing', () => {
    audio.endSession();
    audio.open(gate);
    push(10);
    audio.acknowledge(9);
    audio.endSession();
    audio.endSession();
    expect(audio.lostMs).toBe(0);
  });

  test('an acknowledgement that goes backwards takes nothing back', () => {
    audio.open(gate);
    push(10);
    audio.acknowledge(9);
    audio.acknowledge(3);
    expect(audio.acknowledged).toBe(9);
    audio.endSession();
    expect(audio.lostMs).toBe(0);
  });

  test('an acknowledgement of frames that were never sent is no credit', () => {
    audio.open(gate);
    push(5);
    audio.acknowledge(1_000_000);
    audio.endSession();
    expect(audio.lostMs).toBe(0);
    audio.open(gate);
    push(3);
    audio.endSession();
    expect(audio.lostMs).toBe(60);
  });

  test('losses of several sessions add up, until a new press', () => {
    for (let i = 0; i < 3; i++) {
      audio.open(gate);
      push(2);
      audio.endSession();
    }
    audio.addLoss(50);
    expect(audio.lostMs).toBe(170);
    audio.resetLoss();
    expect(audio.lostMs).toBe(0);
  });
});

describe('H23 an outage that is too long', () => {
  test('30 s wait, older frames are dropped, each a loss of 20 ms', () => {
    push(MAX_WAITING);
    expect(audio.lostMs).toBe(0);
    push(7);
    expect(audio.lostMs).toBe(140);
    audio.open(gate);
    expect(gate.names).toEqual(range(MAX_WAITING, 7));
    expect(gate.seqs).toEqual(range(MAX_WAITING));
  });

  test('in a session the numbers of dropped frames are used up: the server hears of the gap', () => {
    audio.open(gate);
    push(2);
    gate.bufferedAmount = KIB_64;
    push(MAX_WAITING + 3);
    gate.bufferedAmount = 0;
    push(1);
    expect(gate.names).toEqual([0, 1, ...range(MAX_WAITING + 1, 5)]);
    expect(gate.seqs).toEqual(gate.names);
    expect(audio.lostMs).toBe(60);
  });

  test('a frame that was dropped in a session which then breaks is lost once, not twice', () => {
    audio.open(gate);
    gate.bufferedAmount = KIB_64;
    push(MAX_WAITING + 3);
    audio.endSession();
    expect(audio.lostMs).toBe(60);
  });

  test('forgetting what waits tells its length and sends none of it', () => {
    push(4);
    expect(audio.drop()).toBe(80);
    expect(audio.drop()).toBe(0);
    audio.open(gate);
    expect(gate.frames).toEqual([]);
    expect(audio.lostMs).toBe(0);
  });
});

test('each frame that is captured is heard once, waits, or is counted as lost once, whatever happens', () => {
  const step = fc.oneof(
    fc.record({ do: fc.constant('push' as const), n: fc.constantFrom(1, 7, 400, 1_600) }),
    fc.record({ do: fc.constant('acknowledge' as const), n: fc.nat() }),
    fc.record({
      do: fc.constantFrom('open' as const, 'close' as const, 'end' as const, 'full' as const, 'read' as const),
    }),
  );
  fc.assert(
    fc.property(fc.array(step, { maxLength: 30 }), (steps) => {
      audio = new OutgoingAudio();
      named = 0;
      gate = new FakeGate();
      let open = false;
      const held = new Set<number>();
      for (const action of steps) {
        if (action.do === 'push') push(action.n);
        if (action.do === 'full') gate.bufferedAmount = KIB_64;
        if (action.do === 'read') gate.bufferedAmount = 0;
        if (action.do === 'open' && !open) {
          // One gate a session: what was sent before in it counts on.
          audio.open(gate);
          open = true;
        }
        if (action.do === 'close') {
          audio.close();
          open = false;
        }
        if (action.do === 'acknowledge' && gate.frames.length > 0) {
          const through = action.n % ((gate.seqs.at(-1) ?? 0) + 1);
          audio.acknowledge(through);
          for (const { seq, name } of gate.frames) if (seq <= through) held.add(name);
        }
        if (action.do === 'end') {
          audio.endSession();
          gate = new FakeGate();
          open = false;
        }
        // Strictly in order, each once.
        expect(gate.seqs.every((seq, i) => i === 0 || seq > (gate.seqs[i - 1] ?? 0))).toBe(true);
        expect(gate.names.every((name, i) => i === 0 || name > (gate.names[i - 1] ?? 0))).toBe(true);
      }
      audio.endSession();
      const waiting = audio.drop() / 20;
      expect(held.size + waiting + audio.lostMs / 20).toBe(named);
    }),
    { numRuns: 100 },
  );
});
