import { EventEmitter } from 'node:events';
import { describe, expect, test, vi } from 'vitest';
import { SAME_SIGNAL_MS, stopSignal } from './stop-signal.ts';

function source() {
  let time = 1_000;
  const process = Object.assign(new EventEmitter(), { exit: vi.fn() });
  return { process, stopped: stopSignal(process, () => time), advance: (ms: number) => (time += ms) };
}

describe('a stop signal', () => {
  test.each(['SIGINT', 'SIGTERM', 'SIGHUP'])('%s resolves the wait without an exit', async (signal) => {
    const { process, stopped } = source();
    process.emit(signal, signal);
    await stopped;
    expect(process.exit).not.toHaveBeenCalled();
  });

  test('that arrives twice for one Ctrl-C, once from npm, counts once', async () => {
    const { process, stopped, advance } = source();
    process.emit('SIGINT', 'SIGINT');
    advance(SAME_SIGNAL_MS - 1);
    process.emit('SIGINT', 'SIGINT');
    await stopped;
    expect(process.exit).not.toHaveBeenCalled();
  });

  test.each([
    ['SIGHUP', 129],
    ['SIGINT', 130],
    ['SIGTERM', 143],
  ])('followed by %s exits immediately with %i', async (signal, code) => {
    const { process, stopped, advance } = source();
    process.emit('SIGINT', 'SIGINT');
    await stopped;
    advance(SAME_SIGNAL_MS);
    process.emit(signal, signal);
    expect(process.exit).toHaveBeenCalledExactlyOnceWith(code);
  });
});
