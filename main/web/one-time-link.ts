import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { matchesSecret } from '../guard/compare-secret.ts';
import { pathOf } from '../guard/request-checks.ts';
import { text } from '../text/text.ts';
import type { PageRefusal } from './page-guard.ts';
import { isForeignUser, peerUser } from './peer-user.ts';

/** Path of the link that a browser started by Earshot opens first. */
const LINK_PATH = '/enter';
/** Lifetime of a link (ms). Starting a browser takes seconds; a program that reads the link later can't use it. */
export const LINK_LIFETIME_MS = 60_000;

const usedLink = (): PageRefusal => ({
  status: 410,
  why: 'entry link',
  headers: { 'Cache-Control': 'no-store' },
  body: text.refusal.usedLink,
});

interface OneTimeLinkOptions {
  /** Monotonic clock (ms). */
  now?: () => number;
  /** User id of this process; undefined on systems without user ids. */
  user?: number | undefined;
  /** User id of the program that made a request; null: unknown. */
  userOf?: (request: IncomingMessage) => number | null;
}

interface OneTimeLink {
  /** Makes a new link and invalidates the previous one. @returns its path and query */
  renew(): string;
  /** Whether a request is for the link. */
  handles(request: IncomingMessage): boolean;
  /** Accepts the first request with a valid link (returns null). Returns the same refusal for all others. */
  take(request: IncomingMessage): PageRefusal | null;
}

/**
 * A link that opens the page once. The address is an argument of the browser's process, which `ps` shows to every user
 * of the machine as long as the browser runs, so it must not contain the launch's token. On Linux the user of the
 * requesting program is checked as well: another user can't use the link before the browser does.
 */
export function createOneTimeLink(options: OneTimeLinkOptions = {}): OneTimeLink {
  const {
    now = () => performance.now(),
    user = process.getuid?.(),
    userOf = ({ socket }) => peerUser(socket),
  } = options;
  let current: { code: string; expiresAt: number } | null = null;

  return {
    renew() {
      const code = randomBytes(32).toString('base64url');
      current = { code, expiresAt: now() + LINK_LIFETIME_MS };
      return `${LINK_PATH}?code=${code}`;
    },
    handles: ({ url }) => pathOf(url) === LINK_PATH,
    take(request) {
      if (current === null || request.method !== 'GET' || now() > current.expiresAt) return usedLink();
      const code = request.url?.slice(`${LINK_PATH}?code=`.length) ?? '';
      if (!matchesSecret(code, current.code) || isForeignUser(userOf(request), user)) return usedLink();
      current = null;
      return null;
    },
  };
}
