import { join } from 'node:path';
import { startTab } from '../../main/web/tab.ts';
import type { LogDraft } from '../../shared/log-event.ts';
import { serve } from '../children.ts';

/** The host of a browser tab, in a process of its own. */
export interface TabHost {
  /** The link to the page. */
  url(): string;
  /** Adds a window's events to the log. */
  append(events: LogDraft[]): void;
}

// The main module of a child process.
const [dataDir = '', rendererDir = ''] = process.argv.slice(2);
const tab = await startTab({ port: 0, dataDir, version: '0.0.0', rendererDir: join(rendererDir) });
serve<TabHost>({ url: () => tab.url, append: (events) => void tab.host.handlers.appendLog(events) }, () => tab.stop());
