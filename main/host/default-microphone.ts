import { execFile } from 'node:child_process';
import { promisify } from 'node:util';
import { z } from 'zod';
import { type ChangeWatch, type WatchChanges, watchChanges } from './pactl-changes.ts';

/** Time limit (ms) of one `pactl` command. */
const TIMEOUT_MS = 1_000;
const Sources = z.array(z.object({ name: z.string(), description: z.string().max(256) }));

/** Runs a program and resolves with its standard output. */
export type RunProgram = (program: string, args: readonly string[]) => Promise<string>;

/** How long (ms) changes are watched after the last call. */
export const WATCH_MS = 30_000;
/** After so long (ms) a watch is connected and misses no change. Until then, the name is read at each call. */
export const WATCH_CONNECTS_MS = 1_000;
/** How long (ms) no new watch is started after one has ended by itself: the sound server has ended, or is missing. */
export const WATCH_PAUSE_MS = 10_000;
/** After so many failed queries in a row, such as without `pactl`, the next one waits for `QUERY_PAUSE_MS`. */
export const FAILURES_BEFORE_PAUSE = 10;
export const QUERY_PAUSE_MS = 10_000;

export interface DefaultMicrophoneOptions {
  platform?: NodeJS.Platform;
  run?: RunProgram;
  watch?: WatchChanges;
  /** Monotonic clock, ms of any origin. */
  now?: () => number;
}

export interface DefaultMicrophone {
  /** The name, or '' if it is unknown: on other systems and without `pactl` (package pulseaudio-utils). */
  label(): Promise<string>;
  stop(): void;
}

/**
 * The name of the system's default microphone, as PulseAudio or PipeWire reports it. Chromium does not provide it on
 * Linux. A window asks every second while it listens, and starting a program each time would cost about as much as
 * receiving and writing the audio. So one program reports changes meanwhile, and the name is read again after a change.
 */
export function createDefaultMicrophone(options: DefaultMicrophoneOptions = {}): DefaultMicrophone {
  const {
    platform = process.platform,
    run = runProgram,
    watch = watchChanges,
    now = () => performance.now(),
  } = options;
  if (platform !== 'linux') return { label: async () => '', stop() {} };
  let cached = { source: '', label: '' };
  let pending: Promise<string> | null = null;
  let watching: ChangeWatch | null = null;
  let watchEnd: NodeJS.Timeout | undefined;
  /** Whether `cached` is what the sound server says: no change was reported since it was read. */
  let isCurrent = false;
  let watchFrom = Number.NEGATIVE_INFINITY;
  let connectedFrom = Number.POSITIVE_INFINITY;
  let queryFrom = Number.NEGATIVE_INFINITY;
  let failures = 0;

  function stop(): void {
    clearTimeout(watchEnd);
    watching?.stop();
    watching = null;
    isCurrent = false;
  }

  function keepWatching(): void {
    clearTimeout(watchEnd);
    watchEnd = setTimeout(stop, WATCH_MS).unref();
    if (watching !== null || now() < watchFrom) return;
    const started = watch(
      () => {
        isCurrent = false;
      },
      () => {
        if (watching !== started) return;
        stop();
        watchFrom = now() + WATCH_PAUSE_MS;
      },
    );
    watching = started;
    connectedFrom = now() + WATCH_CONNECTS_MS;
  }

  async function query(): Promise<string> {
    // Before the name is read: a change in the meantime makes it outdated again.
    isCurrent = watching !== null && now() >= connectedFrom;
    const source = (await run('pactl', ['get-default-source'])).trim();
    if (source !== cached.source || cached.label === '') {
      const sources = Sources.parse(JSON.parse(await run('pactl', ['-f', 'json', 'list', 'sources'])));
      cached = { source, label: sources.find(({ name }) => name === source)?.description ?? '' };
    }
    failures = 0;
    return cached.label;
  }

  return {
    label() {
      if (now() < queryFrom) return Promise.resolve('');
      keepWatching();
      if (isCurrent && pending === null) return Promise.resolve(cached.label);
      // Concurrent calls share one query.
      pending ??= query()
        .catch(() => {
          isCurrent = false;
          if (++failures >= FAILURES_BEFORE_PAUSE) queryFrom = now() + QUERY_PAUSE_MS;
          return '';
        })
        .finally(() => {
          pending = null;
        });
      return pending;
    },
    stop,
  };
}

const runProgram: RunProgram = async (program, args) => {
  const env = { ...process.env, LC_ALL: 'C.UTF-8' };
  const { stdout } = await promisify(execFile)(program, [...args], { env, timeout: TIMEOUT_MS, maxBuffer: 4_194_304 });
  return stdout;
};
