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
import { loopbackLookup } from './testing/loopback-lookup.ts';
import { rawRequest } from './testing/raw-request.ts';
import { DEFAULT_PAGE_PORT } from './web/page-port.ts';
import { SAME_SIGNAL_MS } from './web/stop-signal.ts';

// Tests the program as it is shipped: one bundle, run by Node next to a built window.

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
  // CI: do not open a browser.
  // Any free port, because several runs may share a machine. A later `--port` overrides this one.
  const child = spawn(process.execPath, [path, '--port', '0', ...args], {
    cwd: root,
    env: { ...process.env, CI: '1' },
  });
  running.push(child);
  return child;
}

/** The exit code and output of a program. */
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
  test('prints one line of JSON with which a program can connect, and exits with 0 on SIGTERM', async () => {
    const child = run('--json', '--data-dir', 'data');
    const line = JSON.parse(await firstLine(child));
    expect(Object.keys(line)).toEqual(['url', 'voice_url', 'origin', 'token', 'metrics_token', 'data_dir']);
    expect(line.data_dir).toBe(join(root, 'data'));
    expect(line.url).toBe(`${line.url.split('#')[0]}#token=${line.token}`);
    expect(new URL(line.url).host.split('.').slice(1).join('.')).toBe(new URL(line.origin).host);
    const { token: secret, voice_url: url, origin } = line;
    const { protocols } = createClientProof({ secret, url, origin, protocol: 'voice.v1' });
    const voice = new WebSocket(`${url}?user_id=ada`, protocols, { origin, lookup: loopbackLookup });
    await once(voice, 'message');
    const closed = once(voice, 'close');
    child.kill('SIGTERM');
    const [[code], exit] = await Promise.all([closed, once(child, 'exit')]);
    expect(code).toBe(1001);
    expect(exit).toEqual([0, null]);
  });

  test('prints the address of the page, also if it is started by a symbolic link', async () => {
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
  ])('reports that it opens no browser (%j), and repeats the address', async (args, extra, why) => {
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

  test('H30 starts the browser without the token on its command line, which any user of the machine can read', async (context) => {
    context.skip(process.platform !== 'linux', 'a fake opener on the path is only possible on Linux');
    // Writes its argument to a file.
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

  test('H67 --numeric-address serves the page at 127.0.0.1, with a warning on stderr', async () => {
    const child = run('--numeric-address', '--no-open', '--data-dir', 'numeric');
    let stderr = '';
    child.stderr.on('data', (chunk) => {
      stderr += chunk;
    });
    const lines: string[] = [];
    createInterface(child.stdout).on('line', (line) => lines.push(line));
    await vi.waitFor(() => expect(lines).toHaveLength(3), { timeout: 10_000 });
    expect(lines[0]).toMatch(/^Earshot is running at http:\/\/127\.0\.0\.1:\d+\/#token=[\w-]{43}$/);
    await vi.waitFor(() => expect(stderr).toMatch(/^earshot: The page is at 127\.0\.0\.1: [^\n]+\n$/));
    child.kill('SIGTERM');
    expect(await once(child, 'exit')).toEqual([0, null]);
  });

  test('continues after the reader of its output has closed', async () => {
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

  test('prints its usage with --help', async () => {
    const { code, out, err } = await outcome(run('--help'));
    expect([code, err]).toEqual([0, '']);
    expect(out).toContain('--data-dir');
  });

  test.each([
    [['--port', '99999'], '--port takes a number'],
    [['--colour'], "'--colour'"],
    [['stray'], "'stray'"],
  ])('exits with 2 and one line for %j', async (args, message) => {
    const { code, out, err } = await outcome(run(...args));
    expect([code, out]).toEqual([2, '']);
    expect(err).toMatch(/^earshot: [^\n]+\n$/);
    expect(err).toContain(message);
  });

  test('exits with 1 and one line if its port is in use', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    const { port } = other.address() as { port: number };
    const { code, out, err } = await outcome(run('--port', String(port), '--data-dir', 'data'));
    expect([code, out]).toEqual([1, '']);
    expect(err).toMatch(new RegExp(`^earshot: Port ${port} [^\n]+ \\(port_in_use\\)\n$`));
    other.close();
  });

  test('uses the default port; if it is in use, another one, with the reason on stderr', async () => {
    const start = async () => {
      const child = spawn(process.execPath, [program, '--json', '--data-dir', 'data'], { cwd: root });
      running.push(child);
      let stderr = '';
      child.stderr.on('data', (chunk) => {
        stderr += chunk;
      });
      const { origin } = JSON.parse(await firstLine(child));
      return { child, port: Number(new URL(origin).port), stderr: () => stderr };
    };
    // The default port is in use when the second one starts, by the first or another program.
    const first = await start();
    if (first.port !== DEFAULT_PAGE_PORT) expect(first.stderr()).toContain(`Port ${DEFAULT_PAGE_PORT} `);
    const second = await start();
    expect(second.port).not.toBe(DEFAULT_PAGE_PORT);
    await vi.waitFor(() => expect(second.stderr()).toMatch(/^earshot: [^\n]+\n$/));
    expect(second.stderr()).toContain(`Port ${DEFAULT_PAGE_PORT} is in use by another program, or by another Earshot.`);
    expect(second.stderr()).toContain(`on port ${second.port}:`);
    for (const { child } of [first, second]) {
      child.kill('SIGTERM');
      expect(await once(child, 'exit')).toEqual([0, null]);
    }
  });

  describe.skipIf(process.platform === 'win32')('on a disk that does not answer (Windows has no FIFOs)', () => {
    /** Starts the program and blocks all its threads on a FIFO, as a network share without its server would. */
    async function startBlocked(): Promise<ChildProcessWithoutNullStreams> {
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
      const blocked = once(child.stderr, 'data');
      child.kill('SIGUSR2');
      await blocked;
      return child;
    }

    test('H71 one Ctrl-C ends it in limited time, with a message', async () => {
      const child = await startBlocked();
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += chunk;
      });
      child.kill('SIGINT');
      expect(await once(child, 'close')).toEqual([null, 'SIGKILL']);
      expect(errors).toMatch(/^(?:stuck\n)?earshot: Earshot ended without waiting for the disk/);
    }, 30_000);

    test('H71 a second Ctrl-C ends it sooner', async () => {
      const child = await startBlocked();
      let errors = '';
      child.stderr.on('data', (chunk) => {
        errors += chunk;
      });
      const again = setInterval(() => child.kill('SIGINT'), SAME_SIGNAL_MS + 100);
      child.kill('SIGINT');
      expect(await once(child, 'close').finally(() => clearInterval(again))).toEqual([null, 'SIGKILL']);
      // Not the message of the timeout above.
      expect(errors).toMatch(/^(?:stuck\n)?earshot: Earshot did not end by itself and was killed/);
    }, 30_000);
  });

  test('prints each code that docs/troubleshooting.md explains, after its sentence', async () => {
    const other = createServer().listen(0, '127.0.0.1');
    await once(other, 'listening');
    await writeFile(join(root, 'file'), '');
    // Like /tmp.
    await mkdir(join(root, 'shared'));
    await chmod(join(root, 'shared'), 0o1777);
    const failing: Record<string, string[]> = {
      data_dir_unusable: ['--data-dir', 'file/data'],
      folder_unsafe: ['--data-dir', 'shared'],
      port_in_use: ['--data-dir', 'data', '--port', String((other.address() as { port: number }).port)],
    };
    const table = await readFile(join(import.meta.dirname, '../docs/troubleshooting.md'), 'utf8');
    // Only the rows about the start: the program prints those codes, others are in the log.
    const rows = table.split('\n').filter((row) => row.split('|')[1]?.includes('at start'));
    const codes = [...rows.join('\n').matchAll(/`([a-z]+(?:_[a-z]+)+)`/g)].map(([, code = '']) => code);
    expect(codes.sort()).toEqual(Object.keys(failing));
    for (const code of codes) {
      // Windows has no owners to compare.
      if (code === 'folder_unsafe' && process.platform === 'win32') continue;
      const { err } = await outcome(run(...(failing[code] ?? [])));
      expect(err).toMatch(new RegExp(`^earshot: [^\n]+ \\(${code}\\)\n$`));
    }
    // Each log event that it names exists; EARSHOT_… are variables.
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
