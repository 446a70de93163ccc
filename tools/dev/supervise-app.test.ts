import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ElectronOutcome } from '../launch/run-electron.ts';
import { type AppSupervisor, type RunningApp, superviseApp } from './supervise-app.ts';

/** An app that ends when the test calls `end`. */
class FakeApp implements RunningApp {
  end: (outcome: ElectronOutcome) => void = () => {};
  readonly outcome = new Promise<ElectronOutcome>((resolve) => {
    this.end = resolve;
  });
  readonly calls: string[] = [];
  terminate(): void {
    this.calls.push('terminate');
  }
  kill(): void {
    this.calls.push('kill');
    this.end({ kind: 'ended', code: 137, window: true });
  }
}
const CLOSED: ElectronOutcome = { kind: 'ended', code: 0, window: true };

let apps: FakeApp[];
let printed: string[];
let build: ReturnType<typeof vi.fn<() => Promise<string>>>;
let supervisor: AppSupervisor;
beforeEach(async () => {
  vi.useFakeTimers();
  apps = [];
  printed = [];
  build = vi.fn(async () => 'one');
  supervisor = superviseApp({
    build,
    run: () => {
      const app = new FakeApp();
      apps.push(app);
      return app;
    },
    print: (line) => printed.push(line),
  });
  await settle();
});
afterEach(() => vi.useRealTimers());

/** Runs all pending promise callbacks. */
const settle = () => vi.advanceTimersByTimeAsync(0);
function appAt(index: number): FakeApp {
  const app = apps[index];
  if (!app) throw new Error(`no app ${index}`);
  return app;
}
async function change(file: string, result: string | Error): Promise<void> {
  if (typeof result === 'string') build.mockResolvedValueOnce(result);
  else build.mockRejectedValueOnce(result);
  supervisor.changed(file);
  await settle();
}

test('builds the app, then runs it', () => {
  expect(build).toHaveBeenCalledTimes(1);
  expect(apps).toHaveLength(1);
});

test('a change of the build restarts the app', async () => {
  await change('main/host/host.ts', 'two');
  expect(printed).toEqual(['main/host/host.ts changed: restarting the app.']);
  expect(appAt(0).calls).toEqual(['terminate']);
  expect(apps).toHaveLength(1);
  appAt(0).end(CLOSED);
  await settle();
  expect(apps).toHaveLength(2);
});

test('a change that does not affect the build, such as in a comment, does not restart the app', async () => {
  await change('main/host/host.ts', 'one');
  expect(printed).toEqual([]);
  expect(appAt(0).calls).toEqual([]);
});

test('kills an app that does not end within 8 s', async () => {
  await change('main/host/host.ts', 'two');
  await vi.advanceTimersByTimeAsync(7_999);
  expect(appAt(0).calls).toEqual(['terminate']);
  await vi.advanceTimersByTimeAsync(1);
  expect(appAt(0).calls).toEqual(['terminate', 'kill']);
  expect(apps).toHaveLength(2);
});

test('changes during a build cause one more build', async () => {
  let finish: (name: string) => void = () => {};
  build.mockReturnValueOnce(
    new Promise((resolve) => {
      finish = resolve;
    }),
  );
  supervisor.changed('main/one.ts');
  await settle();
  for (const file of ['main/two.ts', 'main/three.ts', 'main/four.ts']) supervisor.changed(file);
  finish('one');
  await settle();
  expect(build).toHaveBeenCalledTimes(3);
});

test('a build error is reported and leaves the app running; undoing it does not restart the app', async () => {
  await change('main/host/host.ts', new Error('main/host/host.ts:3: Unexpected token'));
  expect(printed).toEqual([
    'main/host/host.ts:3: Unexpected token',
    'The build failed: the app keeps running as it was.',
  ]);
  await change('main/host/host.ts', 'one');
  expect(appAt(0).calls).toEqual([]);
  expect(apps).toHaveLength(1);
});

test('after a build error at the start, the app starts once the build succeeds', async () => {
  build.mockRejectedValueOnce(new Error('a syntax error'));
  const lines: string[] = [];
  const starts = vi.fn(() => new FakeApp());
  const other = superviseApp({ build, run: starts, print: (line) => lines.push(line) });
  await settle();
  expect(lines).toEqual(['a syntax error', 'The build failed. Correct the error to continue.']);
  expect(starts).not.toHaveBeenCalled();
  other.changed('main/host/host.ts');
  await settle();
  expect(starts).toHaveBeenCalledTimes(1);
});

test('ends when the last window is closed', async () => {
  appAt(0).end(CLOSED);
  expect(await supervisor.ended).toEqual({ kind: 'closed' });
  await change('main/host/host.ts', 'two');
  expect(apps).toHaveLength(1);
});

test('reports a start that finds a running instance', async () => {
  appAt(0).end({ kind: 'ended', code: 0, window: false });
  expect(await supervisor.ended).toEqual({ kind: 'closed' });
  expect(printed[0]).toMatch(/already running/);
});

test('ends with the reason if the first start fails', async () => {
  appAt(0).end({ kind: 'failed', reason: 'libnss3.so is missing' });
  expect(await supervisor.ended).toEqual({ kind: 'failed', reason: 'libnss3.so is missing' });
});

test.each<[ElectronOutcome, string]>([
  [{ kind: 'failed', reason: 'exit code 1: a bug' }, 'stopped before its window was open (exit code 1: a bug)'],
  [{ kind: 'ended', code: 139, window: true }, 'ended with exit code 139'],
])(
  'after a failure of a later start, waits for the next change, even if the build is the same: %o',
  async (outcome, reason) => {
    await change('main/host/host.ts', 'two');
    appAt(0).end(CLOSED);
    await settle();
    appAt(1).end(outcome);
    await settle();
    expect(printed.at(-1)).toBe(`The app ${reason}. It starts again at the next change in main/, preload/ or shared/.`);
    await change('main/host/host.ts', 'two');
    expect(apps).toHaveLength(3);
  },
);

test('stop waits for the app, even during a restart', async () => {
  await change('main/host/host.ts', 'two');
  const stopped = supervisor.stop();
  const done = vi.fn();
  void supervisor.ended.then(done);
  await settle();
  expect(done).not.toHaveBeenCalled();
  appAt(0).end(CLOSED);
  await stopped;
  expect(await supervisor.ended).toEqual({ kind: 'stopped' });
  expect(apps).toHaveLength(1);
});

test('stop during a build starts no app', async () => {
  let finish: (name: string) => void = () => {};
  build.mockReturnValueOnce(
    new Promise((resolve) => {
      finish = resolve;
    }),
  );
  supervisor.changed('main/one.ts');
  await settle();
  const stopped = supervisor.stop();
  appAt(0).end(CLOSED);
  await stopped;
  finish('two');
  await settle();
  expect(apps).toHaveLength(1);
});
