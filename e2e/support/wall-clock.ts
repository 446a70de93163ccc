import { existsSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { expect, type Page } from '@playwright/test';
import type { EarshotWindow } from './window.ts';

/** One hour in ms, by which the clock changes when a user selects another time zone. */
export const HOUR_MS = 3_600_000;

declare global {
  interface Window {
    /** Offset (ms) of the page's wall clock from the true time. */
    wallClockOffset: number;
  }
}

/**
 * Replaces the page's `Date` with one that a test can set. Does not affect `performance.now()`, timers or the host.
 * An init script: it can use nothing from this file.
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

/** Sets the offset (ms) of the page's wall clock from the true time. */
export async function setPageClock(page: Page, offsetMs: number): Promise<void> {
  await page.evaluate((ms) => {
    window.wallClockOffset = ms;
  }, offsetMs);
}

/** The library of Debian's package `faketime`. */
const LIBRARY = `/usr/lib/${process.arch === 'arm64' ? 'aarch64' : 'x86_64'}-linux-gnu/faketime/libfaketime.so.1`;
/** The reason to skip a test without libfaketime, or null. */
export const FAKETIME_MISSING = existsSync(LIBRARY) ? null : `not installed: faketime (${LIBRARY})`;

/**
 * The wall clock of the processes that a test starts, set with libfaketime. It does not affect their monotonic clock.
 */
export interface HostClock {
  /** Runs `work`; processes that it starts with this process's environment get the clock. */
  start<T>(work: () => Promise<T>): Promise<T>;
  /** Sets the offset (s) from the true time, also for processes that are running. */
  set(offsetSeconds: number): void;
}

/** @param dir the folder for the file that holds the offset */
export function createHostClock(dir: string): HostClock {
  const file = join(dir, 'wall-clock');
  const set = (seconds: number) => writeFileSync(file, `${seconds < 0 ? '' : '+'}${seconds}`);
  set(0);
  const env = {
    LD_PRELOAD: LIBRARY,
    FAKETIME_TIMESTAMP_FILE: file,
    FAKETIME_NO_CACHE: '1',
    // Older and newer versions use different names for the same switch.
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

/** Records a turn of one second, by the window's clock. @returns the session's id */
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
