/** The part of an oversized request that arrived with the first read. */
export interface RequestStart {
  method: string;
  url: string;
  /** name, value, name, value, … of the complete header lines */
  rawHeaders: string[];
}

/** How many bytes of the read are parsed. A browser sends `Host` and `Accept` within the first 2 KiB. */
const MAX_PARSED_BYTES = 16 * 1024;
/** RFC 9112 section 3: a known method, the target and the version. */
const REQUEST_LINE = /^(GET|HEAD|POST|PUT|DELETE|OPTIONS|PATCH) (\/\S*) HTTP\/1\.1$/;

/**
 * Parses the start of a request that was too large for Node's parser, to answer it with a helpful response. Pure.
 * @param packet the read in which the parser failed: `rawPacket` of Node's 'clientError'
 * @returns null if the read is not the start of a request
 */
export function readRequestStart(packet: Buffer | undefined): RequestStart | null {
  const lines = (packet?.subarray(0, MAX_PARSED_BYTES).toString('latin1') ?? '').split('\r\n');
  // The last line may be incomplete.
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
