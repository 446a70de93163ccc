import { nameOf } from '../../shared/page-name.ts';
import { LOOPBACK, ownHost, ownOrigin } from '../guard/own-address.ts';
import { randomLabel } from './page-name.ts';

/** An origin that the server of the page answers at. */
export interface ServedOrigin {
  /** As a browser writes it in `Host`. */
  host: string;
  /** As a browser writes it in `Origin`. */
  origin: string;
}

/** Everywhere that the page of a launch is reached. */
export interface PageAddress {
  /** `<32 hexadecimal digits>.localhost`, or `127.0.0.1` with `--numeric-address`. */
  name: string;
  /** Of the page, at every start of this installation. */
  page: ServedOrigin;
  /** Of the link that is printed: of this launch alone, below the page's name. Null with `--numeric-address`. */
  entrance: ServedOrigin | null;
  /** Of the link on a browser's command line, which every user of the machine may read: it tells nothing of the others. */
  entryLink: ServedOrigin;
  /** What somebody may type who knows no name. */
  numeric: ServedOrigin;
}

/**
 * @param name of the installation (`keptPageName`); null: none, everything is at 127.0.0.1
 * @param newLabel tests may pass another source, the app never does
 */
export function pageAddress(port: number, name: string | null, newLabel = randomLabel): PageAddress {
  const at = (name: string): ServedOrigin => ({ host: ownHost(port, name), origin: ownOrigin(port, name) });
  const numeric = at(LOOPBACK);
  if (name === null) return { name: LOOPBACK, page: numeric, entrance: null, entryLink: numeric, numeric };
  return {
    name,
    page: at(name),
    entrance: at(`${newLabel()}.${name}`),
    entryLink: at(nameOf(newLabel())),
    numeric,
  };
}
