import type { LogRecord } from '../shared/log-event.ts';
import { expect, test } from './support/test.ts';

/** Sessions that the server opened and did not see end, and how often one was opened. */
function countSessions(log: readonly LogRecord[]): { opened: number; open: number } {
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
  test(`H12 ${times} presses in a second: ends ${view}, each connection ended cleanly`, async ({ app }) => {
    // A press may take a socket back before it is open, which the browser says on its console.
    app.allowErrors(/console: WebSocket connection to .* failed/);
    const earshot = await app.open();
    await earshot.pressFast(times, 1000);
    await earshot.expectView(view);
    const open = view === 'listening' ? 1 : 0;
    await expect.poll(() => countSessions(app.log()).open, { message: 'open sessions' }).toBe(open);
    expect(countSessions(app.log()).opened, 'sessions').toBeGreaterThanOrEqual(1);

    // It goes on working: from listening a press ends it, from idle a press listens.
    await earshot.press();
    await earshot.expectView(view === 'listening' ? 'idle' : 'listening');
  });
}
