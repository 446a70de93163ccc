import type { IncomingMessage } from 'node:http';
import { headerValues } from './headers.ts';

/** A request as it came: raw headers, because parsed ones hide a second `Host` or `Origin`. */
export interface RequestOrigin {
  rawHeaders: readonly string[];
  remoteAddress?: string | undefined;
}

/** All that the guards look at. */
export interface RequestInfo extends RequestOrigin {
  method: string | undefined;
  url: string | undefined;
  /** As Node tells it, e.g. `1.1`. A line break inside the target makes it `0.9`. */
  httpVersion: string;
}

export function requestInfo({ method, url, httpVersion, rawHeaders, socket }: IncomingMessage): RequestInfo {
  return { method, url, httpVersion, rawHeaders, remoteAddress: socket.remoteAddress };
}

export interface RequestPolicy {
  /** What `Host` may be, each as a browser writes it (`ownHost`). */
  hosts: readonly string[];
  /** The one page that may ask, e.g. `earshot://app`. */
  origin: string;
  /** `required`: a page must ask, as for a socket. `optional`: no page at all, as for a navigation or a program. */
  page: 'required' | 'optional';
}

const CHECKED_HEADERS = ['host', 'origin'] as const;

/** The loopback interface, plain or as IPv4-mapped IPv6 (RFC 4291 section 2.5.5.2). */
function isLoopback(address: string | undefined): boolean {
  return address !== undefined && /^(::ffff:)?127\.\d{1,3}\.\d{1,3}\.\d{1,3}$/.test(address);
}

/**
 * What every request has to pass, for a socket, a file or the metrics: pure, cheapest check first. Each answers a way in
 * that servers on localhost were broken by: DNS rebinding (`Host`), a page of another origin (`Origin`, RFC 6454 and
 * RFC 6455 section 10.2), another machine (the address).
 * @returns why it is refused, with 403, or null
 */
export function checkRequest(
  facts: RequestOrigin,
  { hosts, origin, page }: RequestPolicy,
): 'host' | 'origin' | 'address' | null {
  const { host, origin: origins } = headerValues(facts.rawHeaders, CHECKED_HEADERS);
  if (host.length !== 1 || !hosts.includes(host[0] ?? '')) return 'host';
  const noPage = page === 'optional' && origins.length === 0;
  if (!noPage && (origins.length !== 1 || origins[0] !== origin)) return 'origin';
  return isLoopback(facts.remoteAddress) ? null : 'address';
}
