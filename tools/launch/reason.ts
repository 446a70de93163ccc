import { sanitise } from '../../shared/sanitise.ts';

const MAX_REASON = 160;
// Lines that are never the cause: Node's warnings (`(node:123) ExperimentalWarning: …`) with their hint, and Chromium's
// errors about D-Bus, which it can run without.
const IRRELEVANT = /^\(node:\d+\)|^\(Use `node --|^\[[\d:/.]+:ERROR:(?:dbus\/)?(?:bus|object_proxy)\.cc\(/;
// Chromium's prefix with the position in its source: `[123:1122/200000.1:ERROR:bus.cc(407)] …`.
const CHROMIUM_PREFIX = /^\[[\d:/.]+:(?:FATAL|ERROR|WARNING|INFO|VERBOSE\d*):[^\]]*\]\s*/;
const EXPLANATORY = [
  /FATAL/,
  /error while loading shared libraries/,
  /^(?:Uncaught )?(?:\w*Error)\b/,
  /cannot|could not|failed|missing/i,
];

/**
 * Finds the line of a program's error output that best explains why it ended: the first that matches the earliest
 * pattern of `EXPLANATORY`, else the first line.
 * @returns one line of at most 160 characters without control characters; empty if there was no output
 */
export function explanatoryLine(stderr: string): string {
  const lines = stderr
    .split(/\r?\n/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: this removes control characters.
    .map((line) => line.replace(/\x1b\[[0-9;]*m|[\x00-\x1f\x7f]/g, '').trim())
    .filter((line) => line !== '' && !IRRELEVANT.test(line));
  let line = lines[0] ?? '';
  for (const pattern of EXPLANATORY) {
    const found = lines.find((candidate) => pattern.test(candidate));
    if (found !== undefined) {
      line = found;
      break;
    }
  }
  return sanitise(line.replace(CHROMIUM_PREFIX, '').replace(/^(?:Uncaught )?(?:\w*Error): /, ''), MAX_REASON);
}

/** A reason for use in a sentence: ` (reason)`, or an empty string. */
export function delimitedReason(reason: string): string {
  return reason === '' ? '' : ` (${reason})`;
}
