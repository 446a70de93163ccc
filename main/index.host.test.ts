import { mkdtemp, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import type { BridgeAnswer, VoiceAddress } from '../shared/bridge.ts';
import { parseServerMessage } from '../shared/protocol.ts';

vi.mock('electron', () => import('./desktop/fake-electron.ts'));
type Fake = typeof import('./desktop/fake-electron.ts');
const { app, BrowserWindow, ipcMain, resetFake } = (await import('electron')) as unknown as Fake;

let dataDir: string;
beforeEach(async () => {
  resetFake();
  dataDir = await mkdtemp(join(tmpdir(), 'earshot-desktop-'));
  vi.stubEnv('EARSHOT_DATA_DIR', dataDir);
});
afterEach(async () => {
  vi.unstubAllEnvs();
  await rm(dataDir, { recursive: true, force: true });
});

/** What a window's page does: asks for the address and connects, with the origin that Chromium would send. */
async function connect(contents: InstanceType<Fake['FakeWebContents']>, origin = 'earshot://app') {
  const answer = (await ipcMain.invoke(contents, 'earshot:getVoiceAddress')) as BridgeAnswer;
  if (!answer.ok) throw new Error(answer.error.message);
  const { url, token } = answer.value as VoiceAddress;
  const socket = new WebSocket(`${url}?user_id=me`, ['voice.v1', `token.${token}`], { origin });
  const closed = new Promise<number>((resolve) => socket.once('close', resolve));
  const session = await new Promise<string>((resolve, reject) => {
    socket.once('error', reject);
    socket.once('message', (data) => {
      const parsed = parseServerMessage(String(data));
      if (parsed.kind === 'message' && parsed.message.event === 'connected') resolve(parsed.message.session_id);
      else reject(new Error(String(data)));
    });
  });
  socket.send(JSON.stringify({ event: 'ready', session_id: session }));
  return { session, closed };
}

test('the shell around the real host: two windows, two sessions, a quit that closes them with 1001', async () => {
  await import('./index.ts');
  app.ready.resolve();
  await vi.waitFor(() => expect(BrowserWindow.all).toHaveLength(1), 10_000);
  const [first] = BrowserWindow.all;
  if (!first) throw new Error('no window');
  expect(await ipcMain.invoke(first.webContents, 'earshot:openWindow')).toEqual({ ok: true, value: true });
  const second = BrowserWindow.all[1];
  if (!second) throw new Error('no second window');

  const one = await connect(first.webContents);
  const two = await connect(second.webContents);
  expect(one.session).not.toBe(two.session);
  // Both windows see what the server did, in the log that every window is sent.
  for (const { webContents } of [first, second]) {
    await vi.waitFor(
      () => expect(JSON.stringify(webContents.sent)).toContain(`WS_CONNECT | session=${two.session}`),
      10_000,
    );
  }
  await expect(connect(first.webContents, 'https://evil.example')).rejects.toThrow('403');

  app.quit();
  expect(await Promise.all([one.closed, two.closed])).toEqual([1001, 1001]);
  await vi.waitFor(() => expect(app.exits).toEqual([0]), 10_000);
});
