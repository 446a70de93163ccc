import type { LogLine } from '../shared/log-line.ts';
import { expect, test } from './support/test.ts';

/** Counts the sessions that the server has opened, and those that are still open. */
function countSessions(log: readonly LogLine[]): { opened: number; open: number } {
  const server = log.filter((record) => record.side === 'server');
  const opened = server.filter((record) => record.event === 'WS_CONNECT');
  const ended = new Set(server.filter((record) => record.event === 'WS_DISCONNECT').map((record) => record.session_id));
  return { opened: opened.length, open: opened.filter((record) => !ended.has(record.session_id)).length };
}

for (const [times, view] of [
  [5, 'listening'],
  [50, 'idle'],
  [51, 'listening'],
] as const) {
  test(`H12 ${times} presses in a second end ${view}, and every other session has ended`, async ({ app }) => {
    // A press may close a socket before it is open, which the browser reports on the console.
    app.allowErrors(/console: WebSocket connection to .* failed/);
    const earshot = await app.open();
    await earshot.pressFast(times, 1000);
    await earshot.expectView(view);
    const open = view === 'listening' ? 1 : 0;
    await expect.poll(() => countSessions(app.log()).open, { message: 'open sessions' }).toBe(open);
    expect(countSessions(app.log()).opened, 'sessions').toBeGreaterThanOrEqual(1);

    // The next press still works.
    await earshot.press();
    await earshot.expectView(view === 'listening' ? 'idle' : 'listening');
  });
}
