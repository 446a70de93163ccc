import { sanitise } from '../../shared/log-line.ts';

const MAX_REASON = 160;
// Node's own remarks (`(node:123) ExperimentalWarning: …`) and the hint below them are never the cause.
// Nor is a bus that Chromium does not reach: it goes on without one.
const REMARK = /^\(node:\d+\)|^\(Use `node --|^\[[\d:/.]+:ERROR:(?:dbus\/)?(?:bus|object_proxy)\.cc\(/;
// `[123:1122/200000.1:ERROR:bus.cc(407)] …`: where in Chromium it was said, which tells a user nothing.
const CHROMIUM_PREFIX = /^\[[\d:/.]+:(?:FATAL|ERROR|WARNING|INFO|VERBOSE\d*):[^\]]*\]\s*/;
const TELLING = [
  /FATAL/,
  /error while loading shared libraries/,
  /^(?:Uncaught )?(?:\w*Error)\b/,
  /cannot|could not|failed|missing/i,
];

/**
 * The one line of a program's error output that says most about why it ended: the first of the most telling kind, else
 * the first. One line, no control characters, at most 160 characters; empty when there was none.
 */
export function explanatoryLine(stderr: string): string {
  const lines = stderr
    .split(/\r?\n/)
    // biome-ignore lint/suspicious/noControlCharactersInRegex: control characters are what is taken out here.
    .map((line) => line.replace(/\x1b\[[0-9;]*m|[\x00-\x1f\x7f]/g, '').trim())
    .filter((line) => line !== '' && !REMARK.test(line));
  let line = lines[0] ?? '';
  for (const pattern of TELLING) {
    const found = lines.find((candidate) => pattern.test(candidate));
    if (found !== undefined) {
      line = found;
      break;
    }
  }
  return sanitise(line.replace(CHROMIUM_PREFIX, '').replace(/^(?:Uncaught )?(?:\w*Error): /, ''), MAX_REASON);
}

/** A reason as it stands inside a sentence: ` (reason)`, or nothing. */
export function delimitedReason(reason: string): string {
  return reason === '' ? '' : ` (${reason})`;
}
