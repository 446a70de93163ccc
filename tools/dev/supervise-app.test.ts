import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import type { ElectronOutcome } from '../launch/run-electron.ts';
import { type AppSupervisor, type RunningApp, superviseApp } from './supervise-app.ts';

/** An app that ends when the test says so. */
class FakeApp implements RunningApp {
  end: (outcome: ElectronOutcome) => void = () => {};
  readonly outcome = new Promise<ElectronOutcome>((resolve) => {
    this.end = resolve;
  });
  readonly asked: string[] = [];
  terminate(): void {
    this.asked.push('terminate');
  }
  kill(): void {
    this.asked.push('kill');
    this.end({ kind: 'ended', code: 137, window: true });
  }
}
const CLOSED: ElectronOutcome = { kind: 'ended', code: 0, window: true };

let apps: FakeApp[];
let said: string[];
let build: ReturnType<typeof vi.fn<() => Promise<string>>>;
let supervisor: AppSupervisor;
beforeEach(async () => {
  vi.useFakeTimers();
  apps = [];
  said = [];
  build = vi.fn(async () => 'one');
  supervisor = superviseApp({
    build,
    run: () => {
      const app = new FakeApp();
      apps.push(app);
      return app;
    },
    say: (line) => said.push(line),
  });
  await settle();
});
afterEach(() => vi.useRealTimers());

/** Lets every promise that can go on do so. */
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

test('it builds, then runs', () => {
  expect(build).toHaveBeenCalledTimes(1);
  expect(apps).toHaveLength(1);
});

test('a change that makes a difference: the app is asked to end, and the next one starts when it has', async () => {
  await change('main/host/host.ts', 'two');
  expect(said).toEqual(['main/host/host.ts changed: restarting the app.']);
  expect(appAt(0).asked).toEqual(['terminate']);
  expect(apps).toHaveLength(1);
  appAt(0).end(CLOSED);
  await settle();
  expect(apps).toHaveLength(2);
});

test('a change that makes none, like one of a comment, leaves the app alone', async () => {
  await change('main/host/host.ts', 'one');
  expect(said).toEqual([]);
  expect(appAt(0).asked).toEqual([]);
});

test('an app that does not end in time is killed', async () => {
  await change('main/host/host.ts', 'two');
  await vi.advanceTimersByTimeAsync(7_999);
  expect(appAt(0).asked).toEqual(['terminate']);
  await vi.advanceTimersByTimeAsync(1);
  expect(appAt(0).asked).toEqual(['terminate', 'kill']);
  expect(apps).toHaveLength(2);
});

test('changes during a build make one more build', async () => {
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
  expect(said).toEqual(['main/host/host.ts:3: Unexpected token', 'The build failed: the app keeps running as it was.']);
  await change('main/host/host.ts', 'one');
  expect(appAt(0).asked).toEqual([]);
  expect(apps).toHaveLength(1);
});

test('a mistake at the start: the app starts when it has been corrected', async () => {
  build.mockRejectedValueOnce(new Error('a mistake'));
  const lines: string[] = [];
  const starts = vi.fn(() => new FakeApp());
  const other = superviseApp({ build, run: starts, say: (line) => lines.push(line) });
  await settle();
  expect(lines).toEqual(['a mistake', 'The build failed. Correct it to go on.']);
  expect(starts).not.toHaveBeenCalled();
  other.changed('main/host/host.ts');
  await settle();
  expect(starts).toHaveBeenCalledTimes(1);
});

test('closing the last window is the end', async () => {
  appAt(0).end(CLOSED);
  expect(await supervisor.ended).toEqual({ kind: 'closed' });
  await change('main/host/host.ts', 'two');
  expect(apps).toHaveLength(1);
});

test('reports a start that hands over to a running instance', async () => {
  appAt(0).end({ kind: 'ended', code: 0, window: false });
  expect(await supervisor.ended).toEqual({ kind: 'closed' });
  expect(said[0]).toMatch(/runs already/);
});

test('a first start that fails is the end, with its reason: the tab takes over', async () => {
  appAt(0).end({ kind: 'failed', reason: 'libnss3.so is missing' });
  expect(await supervisor.ended).toEqual({ kind: 'failed', reason: 'libnss3.so is missing' });
});

test.each<[ElectronOutcome, string]>([
  [{ kind: 'failed', reason: 'exit code 1: a mistake' }, 'stopped before its window was open (exit code 1: a mistake)'],
  [{ kind: 'ended', code: 139, window: true }, 'ended with exit code 139'],
])('a later one that ends badly waits for the next change, even back to what ran: %o', async (outcome, words) => {
  await change('main/host/host.ts', 'two');
  appAt(0).end(CLOSED);
  await settle();
  appAt(1).end(outcome);
  await settle();
  expect(said.at(-1)).toBe(`The app ${words}. It starts again at the next change in main/, preload/ or shared/.`);
  await change('main/host/host.ts', 'two');
  expect(apps).toHaveLength(3);
});

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
