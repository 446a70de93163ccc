import { spawn } from 'node:child_process';
import { createInterface } from 'node:readline';

/** A running `pactl subscribe`. */
export interface ChangeWatch {
  /** Ends it. May be called again. */
  stop(): void;
}

/**
 * Watches the devices of PulseAudio or PipeWire.
 * @param onChange a device or the default device may have changed
 * @param onEnd it has ended by itself or could not be started
 */
export type WatchChanges = (onChange: () => void, onEnd: () => void) => ChangeWatch;

/** Lines of `pactl subscribe` about devices, e.g. `Event 'change' on server #-1`; others are about streams. */
const ABOUT_DEVICES = / on (?:server|source|card) #/;

export const watchChanges: WatchChanges = (onChange, onEnd) => {
  const child = spawn('pactl', ['subscribe'], {
    // The words of the events are translated otherwise.
    env: { ...process.env, LC_ALL: 'C.UTF-8' },
    // Keeps no folder of the user in use.
    cwd: '/',
    stdio: ['ignore', 'pipe', 'ignore'],
  });
  // `exit` also comes when this process ends in a way that stops nothing else.
  const stop = () => {
    process.off('exit', stop);
    child.kill();
  };
  let ended = false;
  const end = () => {
    if (ended) return;
    ended = true;
    process.off('exit', stop);
    onEnd();
  };
  process.on('exit', stop);
  child.on('error', end);
  child.on('close', end);
  // None if it could not be started, which `error` reports.
  if (child.stdout) {
    createInterface({ input: child.stdout }).on('line', (line) => {
      if (ABOUT_DEVICES.test(line)) onChange();
    });
  }
  return { stop };
};
