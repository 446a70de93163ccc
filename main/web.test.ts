import { type ChildProcessWithoutNullStreams, execFileSync, spawn } from 'node:child_process';
import { once } from 'node:events';
import { existsSync } from 'node:fs';
import { chmod, mkdir, mkdtemp, readFile, rm, symlink, writeFile } from 'node:fs/promises';
import { createServer } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { createInterface } from 'node:readline';
import { createBuilder } from 'vite';
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { createClientProof } from '../shared/client-proof.ts';
import { CATALOGUE } from '../shared/log-catalogue.ts';
import { rawRequest } from './testing/raw-request.ts';
import { toLoopback } from './testing/to-loopback.ts';
import { DEFAULT_PAGE_PORT } from './web/page-port.ts';
import { SAME_SIGNAL_MS } from './web/stop-signal.ts';

// The program as it is shipped: one bundle, run by plain Node next to a built window.

let root: string;
let program: string;
const running: ChildProcessWithoutNullStreams[] = [];

beforeAll(async () => {
  root = await mkdtemp(join(tmpdir(), 'earshot-web-'));
  const builder = await createBuilder({
    configFile: join(import.meta.dirname, '../vite.config.ts'),
    logLevel: 'error',
    environments: { web: { build: { outDir: join(root, 'dist/main') } } },
  });
  const { web } = builder.environments;
  if (web) await builder.build(web);
  await mkdir(join(root, 'dist/renderer'));
  await writeFile(join(root, 'dist/renderer/index.html'), '<!doctype html><title>Earshot</title>');
  await writeFile(join(root, 'package.json'), '{ "type": "module" }');
  program = join(root, 'dist/main/web.js');
});
afterEach(() => {
  for (const child of running.splice(0)) child.kill('SIGKILL');
});
afterAll(() => rm(root, { recursive: true, force: true }));

function run(...args: string[]): ChildProcessWithoutNullStreams {
  return runAs(program, ...args);
}
function runAs(path: string, ...args: string[]): ChildProcessWithoutNullStreams {
  // CI: no test opens a browser.
  // Any port that is free, as runs side by side share a machine; a test that names one names it later, and that counts.
  const child = spawn(process.execPath, [path, '--port', '0', ...args], {
    cwd: root,
    env: { ...process.env, CI: '1' },
  });
  running.push(child);
  return child;
}

/** How a program that ends by itself ended. */
async function outcome(child: ChildProcessWithoutNullStreams): Promise<{ code: number; out: string; err: string }> {
  let [out, err] = ['', ''];
  child.stdout.on('data', (chunk) => {
    out += chunk;
  });
  child.stderr.on('data', (chunk) => {
    err += chunk;
  });
  const [code] = await once(child, 'close');
  return { code, out, err };
}

async function firstLine(child: ChildProcessWithoutNullStreams): Promise<string> {
  const [line] = await once(createInterface(child.stdout), 'line');
  return line;
}

describe('the program of the browser tab', () => {
  test('prints one line of JSON that a program can connect by, and ends with 0 when told to', async () => {
    const child = run('--json', '--data-dir', 'data');
    const line = JSON.parse(await firstLine(child));
    expect(Object.keys(line)).toEqual(['url', 'voice_url', 'origin', 'token', 'metrics_token', 'data_dir']);
    expect(line.data_dir).toBe(join(root, 'data'));
    expect(line.url).toBe(`${line.url.split('#')[0]}#token=${line.token}`);
    expect(new URL(line.url).host.split('.').slice(1).join('.')).toBe(new URL(line.origin).host);
    const { token: secret, voice_url: url, origin } = line;
    const { protocols } = createClientProof({ secret, url, origin, protocol: 'voice.v1' });
    const voice = new WebSocket(`${url}?user_id=ada`, protocols, { origin, lookup: toLoopback });
    await once(voice, 'message');
    const closed = once(voice, 'close');
    child.kill('SIGTERM');
    const [[code], exit] = await Promise.all([closed, once(child, 'exit')]);
    expect(code).toBe(1001);
    expect(exit).toEqual([0, null]);
  });

  test('prints an address for people, also when it is run by a link to it', async () => {
    const link = join(root, 'earshot');
    await symlink(program, link);
    const child = runAs(link, '--data-dir', 'data');
    expect(await firstLine(child)).toMatch(
      /^Earshot is running at http:\/\/[0-9a-f]{32}\.[0-9a-f]{32}\.localhost:\d+\/#token=[\w-]{43}$/,
    );
    child.kill('SIGINT');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test.each([
    [['--no-open'], {}, '--no-open was given'],
    [[], { CI: '1' }, 'CI is set'],
    [[], { DISPLAY: ':99', PATH: '/nowhere' }, /the system has no (program|browser)/],
  ])('opening no browser (%j) says so, with the address again', async (args, extra, why) => {
    const { CI: _, SSH_CONNECTION: __, SSH_TTY: ___, DISPLAY: ____, WAYLAND_DISPLAY: _____, ...env } = process.env;
    const child = spawn(process.execPath, [program, '--port', '0', '--data-dir', 'data', ...args], {
      cwd: root,
      env: { ...env, ...extra },
    });
    running.push(child);
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    await vi.waitFor(() => expect(lines).toHaveLength(4), { timeout: 10_000 });
    const url = lines[0]?.replace(/^.* at /, '') ?? '';
    const [, reason, again] =
      /^No browser was opened \((.+)\)\. Open this address in one yourself: (.+)$/.exec(lines[2] ?? '') ?? [];
    expect(reason).toMatch(why);
    expect(again).toBe(url);
    expect(lines[3]).toContain('--numeric-address');
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('H30 starts the browser without the token on its command line, which any user of the machine may read', async (context) => {
    context.skip(process.platform !== 'linux', 'only there a stand-in for the opener can be put on the path');
    // Hands its argument back through a pipe, as xdg-open gets it.
    const opened = join(root, 'opened');
    await mkdir(join(root, 'bin'), { recursive: true });
    await writeFile(
      join(root, 'bin/xdg-open'),
      `#!/bin/sh\nprintf '%s\\n' "$*" > '${opened}.part' && mv '${opened}.part' '${opened}'\n`,
      {
        mode: 0o755,
      },
    );
    const { CI: _, SSH_CONNECTION: __, SSH_TTY: ___, ...env } = process.env;
    const child = spawn(process.execPath, [program, '--port', '0', '--data-dir', 'data'], {
      cwd: root,
      env: { ...env, DISPLAY: ':99', PATH: `${join(root, 'bin')}:${env.PATH}` },
    });
    running.push(child);
    const printed = new URL((await firstLine(child)).replace(/^.* at /, ''));
    const token = printed.hash.slice('#token='.length);
    const line = await vi.waitFor(() => readFile(opened, 'utf8'), { timeout: 10_000 });
    expect(line).not.toContain(token);
    const { host: Host, pathname, search } = new URL(line);
    const { status, headers } = await rawRequest(Number(printed.port), pathname + search, { headers: { Host } });
    expect([status, headers.location]).toEqual([303, printed.href]);
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('H67 --numeric-address has the page at 127.0.0.1, and says on stderr what that costs', async () => {
    const child = run('--numeric-address', '--no-open', '--data-dir', 'numeric');
    let words = '';
    child.stderr.on('data', (chunk) => {
      words += chunk;
    });
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    await vi.waitFor(() => expect(lines).toHaveLength(3), { timeout: 10_000 });
    expect(lines[0]).toMatch(/^Earshot is running at http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    await vi.waitFor(() => expect(words).toMatch(/^earshot: The page is at 127\.0\.0\.1: [^\n]+\n$/));
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('goes on when whoever read its output has left', async () => {
    const spare = createServer().listen(0, '127.0.0.1');
    await once(spare, 'listening');
    const { port } = spare.address() as { port: number };
    spare.close();
    const child = run('--json', '--data-dir', 'data', '--port', String(port));
    child.stdout.destroy();
    await vi.waitFor(async () => expect((await rawRequest(port, '/')).status).toBe(403), { timeout: 10_000 });
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('explains itself', async () => {
    const { code, out, err } = await outcome(run('--help'));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('--data-dir');
  });

  test.each([
    [['--port', '99999'], '--port takes a number'],
    [['--colour'], "'--colour'"],
    [['stray'], "'stray'"],
  ])('ends with 2 and one line for %j', async (args, words) => {
    const { code, out, err } = await outcome(run(...args));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^earshot: [^\n]+\n$/);
    expect(err).toContain(words);
  });

  test('ends with 1 and one line when its port is taken', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, out, err } = await outcome(run('--port', String(port), '--data-dir', 'data'));
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(new RegExp(`^earshot: Port ${port} [^\n]+ \\(port_in_use\\)\n$`));
    other.close();
  });

  test('has its page at the same port by default; where that is taken it goes on at another one, and says so and why', async () => {
    const start = async () => {
      const child = spawn(process.execPath, [program, '--json', '--data-dir', 'data'], { cwd: root });
      running.push(child);
      let words = '';
      child.stderr.on('data', (chunk) => {
        words += chunk;
      });
      const { origin } = JSON.parse(await firstLine(child));
      return { child, port: Number(new URL(origin).port), words: () => words };
    };
    // Whoever has the default port, it is taken when the second one starts.
    const first = await start();
    if (first.port !== DEFAULT_PAGE_PORT) expect(first.words()).toContain(`Port ${DEFAULT_PAGE_PORT} `);
    const second = await start();
    expect(second.port).not.toBe(DEFAULT_PAGE_PORT);
    await vi.waitFor(() => expect(second.words()).toMatch(/^earshot: [^\n]+\n$/));
    expect(second.words()).toContain(`Port ${DEFAULT_PAGE_PORT} is in use by another program, or by another Earshot.`);
    expect(second.words()).toContain(`on port ${second.port}:`);
    for (const { child } of [first, second]) {
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
  });

  describe.skipIf(process.platform === 'win32')('on a disk that does not answer (Windows has no FIFOs)', () => {
    /** The program, all of whose threads are stuck on a FIFO, as on a share whose server is gone. */
    async function stuck(): Promise<ChildProcessWithoutNullStreams> {
      const fifo = join(root, 'fifo');
      if (!existsSync(fifo)) execFileSync('mkfifo', [fifo]);
      const preload = join(root, 'stick.cjs');
      const open = `for (let i = 0; i < 4; i++) require('node:fs').open(${JSON.stringify(fifo)}, 'r', () => {});`;
      await writeFile(preload, `process.on('SIGUSR2', () => { ${open} process.stderr.write('stuck\\n'); });`);
      const child = spawn(
        process.execPath,
        ['--require', preload, program, '--port', '0', '--json', '--data-dir', 'data'],
        {
          cwd: root,
        },
      );
      running.push(child);
      await firstLine(child);
      const said = once(child.stderr, 'data');
      child.kill('SIGUSR2');
      await said;
      return child;
    }

    test('H71 one Ctrl-C ends it in bounded time, and that is said', async () => {
      const child = await stuck();
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += chunk;
      });
      child.kill('SIGINT');
      expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
      expect(errors).toMatch(/^(?:stuck\n)?earshot: Earshot ended without waiting for the disk/);
    }, 30_000);

    test('H71 Ctrl-C again ends it sooner', async () => {
      const child = await stuck();
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += chunk;
      });
      const again = setInterval(() => child.kill('SIGINT'), SAME_SIGNAL_MS + 100);
      child.kill('SIGINT');
      expect(await once(child, 'close').finally(() => clearInterval(again))).toEqual([null, 'SIGKILL']);
      // Not the end of the stop, which says something else.
      expect(errors).toMatch(/^(?:stuck\n)?earshot: Earshot did not end by itself and was killed/);
    }, 30_000);
  });

  test('prints each code that docs/troubleshooting.md explains, behind its sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    await writeFile(join(root, 'file'), '');
    // As /tmp is.
    await mkdir(join(root, 'shared'));
    await chmod(join(root, 'shared'), 0o1777);
    const failing: Record<string, string[]> = {
      data_dir_unusable: ['--data-dir', 'file/data'],
      folder_unsafe: ['--data-dir', 'shared'],
      port_in_use: ['--data-dir', 'data', '--port', String((other.address() as { port: number }).port)],
    };
    const table = await readFile(join(import.meta.dirname, '../docs/troubleshooting.md'), 'utf8');
    // What stands in the log is none of the program's words.
    const rows = table.split('\n').filter((row) => row.split('|')[1]?.includes('at start'));
    const codes = [...rows.join('\n').matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, code = '']) => code);
    expect(codes.sort()).toEqual(Object.keys(failing));
    for (const code of codes) {
      // Windows has no owners to compare.
      if (code === 'folder_unsafe' && process.platform === 'win32') continue;
      const { err } = await outcome(run(...(failing[code] ?? [])));
      expect(err).toMatch(new RegExp(`^earshot: [^\n]+ \\(${code}\\)\n$`));
    }
    // And each event of the log that it names is one that the log has; EARSHOT_… are variables.
    for (const [, event = ''] of table.matchAll(/`((?!EARSHOT_)[A-Z]+(?:_[A-Z]+)+)`/g))
      expect(Object.keys(CATALOGUE)).toContain(event);
    other.close();
  });

  test('does not start when it is imported', async () => {
    const importer = join(root, 'importer.mjs');
    await writeFile(
      importer,
      `import * as web from './dist/main/web.js';\nconsole.log(Object.keys(web).sort().join());`,
    );
    const { code, out } = await outcome(runAs(importer));
    expect([code, out]).toEqual([0, 'runWeb,startTab\n']);
  });
});
