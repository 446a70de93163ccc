import { existsSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test } from 'vitest';
import { FakeInstallation } from './fake-installation.ts';
import { launch } from './launch.ts';
import { runElectron } from './run-electron.ts';

// The fake programs are scripts with a shebang line, which Windows does not support.
describe.skipIf(process.platform === 'win32')('npm start', () => {
  let machine: FakeInstallation;
  beforeEach(() => {
    machine = new FakeInstallation();
  });
  afterEach(() => machine.remove());

  const NOTE = `const fs = require('node:fs'); const note = (name, value) => fs.writeFileSync(process.env.FOLDER + '/' + name, value);`;
  const RUNS = `${NOTE} note('args', JSON.stringify(process.argv.slice(2))); console.log('EARSHOT_READY');`;
  const args = () => JSON.parse(machine.note('args'));

  describe('with a runtime', () => {
    test('Electron runs the project, and its exit code is returned', async () => {
      machine.install(`${RUNS} process.exitCode = 3;`);
      expect(await launch(machine.options({ argv: ['--flag'] }))).toBe(3);
      expect(args()).toEqual([machine.project, '--flag']);
      expect(machine.printed).toEqual([]);
      expect(machine.openTab).not.toHaveBeenCalled();
    });

    test('the override takes precedence over the package', async () => {
      machine.install('process.exit(9)');
      machine.override(RUNS);
      expect(await launch(machine.options({}, { ELECTRON_OVERRIDE_DIST_PATH: machine.overrideDir }))).toBe(0);
      expect(args()).toEqual([machine.project]);
    });

    test('as root, Electron runs without its sandbox, with a message', async () => {
      machine.install(RUNS);
      expect(await launch(machine.options({ root: true }))).toBe(0);
      expect(args()).toEqual(['--no-sandbox', machine.project]);
      expect(machine.printed).toEqual([expect.stringMatching(/^Running as root.*--no-sandbox/)]);
    });

    test('a Wayland display is sufficient', async () => {
      machine.install(RUNS);
      expect(await launch(machine.options({}, { DISPLAY: '', WAYLAND_DISPLAY: 'wayland-0' }))).toBe(0);
    });

    test('ELECTRON_RUN_AS_NODE, which editors set, is not passed to Electron', async () => {
      machine.install(`${RUNS} note('mode', String(process.env.ELECTRON_RUN_AS_NODE));`);
      await launch(machine.options({}, { ELECTRON_RUN_AS_NODE: '1' }));
      expect(machine.note('mode')).toBe('undefined');
    });

    test("Electron's output is passed through, except for the ready line", async () => {
      machine.install(
        `process.stderr.write('a warning\\n', () => {
          process.stdout.write('before\\nEARSHOT_READY\\nafter\\nhalf a line', () => {
            process.stderr.write('another\\n');
          });
        });`,
      );
      expect(await launch(machine.options())).toBe(0);
      expect(machine.stdout.text).toBe('before\nafter\nhalf a line');
      expect(machine.stderr.text).toBe('a warning\nanother\n');
    });

    test.each([
      ['--status', 3],
      ['--toggel', 2],
      ['--toggle', 1],
    ])('an answer to %s is printed with its exit code %i, and no tab is opened instead', async (option, code) => {
      machine.install(`${NOTE} process.stderr.write('earshot: an answer\\n', () => process.exit(${code}));`);
      expect(await launch(machine.options({ argv: [option] }))).toBe(code);
      expect(machine.stderr.text).toBe('earshot: an answer\n');
      expect(machine.openTab).not.toHaveBeenCalled();
    });

    test('exit code 0 without a window means that another instance is running', async () => {
      machine.install('process.exit(0)');
      expect(await launch(machine.options())).toBe(0);
      expect(machine.openTab).not.toHaveBeenCalled();
    });
  });

  describe('signals', () => {
    const QUITS = `let count = 0;
      for (const name of ['SIGINT', 'SIGTERM']) process.on(name, () => {
        console.log(name + ' ' + ++count);
        setImmediate(() => process.exit(0));
      });
      setInterval(() => {}, 1000);
      console.log('EARSHOT_READY');
      console.log(process.pid + ' up');`;

    test.each([
      ['SIGINT', 'SIGINT 1'],
      ['SIGTERM', 'SIGTERM 1'],
      ['SIGHUP', 'SIGTERM 1'],
    ])('%s is sent to Electron once, and the launcher waits for it to quit', async (signal, received) => {
      machine.install(QUITS);
      const done = launch(machine.options());
      await machine.stdout.waitFor('up\n');
      machine.signals.emit(signal);
      expect(await done).toBe(0);
      expect(machine.stdout.text).toMatch(new RegExp(`^\\d+ up\\n${received}\\n$`));
      expect(machine.signals.listenerCount(signal)).toBe(0);
    });

    test('Electron has a separate process group, so a terminal does not signal it twice', async () => {
      machine.install(QUITS);
      const done = launch(machine.options());
      await machine.stdout.waitFor('up\n');
      // kill throws ESRCH if there is no such process group.
      expect(process.kill(-Number.parseInt(machine.stdout.text, 10), 0)).toBe(true);
      machine.signals.emit('SIGTERM');
      expect(await done).toBe(0);
    });

    test('a signal before the window is open is not a failed start', async () => {
      machine.install(`process.on('SIGTERM', () => process.exit(7)); console.log('up'); setInterval(() => {}, 1000);`);
      const done = launch(machine.options());
      await machine.stdout.waitFor('up\n');
      machine.signals.emit('SIGTERM');
      expect(await done).toBe(7);
      expect(machine.openTab).not.toHaveBeenCalled();
    });

    test('Electron ends when the launcher exits', async () => {
      machine.install(`console.log('EARSHOT_READY'); console.log('up'); setInterval(() => {}, 1000);`);
      const done = launch(machine.options());
      await machine.stdout.waitFor('up\n');
      machine.signals.emit('exit');
      expect(await done).toBe(143);
    });
  });

  test('an Electron that ignores SIGTERM can be killed', async () => {
    machine.install(
      `process.on('SIGTERM', () => {}); console.log('EARSHOT_READY'); console.log('up'); setInterval(() => {}, 1000);`,
    );
    const force = new AbortController();
    const { signals, stdout, stderr, env } = machine.options();
    const path = join(machine.electronDir, 'dist/electron');
    const done = runElectron({ path, args: [], env, signals, force: force.signal, stdout, stderr });
    await machine.stdout.waitFor('up\n');
    signals.emit('SIGTERM');
    force.abort();
    expect(await done).toEqual({ kind: 'ended', code: 137, window: true });
  });

  describe('when Electron stops before its window is open', () => {
    test('opens a tab, and one line says why', async () => {
      machine.install(
        `console.error('a warning\\n' + process.argv[1] + ': error while loading shared libraries: libnss3.so'); process.exitCode = 127;`,
      );
      expect(await launch(machine.options())).toBeNull();
      expect(machine.openTab).toHaveBeenCalledTimes(1);
      expect(machine.printed).toHaveLength(1);
      expect(machine.printed[0]).toMatch(
        /^Electron stopped before its window was open \(exit code 127: .*libnss3\.so\): serving Earshot to a browser tab instead\.$/,
      );
      expect(machine.stderr.text).toBe('');
    });

    test('opens a tab if a signal ended Electron', async () => {
      machine.install(`process.kill(process.pid, 'SIGKILL')`);
      expect(await launch(machine.options())).toBeNull();
      expect(machine.printed).toEqual([
        'Electron stopped before its window was open (ended by SIGKILL): serving Earshot to a browser tab instead.',
      ]);
    });

    test('opens a tab if the file can not be executed', async () => {
      machine.install('');
      machine.program(join(machine.electronDir, 'dist/electron'), '');
      rmSync(join(machine.electronDir, 'dist/electron'));
      machine.program(join(machine.electronDir, 'dist/electron/not-a-program'), '');
      expect(await launch(machine.options())).toBeNull();
      expect(machine.printed[0]).toMatch(/^Electron stopped before its window was open \(.*EACCES/);
    });

    test('returns the exit code if the window was already open', async () => {
      machine.install(`process.stdout.write('EARSHOT_READY\\n', () => process.exit(5))`);
      expect(await launch(machine.options())).toBe(5);
      expect(machine.openTab).not.toHaveBeenCalled();
    });
  });

  describe('without a runtime', () => {
    /** An installer that leaves a runtime and path.txt, as Electron's does. */
    const installs = () => `${NOTE}
      const path = require('node:path');
      const dist = path.join(__dirname, 'dist');
      fs.mkdirSync(dist);
      fs.writeFileSync(path.join(dist, 'electron'), ${JSON.stringify(`#!${process.execPath}\n${RUNS}`)}, { mode: 0o755 });
      fs.writeFileSync(path.join(__dirname, 'path.txt'), 'electron');
      note('temporary', process.env.TMPDIR);`;

    test('downloads and runs it, and leaves no temporary files', async () => {
      machine.installer(installs());
      expect(await launch(machine.options())).toBe(0);
      expect(args()).toEqual([machine.project]);
      expect(machine.printed).toEqual([expect.stringMatching(/^Downloading Electron's runtime/)]);
      expect(existsSync(machine.note('temporary'))).toBe(false);
      expect(dirname(machine.note('temporary'))).toBe(dirname(machine.folder));
    });

    test('opens a tab after a failed download, with the reason in one line', async () => {
      machine.installer(`console.error(new TypeError('fetch failed').stack); process.exit(1);`);
      expect(await launch(machine.options())).toBeNull();
      expect(machine.openTab).toHaveBeenCalledTimes(1);
      expect(machine.printed.at(-1)).toContain(
        "Electron's runtime could not be downloaded (fetch failed): serving Earshot to a browser tab instead. To try again,",
      );
      expect(machine.stderr.text).toBe('');
    });

    test('a download without progress is stopped', async () => {
      machine.installer('setInterval(() => {}, 1000);');
      expect(await launch(machine.options({ stallMs: 400 }))).toBeNull();
      expect(machine.printed.at(-1)).toContain('could not be downloaded (no progress for 0 s)');
    });

    test('a slow download with progress is not stopped', async () => {
      // Each of ten pieces is within the time limit, all of them together exceed it.
      machine.installer(`const { appendFileSync } = require('node:fs');
        let pieces = 0;
        const timer = setInterval(() => {
          appendFileSync(process.env.TMPDIR + '/piece', 'x');
          if (++pieces < 10) return;
          clearInterval(timer);
          ${installs()}
        }, 150);`);
      expect(await launch(machine.options({ stallMs: 1_200 }))).toBe(0);
    });

    test('a download that succeeds without a runtime is not repeated', async () => {
      machine.installer(`${NOTE} fs.appendFileSync(process.env.FOLDER + '/tries', 'x');`);
      expect(await launch(machine.options())).toBeNull();
      expect(machine.note('tries')).toBe('x');
      expect(machine.printed.at(-1)).toContain('(the download left no runtime behind)');
    });

    test('opens a tab if the package has no installer', async () => {
      expect(await launch(machine.options())).toBeNull();
      expect(machine.printed.at(-1)).toMatch(/could not be downloaded \(.*Cannot find module/);
    });

    test.each(['1', 'true'])('ELECTRON_SKIP_BINARY_DOWNLOAD=%s: nothing is downloaded', async (value) => {
      machine.installer(installs());
      expect(await launch(machine.options({}, { ELECTRON_SKIP_BINARY_DOWNLOAD: value }))).toBeNull();
      expect(machine.printed).toEqual([expect.stringContaining('ELECTRON_SKIP_BINARY_DOWNLOAD is set')]);
      expect(existsSync(join(machine.electronDir, 'dist'))).toBe(false);
    });

    test('opens a tab for an empty override folder, without a download', async () => {
      machine.installer(installs());
      expect(await launch(machine.options({}, { ELECTRON_OVERRIDE_DIST_PATH: machine.overrideDir }))).toBeNull();
      expect(machine.printed).toEqual([expect.stringContaining(join(machine.overrideDir, 'electron'))]);
      expect(existsSync(join(machine.electronDir, 'dist'))).toBe(false);
    });
  });

  test('without a display, opens a tab without running or downloading anything', async () => {
    machine.install(RUNS);
    expect(await launch(machine.options({}, { DISPLAY: '' }))).toBeNull();
    rmSync(join(machine.electronDir, 'path.txt'));
    machine.installer(`${NOTE} note('args', 'downloaded');`);
    expect(await launch(machine.options({}, { DISPLAY: '' }))).toBeNull();
    expect(machine.openTab).toHaveBeenCalledTimes(2);
    expect(existsSync(join(machine.folder, 'args'))).toBe(false);
    expect(machine.printed[0]).toMatch(/^There is no display/);
  });

  test('rejects if the tab can not be opened', async () => {
    machine.openTab.mockRejectedValue(new Error('port in use'));
    await expect(launch(machine.options({}, { DISPLAY: '' }))).rejects.toThrow('port in use');
  });
});
