import { execFileSync } from 'node:child_process';
import { chmodSync, cpSync, existsSync, mkdirSync, rmSync, writeFileSync } from 'node:fs';
import { createServer } from 'node:net';
import { join } from 'node:path';
import type { Readable, Writable } from 'node:stream';
import { readLog } from '../../testing/data-dir.ts';
import { ROOT } from '../../testing/host-process.ts';
import { processStatus, processTree } from '../support/processes.ts';
import { expect, test } from './support/test.ts';

// The released package. Playwright can't control it, so these tests read its output, processes and files. A test that
// expects a refusal also makes the same attempt where it is allowed, to show that the attempt works.

test('npm run smoke reports that the package starts and exits', ({ packages }) => {
  const args = ['--import', 'tsx', 'tools/smoke.ts', packages.program('released')];
  expect(execFileSync(process.execPath, args, { cwd: ROOT, encoding: 'utf8' })).toContain('The app started and quit');
});

test("the page runs in Chromium's sandbox, with namespaces and a system call filter", async ({ packages, start }) => {
  const app = await start({ program: packages.program('released') });
  await app.ready();
  const all = processTree(app.pid);
  const renderers = all.filter(({ args }) => args.includes('--type=renderer'));
  expect(renderers.length).toBeGreaterThan(0);
  for (const { pid } of renderers) {
    const status = processStatus(pid);
    // A process in a separate PID namespace has a second id.
    expect(status.NSpid?.split(/\s+/).length, 'process ids').toBeGreaterThan(1);
    expect(status).toMatchObject({ Seccomp: '2', NoNewPrivs: '1', CapEff: '0000000000000000' });
  }
  for (const { args } of all) expect(args).not.toContain('--no-sandbox');
  expect(await app.stop(), 'exit code').toBe(0);
});

test.describe('its fuses', () => {
  test('ELECTRON_RUN_AS_NODE does not run it as Node', async ({ packages, start, folder, runtime }) => {
    const script = `require('node:fs').writeFileSync(process.argv[1], 'ran')`;
    const marker = join(folder, 'marker');
    const env = { ELECTRON_RUN_AS_NODE: '1' };
    execFileSync(runtime, ['--eval', script, marker], { env });
    expect(existsSync(marker), 'run by unmodified Electron').toBe(true);
    rmSync(marker);
    const app = await start({ program: packages.program('released'), args: ['--eval', script, marker], env });
    await app.ready();
    expect(existsSync(marker)).toBe(false);
  });

  test('NODE_OPTIONS loads nothing into it', async ({ packages, start, folder, runtime }) => {
    const marker = join(folder, 'marker');
    const script = join(folder, 'preload.cjs');
    writeFileSync(script, `require('node:fs').writeFileSync(${JSON.stringify(marker)}, 'ran');`);
    const env = { NODE_OPTIONS: `--require=${script}` };
    execFileSync(runtime, ['--print', '1'], { env: { ...env, ELECTRON_RUN_AS_NODE: '1' } });
    expect(existsSync(marker), 'loaded by unmodified Electron').toBe(true);
    rmSync(marker);
    const app = await start({ program: packages.program('released'), env });
    await app.ready();
    expect(existsSync(marker)).toBe(false);
  });

  for (const name of ['--inspect', '--inspect-brk']) {
    test(`${name} opens no debugger`, async ({ packages, start }) => {
      const port = await freePort();
      const app = await start({ program: packages.program('released'), args: [`${name}=127.0.0.1:${port}`] });
      await app.ready();
      expect(await isReachable(`http://127.0.0.1:${port}/json/version`)).toBe(false);
      expect(app.stderr()).not.toContain('Debugger listening');
    });
  }

  test('an `app` folder is not run, neither beside the archive nor instead of it', async ({
    packages,
    start,
    folder,
  }) => {
    const copy = join(folder, 'copy');
    cpSync(packages.unpacked('released'), copy, { recursive: true });
    chmodSync(copy, 0o755);
    const marker = join(folder, 'marker');
    const foreign = join(copy, 'resources/app');
    mkdirSync(foreign);
    writeFileSync(join(foreign, 'package.json'), '{ "main": "main.js" }');
    writeFileSync(
      join(foreign, 'main.js'),
      `require('node:fs').writeFileSync(${JSON.stringify(marker)}, 'ran'); require('electron').app.exit();`,
    );
    const program = join(copy, 'earshot');
    const beside = await start({ program });
    await beside.ready();
    expect(await beside.stop(), 'exit code').toBe(0);
    expect(existsSync(marker), 'run beside the archive').toBe(false);

    rmSync(join(copy, 'resources/app.asar'));
    const inPlace = await start({ program });
    expect(await inPlace.exited(), 'exit code').toBe(1);
    expect(existsSync(marker), 'run instead of the archive').toBe(false);
  });
});

test.describe('the debugging protocol', () => {
  for (const kind of ['released', 'debuggable'] as const) {
    const behaviour = kind === 'released' ? 'is not available' : 'is available in the package for tests';

    test(`${behaviour} on --remote-debugging-port`, async ({ packages, start, folder }) => {
      const port = await freePort();
      const app = await start({ program: packages.program(kind), args: [`--remote-debugging-port=${port}`] });
      await app.ready();
      expect(await isReachable(`http://127.0.0.1:${port}/json/version`)).toBe(kind === 'debuggable');
      expect(app.stderr().includes('DevTools listening')).toBe(kind === 'debuggable');
      expect(existsSync(join(folder, 'profile/DevToolsActivePort'))).toBe(kind === 'debuggable');
      await app.stop();
      const refusals = readLog(folder).filter(({ text }) => text.includes('remote-debugging-port'));
      expect(refusals).toHaveLength(kind === 'debuggable' ? 0 : 1);
    });

    test(`${behaviour} on --remote-debugging-pipe`, async ({ packages, start }) => {
      const app = await start({
        program: packages.program(kind),
        args: ['--remote-debugging-pipe'],
        stdio: ['ignore', 'pipe', 'pipe', 'pipe', 'pipe'],
      });
      const [, , , questions, isReachable] = app.child.stdio as [null, Readable, Readable, Writable, Readable];
      // An app that does not read the pipe closes it, which causes EPIPE.
      questions.on('error', () => {});
      let output = '';
      isReachable.setEncoding('utf8').on('data', (text: string) => {
        output += text;
      });
      await app.ready();
      questions.write('{"id":1,"method":"Browser.getVersion"}\0');
      if (kind === 'debuggable') await expect.poll(() => output).toContain('"protocolVersion"');
      await app.stop();
      if (kind === 'released') expect(output).toBe('');
    });
  }
});

test('it does not start with a switch that takes effect before the app’s own code runs', async ({
  packages,
  start,
}) => {
  const app = await start({ program: packages.program('released'), args: ['--trace-startup'] });
  expect(await app.exited(), 'exit code').toBe(1);
  expect(app.stderr()).toContain('Earshot does not run with --trace-startup');
});

/** A free port of 127.0.0.1. */
async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, '127.0.0.1', resolve));
  const { port } = server.address() as { port: number };
  await new Promise((resolve) => server.close(resolve));
  return port;
}

async function isReachable(url: string): Promise<boolean> {
  return fetch(url).then(
    (response) => response.ok,
    () => false,
  );
}
