/** As much of a request as its first read shows, where the rest was not read. */
export interface RequestStart {
  method: string;
  url: string;
  /** name, value, name, value, … of the header lines that are whole */
  rawHeaders: string[];
}

/** So much of a read (bytes) is looked at; a browser names host and accepted types in its first 2 KiB. */
const LOOKED_AT_BYTES = 16 * 1024;
/** RFC 9112 section 3: a method that Earshot knows of, the target, the version. */
const REQUEST_LINE = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH) (\/\S*) HTTP\/1\.1$/;

/**
 * Reads the beginning of a request that was too large to be parsed, so that its sender can be told what was wrong. Pure.
 * @param packet the read in which the parser gave up, as Node's 'clientError' hands it on (`rawPacket`)
 * @returns null where the read is not the first one of a request, or not the beginning of one
 */
export function readRequestStart(packet: Buffer | undefined): RequestStart | null {
  const lines = (packet?.subarray(0, LOOKED_AT_BYTES).toString('latin1') ?? '').split('\r\n');
  // The last one may be cut anywhere.
  const [requestLine = '', ...headers] = lines.slice(0, -1);
  const [, method, url] = REQUEST_LINE.exec(requestLine) ?? [];
  if (method === undefined || url === undefined) return null;
  const rawHeaders: string[] = [];
  for (const line of headers) {
    const colon = line.indexOf(':');
    if (colon <= 0) break;
    rawHeaders.push(line.slice(0, colon), line.slice(colon + 1).trim());
  }
  return { method, url, rawHeaders };
}
