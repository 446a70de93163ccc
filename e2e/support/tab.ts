import type { BrowserType } from '@playwright/test';
import { BROWSER_ARGS } from '../../testing/browser.ts';
import { microphoneFlags } from '../../testing/microphone.ts';
import type { OpenedWindow, OpenOptions } from '../../testing/shell.ts';
import { FOREIGN_NAME } from './foreign-server.ts';

/** Drops variables that are undefined. */
function setVariables(env: NodeJS.ProcessEnv): Record<string, string> {
  return Object.fromEntries(Object.entries(env).filter((entry): entry is [string, string] => entry[1] !== undefined));
}

/**
 * Starts a browser with an empty page. Each window has its own browser, because switches set a browser's microphone.
 */
export async function launchTab(chromium: BrowserType, options: OpenOptions): Promise<OpenedWindow> {
  // playwright.config.ts sets the executable.
  const browser = await chromium.launch({
    env: setVariables({ ...process.env, ...options.env }),
    args: [
      ...BROWSER_ARGS,
      ...microphoneFlags(options.microphone, options.permission),
      `--host-resolver-rules=MAP ${FOREIGN_NAME} 127.0.0.1`,
    ],
  });
  const context = await browser.newContext({ viewport: { width: 1100, height: 900 } });
  if (options.initScript) await context.addInitScript(options.initScript);
  return {
    context,
    page: await context.newPage(),
    electron: null,
    allowMicrophone: () => context.grantPermissions(['microphone']),
    close: () => browser.close(),
  };
}
