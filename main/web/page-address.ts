import { pageNameOf } from '../../shared/page-name.ts';
import { LOOPBACK, ownHost, ownOrigin } from '../guard/own-address.ts';
import { randomLabel } from './page-name.ts';

/** An origin that the server of the page answers at. */
export interface ServedOrigin {
  /** As a browser writes it in `Host`. */
  host: string;
  /** As a browser writes it in `Origin`. */
  origin: string;
}

/** All origins of a launch. */
export interface PageAddress {
  /** `<32 hexadecimal digits>.localhost`, or `127.0.0.1` with `--numeric-address`. */
  name: string;
  /** Origin of the page; the same at every start of this installation. */
  page: ServedOrigin;
  /** Origin of the printed link and its page: a subdomain of `name`, new at each launch. Null with `--numeric-address`. */
  linkPage: ServedOrigin | null;
  /**
   * Origin of the link on a browser's command line. Every user of the machine can read it, so it contains no other
   * name.
   */
  oneTimeLink: ServedOrigin;
  /** The origin at 127.0.0.1. */
  numeric: ServedOrigin;
}

/**
 * Computes the origins of a launch.
 * @param name name of the installation (`loadPageName`); null: none, everything is at 127.0.0.1
 * @param newLabel source of random labels, replaced in tests only
 */
export function pageAddress(port: number, name: string | null, newLabel = randomLabel): PageAddress {
  const at = (name: string): ServedOrigin => ({ host: ownHost(port, name), origin: ownOrigin(port, name) });
  const numeric = at(LOOPBACK);
  if (name === null) return { name: LOOPBACK, page: numeric, linkPage: null, oneTimeLink: numeric, numeric };
  return {
    name,
    page: at(name),
    linkPage: at(`${newLabel()}.${name}`),
    oneTimeLink: at(pageNameOf(newLabel())),
    numeric,
  };
}
