/** What of a file answers a request, by RFC 9110 sections 14.2, 15.3.7 and 15.5.17. */
export type RangeAnswer =
  /** The whole file. */
  | { status: 200 }
  /** From `start` to before `end`, in bytes; at least one, all inside of the file. */
  | { status: 206; start: number; end: number }
  /** The file has no byte of what was asked for. */
  | { status: 416 };

const WHOLE: RangeAnswer = { status: 200 };

/** `int-range` and `suffix-range`, RFC 9110 section 14.1.1. `other-range` is of no unit that is known here. */
const RANGE_SPEC = /^(\d*)-(\d*)$/;

/**
 * Decides which part of a file a `Range` header asks for: pure. One range of bytes is answered. Several, another unit and
 * what can't be read get the whole file, as RFC 9110 section 14.2 allows.
 * @param header the value of `Range`; undefined where there is none
 * @param size of the file, in bytes
 */
export function selectRange(header: string | undefined, size: number): RangeAnswer {
  // Units are case-insensitive; white space and empty elements may stand around a list's elements (section 5.6.1).
  const [, set] = /^bytes=(.*)$/i.exec(header ?? '') ?? [];
  const specs = (set ?? '').split(',').map((spec) => spec.replace(/^[ \t]+|[ \t]+$/g, ''));
  const [spec, ...others] = specs.filter((spec) => spec !== '');
  const [, first, last] = RANGE_SPEC.exec(spec ?? '') ?? [];
  if (first === undefined || last === undefined || others.length > 0) return WHOLE;

  if (first === '') {
    // The last bytes. Of an empty file that is all of it, which a Content-Range can't say.
    if (last === '' || (size === 0 && Number(last) > 0)) return WHOLE;
    const length = Math.min(Number(last), size);
    return length === 0 ? { status: 416 } : { status: 206, start: size - length, end: size };
  }
  const start = Number(first);
  // Numbers too long to be exact are beyond every file: they only have to be compared with its size.
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && BigInt(last) < BigInt(first)) return WHOLE;
  return start < size ? { status: 206, start, end } : { status: 416 };
}
