import { spawn } from 'node:child_process';
import { once } from 'node:events';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { BARE_APP } from './apps.ts';

/** The server of the page that captures and sends, in a process of its own. */
export interface BareServer {
  pid: number;
  url: string;
  stop(): Promise<void>;
}

export async function startBareServer(): Promise<BareServer> {
  const child = spawn(process.execPath, [join(BARE_APP, 'server.cjs')], { stdio: ['ignore', 'pipe', 'inherit'] });
  const closed = once(child, 'close');
  for await (const url of createInterface({ input: child.stdout })) {
    return {
      pid: child.pid ?? 0,
      url,
      async stop() {
        child.kill();
        await closed;
      },
    };
  }
  throw new Error('The bare server ended before it had printed its address.');
}
