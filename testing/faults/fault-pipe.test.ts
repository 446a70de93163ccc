import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { FaultPipe } from './fault-pipe.ts';
import type { NetworkConditions } from './network-conditions.ts';

/** Sends `reads` bytes at a time through a pipe. @returns the lengths of what was written behind it */
async function written(reads: readonly number[], conditions: NetworkConditions): Promise<number[]> {
  const lengths: number[] = [];
  const from = new PassThrough();
  const to = new Writable({
    write(chunk: Buffer, _encoding, done) {
      lengths.push(chunk.length);
      done();
    },
  });
  new FaultPipe(from, to, conditions);
  const finished = new Promise((resolve) => to.once('finish', resolve));
  for (const length of reads) {
    from.write(Buffer.alloc(length));
    await new Promise<void>((resolve) => setImmediate(resolve));
  }
  from.end();
  await finished;
  return lengths;
}

const ends = (lengths: readonly number[]): number[] => {
  let end = 0;
  return lengths.map((length) => {
    end += length;
    return end;
  });
};

test('the same seed cuts the stream at the same places, however it was read', async () => {
  const conditions = (seed: number): NetworkConditions => {
    const rng = new SeededRandom(seed);
    return { pieceBytes: () => rng.int(1, 400), delayMs: () => 0 };
  };
  const reads = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(fc.nat(), reads, async (seed, sizes) => {
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const whole = ends(await written([total], conditions(seed)));
      const inReads = ends(await written(sizes, conditions(seed)));
      // The end of a read adds a place of its own; nothing else may.
      const expected = new Set([...whole, ...ends(sizes)]);
      expect(inReads).toEqual([...expected].sort((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});

test('the same seed delays the same pieces', async () => {
  const delays = async (): Promise<number[]> => {
    const rng = new SeededRandom(3);
    const asked: number[] = [];
    await written([500, 500, 500], {
      pieceBytes: () => 100,
      delayMs: () => {
        asked.push(rng.int(0, 2));
        return asked.at(-1) ?? 0;
      },
    });
    return asked;
  };
  const first = await delays();
  expect(first).toHaveLength(15);
  expect(await delays()).toEqual(first);
});

test('counts what it handed on and what it threw away', async () => {
  const from = new PassThrough();
  const to = new PassThrough();
  to.resume();
  const pipe = new FaultPipe(from, to, { pieceBytes: () => 100, delayMs: () => 0 });
  await new Promise<void>((resolve) => {
    pipe.cutAfter(250, resolve);
    from.write(Buffer.alloc(400));
  });
  from.write(Buffer.alloc(50));
  await new Promise<void>((resolve) => setImmediate(resolve));
  expect([pipe.forwarded, pipe.swallowed, pipe.queuedBytes]).toEqual([250, 200, 0]);
});
