import { once } from 'node:events';
import { chmod, mkdir, mkdtemp, readdir, rm, stat } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { join, relative } from 'node:path';
import { afterEach, beforeEach, expect, test } from 'vitest';
import { WebSocket } from 'ws';
import { FRAME_SAMPLES } from '../../shared/audio-format.ts';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import { offerFor, readyFor } from '../testing/desktop-handshake.ts';
import { startHost } from './host.ts';

// Other users of the machine must not be able to read recordings, logs and settings.

const origin = 'earshot://app';
let root: string;
let umask: number;
beforeEach(async () => {
  root = await mkdtemp(join(tmpdir(), 'earshot-private-'));
  // With umask 0, files created without an explicit mode are open to everyone.
  umask = process.umask(0);
});
afterEach(async () => {
  process.umask(umask);
  await rm(root, { recursive: true, force: true });
});

/** Runs a host, changes a setting and records a turn. */
async function use(dataDir: string): Promise<void> {
  const host = await startHost({ dataDir, origin, version: '1.2.3', shell: 'desktop' });
  await host.handlers.changeSettings({ theme: 'dark' });
  const offered = offerFor(host);
  const socket = new WebSocket(`${host.voiceUrl()}?user_id=ada`, offered, { origin });
  const [welcome] = await once(socket, 'message');
  socket.send(JSON.stringify(readyFor(host, offered, JSON.parse(String(welcome)))));
  socket.send(JSON.stringify({ event: 'start' }));
  for (let seq = 0; seq < 20; seq++) socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(FRAME_SAMPLES)));
  const acknowledged = new Promise<void>((resolve) => {
    socket.on('message', (data) => {
      if (JSON.parse(String(data)).event === 'audio_ack') resolve();
    });
  });
  await acknowledged;
  await host.stop();
}

/** The modes of all files and folders under a folder. */
async function modes(folder: string): Promise<Map<string, number>> {
  const found = new Map<string, number>();
  for (const entry of await readdir(folder, { recursive: true, withFileTypes: true })) {
    const path = join(entry.parentPath, entry.name);
    found.set(relative(folder, path), (await stat(path)).mode & 0o777);
  }
  return found;
}

test('every folder and file of a launch is readable by its owner only', async (context) => {
  context.skip(process.platform === 'win32', 'Windows protects user profiles with ACLs, not modes');
  await use(join(root, 'new', 'data'));
  const found = await modes(root);
  const kinds = ['new/data/recordings', 'new/data/logs/earshot.log', 'new/data/settings.json'];
  expect([...found.keys()]).toEqual(expect.arrayContaining(kinds));
  for (const ending of ['.wav', '.json']) {
    expect([...found.keys()].some((name) => name.startsWith('new/data/recordings/') && name.endsWith(ending))).toBe(
      true,
    );
  }
  const open = [...found].filter(([, mode]) => (mode & 0o077) !== 0);
  expect(open).toEqual([]);
});

test('files in an existing folder that others may read are still private', async (context) => {
  context.skip(process.platform === 'win32', 'Windows protects user profiles with ACLs, not modes');
  const chosen = join(root, 'chosen');
  await mkdir(chosen);
  await chmod(chosen, 0o755);
  await use(chosen);
  const open = [...(await modes(chosen))].filter(([, mode]) => (mode & 0o077) !== 0);
  expect(open).toEqual([]);
  // The mode of the folder itself is the user's choice.
  expect((await stat(chosen)).mode & 0o777).toBe(0o755);
});
