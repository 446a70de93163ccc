import { EarshotError } from '../../shared/errors.ts';
import { isPageName } from '../../shared/page-name.ts';

/** What a tab looks at before it takes its secret. */
export interface CheckedPlace {
  location: { origin: string };
  navigator: { serviceWorker?: { controller: unknown } };
}

/** The name of the page with `--numeric-address`. */
const NUMERIC = '127.0.0.1';

/**
 * Whether a tab may use its secret here. Earshot has no service worker: one that controls the page is of another program that
 * had this address, and sees all that is fetched. And it is served under its own names alone.
 * @returns why not, or null
 */
export function refusePlace({ location, navigator }: CheckedPlace): EarshotError | null {
  const { hostname } = new URL(location.origin);
  if (hostname !== NUMERIC && !isPageName(hostname)) {
    return new EarshotError(
      'page_elsewhere',
      'This is not the address of Earshot’s page. Open the whole link that Earshot printed when it started.',
    );
  }
  if (navigator.serviceWorker?.controller) {
    return new EarshotError(
      'page_controlled',
      'A service worker that another program left in this browser controls this page, and could read along. ' +
        'Close this tab and open the link that Earshot printed: it removes the worker. ' +
        'Where Earshot was started with --numeric-address, remove the data of this site in the browser first.',
    );
  }
  return null;
}
