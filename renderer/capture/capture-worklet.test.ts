import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { FakeCapturePort } from '../testing/fake-capture-port.ts';

interface Worklet {
  port: FakeCapturePort;
  process(inputs: Float32Array[][]): boolean;
}
type WorkletClass = new (options: { processorOptions: { channel: number } }) => Worklet;
/**
 * Acts like the audio thread: evaluates the module in a scope with a sample rate, then creates the registered class.
 */
async function load(sampleRate: number): Promise<Worklet> {
  const registered = new Map<string, WorkletClass>();
  vi.stubGlobal('sampleRate', sampleRate);
  vi.stubGlobal('registerProcessor', (name: string, processor: WorkletClass) => registered.set(name, processor));
  vi.stubGlobal(
    'AudioWorkletProcessor',
    class {
      readonly port = new FakeCapturePort();
    },
  );
  await import('./capture-worklet.ts');
  const { CAPTURE_PROCESSOR } = await import('./capture-processor.ts');
  const Registered = registered.get(CAPTURE_PROCESSOR);
  if (!Registered) throw new Error('the module registered no processor');
  return new Registered({ processorOptions: { channel: 0 } });
}

describe('capture worklet', () => {
  beforeEach(() => {
    vi.resetModules();
  });
  afterEach(() => {
    vi.unstubAllGlobals();
    vi.restoreAllMocks();
  });

  test('posts each 20 ms of 48 kHz quanta as one frame', async () => {
    const worklet = await load(48_000);
    // 50 × 128 = 6,400 samples = 133 ms: six frames and a remainder that is not delivered yet.
    for (let i = 0; i < 50; i++) expect(worklet.process([[new Float32Array(128).fill(0.5)]])).toBe(true);
    expect(worklet.port.lengths).toEqual([320, 320, 320, 320, 320, 320]);
    expect(worklet.port.copiedBytes, 'moved, not copied').toBe(0);
  });

  test('a flush posts the remainder, then `flushed`, and ends the processor', async () => {
    const worklet = await load(16_000);
    worklet.process([[new Float32Array(400)]]);
    worklet.port.send({ type: 'flush' });
    expect(worklet.port.lengths).toEqual([320, 80]);
    expect(worklet.port.reports.at(-1)).toEqual({ type: 'flushed' });
    expect(worklet.process([[new Float32Array(400)]])).toBe(false);
    expect(worklet.port.reports.at(-1)).toEqual({ type: 'flushed' });
  });

  test('H60 reports once that the wall clock was set back, before the gap of the next stall, whose length is not affected', async () => {
    const worklet = await load(16_000);
    let time = 1_000_000;
    vi.spyOn(Date, 'now').mockImplementation(() => time);
    /** Processes 8 ms of sound at a time. */
    const process = (ms: number) => {
      for (let processed = 0; processed < ms; processed += 8) {
        time += 8;
        worklet.process([[new Float32Array(128).fill(0.5)]]);
      }
    };
    process(2_000);
    time -= 3_600_000;
    process(400);
    time += 1_000;
    process(400);
    const reports = worklet.port.reports.filter(({ type }) => type === 'set-back' || type === 'gap');
    expect(reports.map(({ type }) => type)).toEqual(['set-back', 'gap']);
    // The stall, and the audio that is dropped until it is known whether the browser catches up.
    expect(reports[1]).toEqual({ type: 'gap', ms: expect.closeTo(1_100, -2) });
  });

  test('an unconnected input delivers nothing', async () => {
    const worklet = await load(44_100);
    expect(worklet.process([])).toBe(true);
    expect(worklet.process([[]])).toBe(true);
    worklet.port.send({ type: 'flush' });
    expect(worklet.port.reports).toEqual([{ type: 'flushed' }]);
  });

  test('a second flush is answered too, without sending anything twice', async () => {
    const worklet = await load(16_000);
    worklet.process([[new Float32Array(5)]]);
    worklet.port.send({ type: 'flush' });
    worklet.port.send({ type: 'flush' });
    expect(worklet.port.types).toEqual(['started', 'frame', 'flushed', 'flushed']);
  });
});
