/** The part of a file to send, per RFC 9110 sections 14.2, 15.3.7 and 15.5.17. */
export type RangeAnswer =
  /** The whole file. */
  | { status: 200 }
  /** Bytes from `start` to before `end`: at least one, all within the file. */
  | { status: 206; start: number; end: number }
  /** The requested range is outside of the file. */
  | { status: 416 };

const WHOLE: RangeAnswer = { status: 200 };

/** `int-range` and `suffix-range`, RFC 9110 section 14.1.1. */
const RANGE_SPEC = /^(\d*)-(\d*)$/;

/**
 * Selects the part of a file that a `Range` header requests. Supports a single byte range. Several ranges, other units
 * and malformed headers select the whole file, as RFC 9110 section 14.2 allows.
 * @param header the value of `Range`; undefined if there is none
 * @param size size of the file in bytes
 */
export function selectRange(header: string | undefined, size: number): RangeAnswer {
  // Units are case-insensitive. A list may contain white space and empty elements (section 5.6.1).
  const [, set] = /^bytes=(.*)$/i.exec(header ?? '') ?? [];
  const specs = (set ?? '').split(',').map((spec) => spec.replace(/^[ \t]+|[ \t]+$/g, ''));
  const [spec, ...others] = specs.filter((spec) => spec !== '');
  const [, first, last] = RANGE_SPEC.exec(spec ?? '') ?? [];
  if (first === undefined || last === undefined || others.length > 0) return WHOLE;

  if (first === '') {
    // The last bytes. For an empty file that is the whole file, which Content-Range can't express.
    if (last === '' || (size === 0 && Number(last) > 0)) return WHOLE;
    const length = Math.min(Number(last), size);
    return length === 0 ? { status: 416 } : { status: 206, start: size - length, end: size };
  }
  const start = Number(first);
  // Numbers beyond 2^53 lose precision, but still compare as larger than any file size.
  const end = last === '' ? size : Math.min(Number(last) + 1, size);
  if (last !== '' && BigInt(last) < BigInt(first)) return WHOLE;
  return start < size ? { status: 206, start, end } : { status: 416 };
}
