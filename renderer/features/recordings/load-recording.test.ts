import fc from 'fast-check';
import { expect, test } from 'vitest';
import { READ_CHUNK_BYTES } from '../../../shared/bridge.ts';
import { loadRecording } from './load-recording.ts';

/** A host that holds one file and gives at most a chunk of it. */
function hostWith(file: Uint8Array, total = file.byteLength) {
  const asked: number[] = [];
  return {
    asked,
    async readRecording({ offset }: { id: string; offset: number }) {
      asked.push(offset);
      const piece = file.subarray(offset, offset + READ_CHUNK_BYTES);
      return { data_base64: btoa(Array.from(piece, (byte) => String.fromCharCode(byte)).join('')), total_bytes: total };
    },
  };
}

test('a long recording arrives byte by byte as it is on disk, in chunks', async () => {
  const file = Uint8Array.from({ length: READ_CHUNK_BYTES * 2 + 17 }, (_, i) => (i * 31) % 256);
  const host = hostWith(file);
  const blob = await loadRecording(host, 'a');
  expect(new Uint8Array(await blob.arrayBuffer())).toEqual(file);
  expect(blob.type).toBe('audio/wav');
  expect(host.asked).toEqual([0, READ_CHUNK_BYTES, READ_CHUNK_BYTES * 2]);
});

test('an empty recording is an empty file, and not an endless loop', async () => {
  expect((await loadRecording(hostWith(new Uint8Array()), 'a')).size).toBe(0);
});

test('a host that stops before the end it named is an error with a code', async () => {
  await expect(loadRecording(hostWith(new Uint8Array(10), 20), 'a')).rejects.toMatchObject({ code: 'recording_cut' });
});

test('property: whatever a host gives, it is a file as long as it named or an error with a code, and never an endless loop', async () => {
  const base64 = fc.uint8Array({ maxLength: 30 }).map((bytes) => btoa(String.fromCharCode(...bytes)));
  const answer = fc.record({ data_base64: fc.oneof(base64, fc.string()), total_bytes: fc.nat(60) });
  await fc.assert(
    fc.asyncProperty(fc.array(answer, { minLength: 1, maxLength: 5 }), async (answers) => {
      let asked = 0;
      const readRecording = async () => answers[asked++] ?? { data_base64: '', total_bytes: 60 };
      try {
        const blob = await loadRecording({ readRecording }, 'a');
        expect(blob.size).toBeGreaterThanOrEqual(answers[asked - 1]?.total_bytes ?? 60);
      } catch (error) {
        expect(error).toMatchObject({ code: expect.stringMatching(/^recording_(cut|garbled)$/) });
      }
      expect(asked).toBeLessThanOrEqual(answers.length + 1);
    }),
  );
});
