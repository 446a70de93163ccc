import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { text } from '../../main/text/text.ts';
import type { WebArgs } from '../../main/web/args.ts';
import { openPage } from '../../main/web/browser.ts';
import { ROOT } from '../test-runner/run-tool.ts';
import { DEV_DATA } from './args.ts';
import type { DevPlan, DevReady } from './tab-host.ts';
import { watchSources } from './watch-sources.ts';

/** Time (ms) until a host that does not exit is killed. It needs up to 6 s. */
const STOP_TIMEOUT_MS = 8_000;

/** Finds a free port for Vite's socket, whose port must be known in advance. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Runs the host and restarts it after each change. */
function superviseHost(plan: DevPlan, onReady: (ready: DevReady) => void) {
  let child: ChildProcess | null = null;

  function start(): void {
    const started = fork(join(ROOT, 'tools/dev/tab-host.ts'));
    child = started;
    started.on('message', (ready) => {
      const { port, voicePort } = ready as DevReady;
      // Restart on the same ports, so that an open tab can reconnect.
      Object.assign(plan, { port, voicePort });
      onReady(ready as DevReady);
    });
    started.once('exit', (code) => {
      if (child !== started) return;
      child = null;
      if (code !== 0) console.error('The host exited. It starts again at the next change in main/ or shared/.');
    });
    started.send(plan);
  }

  /**
   * Disconnects the IPC channel, which makes the host stop. This works on every system, even if this process is killed.
   */
  async function stop(): Promise<void> {
    const ending = child;
    child = null;
    if (ending === null || ending.exitCode !== null) return;
    const exited = once(ending, 'exit');
    const force = setTimeout(() => ending.kill('SIGKILL'), STOP_TIMEOUT_MS);
    if (ending.connected) ending.disconnect();
    await exited;
    clearTimeout(force);
  }

  /** One restart at a time. */
  let queue: Promise<void> = Promise.resolve();
  return {
    start,
    stop: () => stop(),
    restart() {
      queue = queue.then(stop).then(start);
    },
  };
}

/**
 * Runs Earshot in a browser tab from source, until `stopped`. A change in renderer/ is applied to the open tab; a
 * change in main/ or shared/ restarts the host on the same ports with the same token, and the tab reloads.
 */
export async function devTab(args: WebArgs, stopped: Promise<void>): Promise<void> {
  const plan: DevPlan = {
    port: args.port,
    voicePort: 0,
    hmrPort: await freePort(),
    dataDir: args.dataDir ?? DEV_DATA,
    numericAddress: args.numericAddress,
    token: randomBytes(32).toString('base64url'),
  };
  let isFirst = true;
  const host = superviseHost(plan, ({ url, portNote, oneTimeUrl }) => {
    if (portNote !== null) console.error(portNote);
    if (isFirst && args.numericAddress) console.error(text.web.numericAddressRisk);
    console.log(isFirst ? `Earshot is running at ${url}\nPress Ctrl-C to stop.` : 'The host is running again.');
    const { open: shouldOpen, numericAddress: isNumeric } = args;
    if (isFirst) void openPage({ shouldOpen, isNumeric, url, oneTimeUrl: () => oneTimeUrl, print: console.log });
    isFirst = false;
  });
  watchSources(['main', 'shared'], (file) => {
    console.log(`${file} changed: restarting the host.`);
    host.restart();
  });
  host.start();
  await stopped;
  await host.stop();
}
