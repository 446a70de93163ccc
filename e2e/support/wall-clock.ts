import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { EarshotWindow } from './window.ts';

/** One hour in ms, as when a clock is set to another zone's time by hand. */
export const HOUR_MS = 3_600_000;

declare global {
  interface Window {
    /** How far (ms) the page's wall clock is set from the true time. */
    wallClockOffset: number;
  }
}

/**
 * Makes the page's wall clock one that a test can set: `Date` and nothing else. `performance.now()`, timers and the host stay
 * as they are. Runs in the page before its own scripts, and so stands alone.
 */
export function installWallClock(): void {
  window.wallClockOffset = 0;
  const TrueDate = Date;
  const now = () => TrueDate.now() + window.wallClockOffset;
  window.Date = new Proxy(TrueDate, {
    construct: (target, args, newTarget) => Reflect.construct(target, args.length === 0 ? [now()] : args, newTarget),
    apply: () => new TrueDate(now()).toString(),
    get: (target, name) => (name === 'now' ? now : Reflect.get(target, name)),
  });
}

/** Sets the page's wall clock: so many ms from the true time. */
export async function setPageClock(page: Page, offsetMs: number): Promise<void> {
  await page.evaluate((ms) => {
    window.wallClockOffset = ms;
  }, offsetMs);
}

/** Where Debian's package `faketime` has its library. */
const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;
/** What is said where it is not there. */
export const FAKETIME_MISSING = existsSync(LIBRARY) ? null : `not installed: faketime (${LIBRARY})`;

/** The wall clock of processes that are started by `start`: libfaketime's, which leaves the monotonic one alone. */
export interface HostClock {
  /** Starts something that inherits this process's environment. */
  start<T>(work: () => Promise<T>): Promise<T>;
  /** So many seconds from the true time, also in processes that run. */
  set(offsetSeconds: number): void;
}

/** @param dir for the file that says what the time is */
export function createHostClock(dir: string): HostClock {
  const file = join(dir, 'wall-clock');
  const set = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`);
  set(0);
  const env = {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    // Two names of one switch, of older and newer versions.
    DONT_FAKE_MONOTONIC: '1',
    FAKETIME_DONT_FAKE_MONOTONIC: '1',
  };
  return {
    set,
    async start(work) {
      Object.assign(process.env, env);
      try {
        return await work();
      } finally {
        for (const name of Object.keys(env)) delete process.env[name];
      }
    },
  };
}

/** Says something for a second, by the window's own clock, and returns the session's id. */
export async function recordTurn(
  earshot: EarshotWindow,
  during: () => Promise<void> | void = () => {},
): Promise<string | null> {
  await earshot.press();
  await earshot.expectView('listening');
  const session = await earshot.sessionId.getAttribute('title');
  await during();
  await earshot.expectListenedFor(1);
  await earshot.press();
  await earshot.expectView('idle');
  await expect(earshot.recording).toHaveAttribute('data-session-id', session ?? '');
  return session;
}
