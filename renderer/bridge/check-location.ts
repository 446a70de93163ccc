import { EarshotError } from '../../shared/errors.ts';
import { isPageName } from '../../shared/page-name.ts';
import { text } from '../text/text.ts';

/** The parts of `window` that are checked before a tab uses its secret. */
export interface CheckedLocation {
  location: { origin: string };
  navigator: { serviceWorker?: { controller: unknown } };
}

/** Host name of the page with `--numeric-address`. */
const NUMERIC = '127.0.0.1';

/**
 * Checks whether a tab may use its secret here. Earshot has no service worker: one that controls the page was installed
 * by another program that used this address, and sees all requests. Earshot's pages are served only under its own host
 * names.
 * @returns the reason why not, or null
 */
export function checkLocation({ location, navigator }: CheckedLocation): EarshotError | null {
  const { hostname } = new URL(location.origin);
  if (hostname !== NUMERIC && !isPageName(hostname)) {
    return new EarshotError('page_elsewhere', text.host.elsewhere);
  }
  if (navigator.serviceWorker?.controller) {
    return new EarshotError('page_controlled', text.host.controlled);
  }
  return null;
}
