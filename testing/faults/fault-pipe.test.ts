import { PassThrough, Writable } from 'node:stream';
import fc from 'fast-check';
import { expect, test } from 'vitest';
import { SeededRandom } from '../seeded-random.ts';
import { FaultPipe } from './fault-pipe.ts';
import type { NetworkConditions } from './network-conditions.ts';

/** Sends chunks of these lengths through a pipe. @returns the lengths of the chunks written to the target */
async function sendThrough(reads: readonly number[], conditions: NetworkConditions): Promise<number[]> {
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

test('the same seed splits the stream at the same offsets, whatever the reads', async () => {
  const conditions = (seed: number): NetworkConditions => {
    const rng = new SeededRandom(seed);
    return { pieceBytes: () => rng.int(1, 400), delayMs: () => 0 };
  };
  const reads = fc.array(fc.integer({ min: 1, max: 900 }), { minLength: 1, maxLength: 10 });
  await fc.assert(
    fc.asyncProperty(fc.nat(), reads, async (seed, sizes) => {
      const total = sizes.reduce((sum, size) => sum + size, 0);
      const whole = ends(await sendThrough([total], conditions(seed)));
      const inReads = ends(await sendThrough(sizes, conditions(seed)));
      // The stream is also split at the ends of reads, but nowhere else.
      const expected = new Set([...whole, ...ends(sizes)]);
      expect(inReads).toEqual([...expected].sort((a, b) => a - b));
    }),
    { numRuns: 50 },
  );
});

test('the same seed delays the same pieces', async () => {
  const delays = async (): Promise<number[]> => {
    const rng = new SeededRandom(3);
    const generated: number[] = [];
    await sendThrough([500, 500, 500], {
      pieceBytes: () => 100,
      delayMs: () => {
        generated.push(rng.int(0, 2));
        return generated.at(-1) ?? 0;
      },
    });
    return generated;
  };
  const first = await delays();
  expect(first).toHaveLength(15);
  expect(await delays()).toEqual(first);
});

test('counts forwarded and discarded bytes', async () => {
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
