import fc from 'fast-check';
import { expect, test } from 'vitest';
import { encodeWavHeader } from '../../shared/wav-header.ts';
import { MemoryDisk } from '../testing/memory-disk.ts';
import { isCompleteWav } from './validate-wav.ts';

const PATH = '/recordings/a.wav';

async function asked(bytes: Uint8Array): Promise<{ whole: boolean; read: number }> {
  const disk = new MemoryDisk();
  disk.files.set(PATH, bytes);
  const file = await disk.open(PATH, 'r');
  return { whole: await isCompleteWav(file, bytes.length), read: disk.bytesRead };
}

function wav(samples: Int16Array): Uint8Array {
  const file = new Uint8Array(44 + samples.byteLength);
  encodeWavHeader(samples.byteLength, file);
  file.set(new Uint8Array(samples.buffer, samples.byteOffset, samples.byteLength), 44);
  return file;
}

test('property: a WAV file is complete, and with one byte less or more it is not', async () => {
  await fc.assert(
    fc.asyncProperty(fc.int16Array({ maxLength: 500 }), fc.nat(), async (samples, cut) => {
      const file = wav(samples);
      expect((await asked(file)).whole).toBe(true);
      expect((await asked(file.subarray(0, cut % file.length))).whole).toBe(false);
      expect((await asked(Uint8Array.from([...file, 0]))).whole).toBe(false);
    }),
  );
});

test('property: any bytes get a yes or no after a few reads', async () => {
  const patched = fc
    .tuple(fc.int16Array({ minLength: 50, maxLength: 50 }), fc.nat(43), fc.uint8Array({ minLength: 1, maxLength: 8 }))
    .map(([samples, at, patch]) => {
      const file = wav(samples);
      file.set(patch, at);
      return file;
    });
  // Only empty chunks: the maximum number of steps for a file of this size.
  const emptyChunks = fc.nat(2_000).map((chunks) => {
    const file = new Uint8Array(12 + chunks * 8);
    file.set(new TextEncoder().encode('RIFF'));
    new DataView(file.buffer).setUint32(4, file.length - 8, true);
    file.set(new TextEncoder().encode('WAVE'), 8);
    return file;
  });
  await fc.assert(
    fc.asyncProperty(fc.oneof(fc.uint8Array({ maxLength: 200 }), patched, emptyChunks), async (bytes) => {
      const { whole, read } = await asked(bytes);
      expect(typeof whole).toBe('boolean');
      // The file header, 100 chunk headers and their formats.
      expect(read).toBeLessThanOrEqual(12 + 100 * (8 + 16));
    }),
    { numRuns: 300 },
  );
});
