import type { IncomingMessage } from 'node:http';
import { headerValues } from './headers.ts';

/** Where a request comes from. Raw headers, because parsed ones hide a second `Host` or `Origin`. */
export interface RequestOrigin {
  rawHeaders: readonly string[];
  remoteAddress?: string | undefined;
}

/** The parts of a request that the guards check. */
export interface RequestInfo extends RequestOrigin {
  method: string | undefined;
  url: string | undefined;
  /** As reported by Node, e.g. `1.1`. A line break inside the target makes it `0.9`. */
  httpVersion: string;
}

export function requestInfo({ method, url, httpVersion, rawHeaders, socket }: IncomingMessage): RequestInfo {
  return { method, url, httpVersion, rawHeaders, remoteAddress: socket.remoteAddress };
}

/** The path of a request target, without its query; empty if there is none. */
export function pathOf(url: string | undefined): string {
  return url?.split('?', 1)[0] ?? '';
}

export interface RequestPolicy {
  /** Permitted values of `Host`, each as a browser writes it (`ownHost`). */
  hosts: readonly string[];
  /** The only permitted origin, e.g. `earshot://app`. */
  origin: string;
  /** Whether `Origin` is required, as for a WebSocket, or may be missing, as for a navigation or a program. */
  page: 'required' | 'optional';
}

const CHECKED_HEADERS = ['host', 'origin'] as const;

/** The loopback interface, plain or as IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2). */
function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/**
 * The checks for every request, whether for a WebSocket, a file or the metrics. Pure, cheapest check first. Each stops
 * a known attack on servers on localhost: DNS rebinding (`Host`), a page of another origin (`Origin`, RFC 6454 and RFC
 * 6455 section 10.2), another machine (the address).
 * @returns why the request is refused with 403; null if it is permitted
 */
export function checkRequest(
  request: RequestOrigin,
  { hosts, origin, page }: RequestPolicy,
): 'host' | 'origin' | 'address' | null {
  const { host, origin: origins } = headerValues(request.rawHeaders, CHECKED_HEADERS);
  if (host.length !== 1 || !hosts.includes(host[0] ?? '')) return 'host';
  const originMissing = page === 'optional' && origins.length === 0;
  if (!originMissing && (origins.length !== 1 || origins[0] !== origin)) return 'origin';
  return isLoopback(request.remoteAddress) ? null : 'address';
}
