import { randomBytes } from 'node:crypto';
import type { IncomingMessage } from 'node:http';
import { matchesSecret } from '../guard/compare-secret.ts';
import type { PageRefusal } from './page-guard.ts';
import { isForeignUser, peerUser } from './peer-user.ts';

/** Where a browser that Earshot starts knocks first. */
const ENTRY_PATH = '/enter';
/** A browser that has to start takes seconds; whoever reads the link later comes too late (ms). */
export const ENTRY_LIFE_MS = 60_000;

const USED: PageRefusal = {
  status: 410,
  why: 'entry link',
  headers: { 'Cache-Control': 'no-store' },
  words:
    'This link serves once, and for a minute. Open the address that Earshot printed when it started. ' +
    'If you have not used the link, stop Earshot and start it again: somebody else on this machine has.',
};

interface EntryLinkOptions {
  /** Milliseconds on a clock that never goes back. */
  now?: () => number;
  /** This process's user; undefined where a system has no numbers for them. */
  user?: number | undefined;
  /** Whose program made a request; null: the system does not tell. */
  userOf?: (request: IncomingMessage) => number | null;
}

interface EntryLink {
  /** Path and query of a new link; the one before opens nothing any more. */
  renew(): string;
  /** Whether a request is for the link. */
  isAsked(request: IncomingMessage): boolean;
  /** Lets the first one in who comes with the link in time: null. Everyone else is told the same. */
  take(request: IncomingMessage): PageRefusal | null;
}

/**
 * A link that opens the page once. The address of a page is an argument of the browser's process, which `ps` shows to
 * every user of the machine for as long as the browser runs: the launch's token must not stand there.
 * Linux also tells whose program is asking, so that another user can't be quicker than the browser.
 */
export function createEntryLink(options: EntryLinkOptions = {}): EntryLink {
  const {
    now = () => performance.now(),
    user = process.getuid?.(),
    userOf = ({ socket }) => peerUser(socket),
  } = options;
  let open: { code: string; until: number } | null = null;

  return {
    renew() {
      const code = randomBytes(32).toString('base64url');
      open = { code, until: now() + ENTRY_LIFE_MS };
      return `${ENTRY_PATH}?code=${code}`;
    },
    isAsked: ({ url }) => url?.split('?', 1)[0] === ENTRY_PATH,
    take(request) {
      if (open === null || request.method !== 'GET' || now() > open.until) return USED;
      const offered = request.url?.slice(`${ENTRY_PATH}?code=`.length) ?? '';
      if (!matchesSecret(offered, open.code) || isForeignUser(userOf(request), user)) return USED;
      open = null;
      return null;
    },
  };
}
