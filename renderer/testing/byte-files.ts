import type { ByteSource } from '../audio-files/worker/byte-source.ts';

/** For tests: bytes as a source, in which every read is counted. */
export function sourceOf(bytes: Uint8Array): ByteSource & { reads: [start: number, end: number][] } {
  const reads: [number, number][] = [];
  return {
    size: bytes.length,
    reads,
    async read(start, end) {
      reads.push([start, end]);
      return bytes.slice(start, end);
    },
  };
}

/** Joins parts: bytes, text in Latin-1, and numbers as single bytes. */
export function join(...parts: (Uint8Array | string | number)[]): Uint8Array<ArrayBuffer> {
  const all = parts.map((part) => {
    if (typeof part === 'number') return Uint8Array.of(part);
    return typeof part === 'string' ? Uint8Array.from(part, (character) => character.charCodeAt(0)) : part;
  });
  const bytes = new Uint8Array(all.reduce((sum, { length }) => sum + length, 0));
  let at = 0;
  for (const part of all) {
    bytes.set(part, at);
    at += part.length;
  }
  return bytes;
}

/** A number in little-endian order. @param width in bytes */
export const le = (value: number, width: number) =>
  Uint8Array.from({ length: width }, (_, i) => Math.floor(value / 256 ** i) % 256);
/** A number in big-endian order. */
export const be = (value: number, width: number) => le(value, width).reverse();

/** All that an asynchronous sequence yields. */
export async function all<T>(items: AsyncIterable<T>): Promise<T[]> {
  const found: T[] = [];
  for await (const item of items) found.push(item);
  return found;
}
