import { type ChildProcess, fork } from 'node:child_process';
import { randomBytes } from 'node:crypto';
import { once } from 'node:events';
import { watch } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import { parseWebArgs, type WebArgs } from '../main/web/args.ts';
import { hasScreen, openBrowser } from '../main/web/browser.ts';
import { stopSignal } from '../main/web/stop-signal.ts';
import { describeError } from '../shared/errors.ts';
import type { DevPlan, DevReady } from './dev-host.ts';

// `npm run dev`: Earshot in a browser tab, following its source. A change in renderer/ reaches the open tab at once; a
// change in main/ or shared/ restarts the host on the same ports with the same token, and the tab loads anew.

const ROOT = join(import.meta.dirname, '..');
/** Editors write a file in several steps, and a formatter after them (ms). */
const SETTLE_MS = 150;
/** The host stops within 6 s by itself; then it is ended (ms). */
const STOP_TIMEOUT_MS = 8_000;

/** A port that is free now. It is for Vite's socket, which does not choose one itself. */
async function freePort(): Promise<number> {
  const server = createServer().listen(0, '127.0.0.1');
  await once(server, 'listening');
  const { port } = server.address() as { port: number };
  server.close();
  return port;
}

/** Runs the host, and another in its place at each change. */
function superviseHost(plan: DevPlan, onReady: (ready: DevReady) => void) {
  let child: ChildProcess | null = null;

  function start(): void {
    const mine = fork(join(ROOT, 'tools/dev-host.ts'));
    child = mine;
    mine.on('message', (ready) => {
      const { port, voicePort } = ready as DevReady;
      // From now on the same ones, so that an open tab finds its way back.
      Object.assign(plan, { port, voicePort });
      onReady(ready as DevReady);
    });
    mine.once('exit', (code) => {
      if (child !== mine) return;
      child = null;
      if (code !== 0) console.error('The host ended. It starts again at the next change in main/ or shared/.');
    });
    mine.send(plan);
  }

  /** The host stops when its channel is gone: the same way on every system, and also when this process is killed. */
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

  /** One change of the host at a time. */
  let turn: Promise<void> = Promise.resolve();
  return {
    start,
    stop: () => stop(),
    restart() {
      turn = turn.then(stop).then(start);
    },
  };
}

/** Calls `onChange` with one file's name after changes in `folder` have settled. Tests are not part of the host. */
function watchFolder(folder: string, onChange: (file: string) => void): void {
  let timer: NodeJS.Timeout | undefined;
  watch(join(ROOT, folder), { recursive: true }, (_event, name) => {
    if (name === null || !/\.tsx?$/.test(name) || /\.test\.tsx?$/.test(name)) return;
    clearTimeout(timer);
    timer = setTimeout(() => onChange(join(folder, name)), SETTLE_MS);
  });
}

async function dev(args: WebArgs): Promise<void> {
  const plan: DevPlan = {
    port: args.port,
    voicePort: 0,
    hmrPort: await freePort(),
    // Its own folder: trying things out must not mix with one's own recordings.
    dataDir: args.dataDir ?? join(ROOT, 'node_modules/.cache/earshot-dev'),
    token: randomBytes(32).toString('base64url'),
  };
  let isFirst = true;
  const host = superviseHost(plan, ({ url, entryUrl }) => {
    console.log(isFirst ? `Earshot is running at ${url}\nPress Ctrl-C to stop.` : 'The host is running again.');
    if (isFirst && args.open && hasScreen(process.platform, process.env)) void openBrowser(entryUrl);
    isFirst = false;
  });
  for (const folder of ['main', 'shared']) {
    watchFolder(folder, (file) => {
      console.log(`${file} changed: restarting the host.`);
      host.restart();
    });
  }
  const stopped = stopSignal(process);
  host.start();
  await stopped;
  await host.stop();
  process.exit(0);
}

let args: WebArgs | null = null;
try {
  args = parseWebArgs(process.argv.slice(2), process.cwd());
} catch (error) {
  console.error(describeError(error));
  process.exitCode = 2;
}
if (args?.help) console.log('Usage: npm run dev -- [--port N] [--data-dir DIR] [--no-open]');
else if (args) await dev(args);
