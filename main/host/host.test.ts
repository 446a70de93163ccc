import { once } from 'node:events';
import { chmod, mkdtemp, readdir, readFile, rm, writeFile } from 'node:fs/promises';
import { createServer, type Server } from 'node:net';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterEach, beforeEach, describe, expect, test, vi } from 'vitest';
import { WebSocket } from 'ws';
import { encodeAudioFrame } from '../../shared/audio-frame.ts';
import type { BridgeNotify } from '../../shared/bridge.ts';
import { textOf } from '../../shared/log-line.ts';
import { preciseNow } from '../../shared/precise-clock.ts';
import type { ConnectedMessage, ServerMessage } from '../../shared/protocol.ts';
import { closeListener } from '../testing/close-listener.ts';
import { offerFor, readyFor } from '../testing/desktop-handshake.ts';
import { type Host, type HostOptions, startHost } from './host.ts';

const origin = 'earshot://app';
let dataDir: string;
const hosts: Host[] = [];

async function start(options: Partial<HostOptions> = {}): Promise<Host> {
  const host = await startHost({ dataDir, origin, version: '1.2.3', shell: 'desktop', ...options });
  hosts.push(host);
  return host;
}

beforeEach(async () => {
  dataDir = await mkdtemp(join(tmpdir(), 'earshot-host-'));
});
afterEach(async () => {
  await Promise.all(hosts.splice(0).map((host) => host.stop()));
  await rm(dataDir, { recursive: true, force: true });
});

/** Connects a voice client and sends `ready`. */
async function connectClient(host: Host): Promise<WebSocket> {
  const offered = offerFor(host);
  const socket = new WebSocket(`${host.voiceUrl()}?user_id=ada`, offered, { origin });
  const welcome = await nextMessage(socket, 'connected');
  welcomes.set(socket, welcome);
  socket.send(JSON.stringify(readyFor(host, offered, welcome)));
  return socket;
}

const welcomes = new WeakMap<WebSocket, ConnectedMessage>();
/** The welcome message of a client that `connectClient` has connected. */
function welcomeOf(socket: WebSocket): ConnectedMessage {
  return welcomes.get(socket) ?? expect.fail('not welcomed');
}

function nextMessage<Event extends ServerMessage['event']>(
  socket: WebSocket,
  event: Event,
): Promise<Extract<ServerMessage, { event: Event }>> {
  return new Promise((resolve, reject) => {
    socket.on('error', reject);
    socket.on('message', (data) => {
      const message = JSON.parse(String(data));
      if (message.event === event) resolve(message);
    });
  });
}

/** Downloads a recording from the URL that a window gets. */
const list = async (host: Host) => (await host.handlers.listRecordings({ limit: 100 })).recordings;

async function wavOf(host: Host, id = ''): Promise<Buffer> {
  const { url } = await host.handlers.getRecordingUrl({ id });
  const { body } = await host.serveRecording({ method: 'GET', path: `/${url}` });
  const pieces: Uint8Array[] = [];
  for await (const piece of body ?? []) pieces.push(piece);
  return Buffer.concat(pieces);
}

async function occupied(port = 0): Promise<Server> {
  const server = createServer();
  server.listen(port, '127.0.0.1');
  await once(server, 'listening');
  return server;
}
const portOf = (server: Server) => (server.address() as { port: number }).port;

describe('a host', () => {
  test('tells its windows the address of the voice server and creates a new token at each start', async () => {
    const [one, two] = [await start(), await start()];
    expect(one.token).toMatch(/^[A-Za-z0-9_-]{43}$/);
    expect(one.token).not.toBe(two.token);
    expect(await one.handlers.getVoiceAddress()).toEqual({
      url: `ws://127.0.0.1:${one.voicePort()}/ws/voice`,
      token: one.token,
      accepting: true,
    });
    expect(await one.handlers.getAppInfo()).toMatchObject({ version: '1.2.3', shell: 'desktop', data_dir: dataDir });
  });

  test('records a turn, notifies the windows, lists the recording and serves it', async () => {
    const host = await start();
    const notify = vi.fn<BridgeNotify>();
    host.subscribe(notify);
    const socket = await connectClient(host);
    socket.send(JSON.stringify({ event: 'start' }));
    await nextMessage(socket, 'voice_state');
    for (let seq = 0; seq < 15; seq++) {
      socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(320).fill(1_000)));
    }
    const idle = nextMessage(socket, 'voice_state');
    socket.send(JSON.stringify({ event: 'stop' }));
    await idle;
    await vi.waitFor(() =>
      expect(notify).toHaveBeenCalledWith('onRecordingSaved', expect.objectContaining({ user_id: 'ada', turn: 1 })),
    );
    const [info] = await list(host);
    expect(info).toMatchObject({ complete: true, duration_s: 0.3 });
    expect(await wavOf(host, info?.id)).toHaveLength(9_644);
    socket.terminate();
  });

  test('logs once that a recording failed, and keeps running', async () => {
    const host = await start();
    const socket = await connectClient(host);
    socket.send(JSON.stringify({ event: 'start' }));
    await nextMessage(socket, 'voice_state');
    // Long enough to be saved.
    for (let seq = 0; seq < 15; seq++) socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(320)));
    await vi.waitFor(async () => expect(await readdir(join(dataDir, 'recordings'))).toHaveLength(2));
    await rm(join(dataDir, 'recordings'), { recursive: true });
    const problem = nextMessage(socket, 'error');
    socket.send(JSON.stringify({ event: 'stop' }));
    expect(await problem).toMatchObject({ code: 'recording_changed' });
    await vi.waitFor(async () => {
      const failures = (await host.handlers.getLogHistory()).filter(
        (record) => record.fields.type === 'recording_changed',
      );
      expect(failures.map((record) => record.level)).toEqual(['error']);
    });
    expect(socket.readyState).toBe(WebSocket.OPEN);
    socket.terminate();
  });

  test('sends the events of all windows to all windows, in one order with its own events', async () => {
    const host = await start();
    const notify = vi.fn<BridgeNotify>();
    host.subscribe(notify);
    await host.handlers.appendLog([
      { time: preciseNow(), side: 'client', event: 'PRESS', fields: { doing: 'connect' } },
    ]);
    await vi.waitFor(() =>
      expect(notify).toHaveBeenCalledWith(
        'onLogRecords',
        expect.arrayContaining([expect.objectContaining({ event: 'PRESS', side: 'client' })]),
      ),
    );
    // The start may be later than the window's event by a fraction of a millisecond, and then follows it.
    const events = async () => (await host.handlers.getLogHistory()).map((record) => record.event);
    await vi.waitFor(async () => expect(await events()).toEqual(expect.arrayContaining(['APP_STARTED', 'PRESS'])));
    const history = await host.handlers.getLogHistory();
    expect(history.map((record) => record.seq)).toEqual(history.map((_, i) => i + 1));
  });

  test('notifies every window of a changed setting and logs its name without its value', async () => {
    const host = await start();
    const [one, two] = [vi.fn<BridgeNotify>(), vi.fn<BridgeNotify>()];
    host.subscribe(one);
    const leave = host.subscribe(two);
    await host.handlers.changeSettings({ microphone_id: 'a-secret-device' });
    for (const notify of [one, two]) {
      expect(notify).toHaveBeenCalledWith('onSettings', expect.objectContaining({ microphone_id: 'a-secret-device' }));
    }
    leave();
    two.mockClear();
    await host.handlers.changeSettings({ theme: 'dark' });
    expect(two).not.toHaveBeenCalled();
    await vi.waitFor(async () => {
      const texts = (await host.handlers.getLogHistory()).map(textOf);
      expect(texts.some((text) => text.includes('names=microphone_id'))).toBe(true);
      expect(texts.join()).not.toContain('a-secret-device');
    });
  });

  test('keeps notifying the other subscribers if one throws', async () => {
    const host = await start();
    host.subscribe(() => {
      throw new Error('gone');
    });
    const other = vi.fn<BridgeNotify>();
    host.subscribe(other);
    await host.handlers.changeSettings({ theme: 'dark' });
    expect(other).toHaveBeenCalledWith('onSettings', expect.objectContaining({ theme: 'dark' }));
  });

  test('H30 writes its token to no file', async () => {
    const host = await start();
    (await connectClient(host)).terminate();
    await host.stop();
    const files = (await readdir(dataDir, { recursive: true, withFileTypes: true })).filter((entry) => entry.isFile());
    expect(files.length).toBeGreaterThan(0);
    for (const file of files) {
      expect(await readFile(join(file.parentPath, file.name), 'utf8')).not.toContain(host.token);
    }
  });
});

describe('restarting the voice server', () => {
  test('uses the same port, and notifies every window that it stopped and started', async () => {
    const host = await start();
    const port = host.voicePort();
    const notify = vi.fn<BridgeNotify>();
    host.subscribe(notify);
    const socket = await connectClient(host);
    const closed = once(socket, 'close');
    await host.restartVoice();
    expect((await closed)[0]).toBe(1001);
    expect(host.voicePort()).toBe(port);
    const urls = notify.mock.calls.flatMap(([event, payload]) =>
      event === 'onVoiceAddress' ? [(payload as { url: string | null }).url] : [],
    );
    expect(urls).toContain(null);
    expect(urls.at(-1)).toBe(host.voiceUrl());
    (await connectClient(host)).terminate();
  });

  test('uses the spare port, which every open page may connect to, if its own port was taken', async () => {
    const host = await start();
    const port = host.voicePort();
    expect(host.voicePorts[0]).toBe(port);
    let otherServer: Server | undefined;
    host.subscribe((event, payload) => {
      // At the moment when the port is free.
      if (event === 'onVoiceAddress' && (payload as { url: string | null }).url === null && !otherServer) {
        otherServer = createServer().listen(port ?? 0, '127.0.0.1');
      }
    });
    await host.restartVoice();
    expect(host.voicePort()).toBe(host.voicePorts[1]);
    expect(host.voicePort()).not.toBe(port);
    (await connectClient(host)).terminate();
    otherServer?.close();
  });

  test('keeps sessions: a client that reconnects continues its turn in the same recording', async () => {
    const host = await start();
    const socket = await connectClient(host);
    const welcome = welcomeOf(socket);
    socket.send(JSON.stringify({ event: 'start' }));
    await nextMessage(socket, 'voice_state');
    const acknowledged = nextMessage(socket, 'audio_ack');
    for (let seq = 0; seq < 10; seq++) socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(320).fill(seq)));
    await acknowledged;
    await host.restartVoice();

    const offered = offerFor(host, welcome.resume_token);
    const url = `${host.voiceUrl()}?user_id=ada&session_id=${welcome.session_id}`;
    const again = new WebSocket(url, offered, { origin });
    const secondWelcome = await nextMessage(again, 'connected');
    expect(secondWelcome).toMatchObject({ resumed: true, received_through: 9 });
    again.send(JSON.stringify(readyFor(host, offered, secondWelcome)));
    for (let seq = 10; seq < 20; seq++) again.send(encodeAudioFrame(seq, seq * 20, new Int16Array(320).fill(seq)));
    const idle = nextMessage(again, 'voice_state');
    again.send(JSON.stringify({ event: 'stop' }));
    await idle;
    await vi.waitFor(async () => expect((await list(host))[0]?.complete).toBe(true));
    const recordings = await list(host);
    expect(recordings).toMatchObject([{ session_id: welcome.session_id, duration_s: 0.4, gaps: [] }]);
    const wav = await wavOf(host, recordings[0]?.id);
    const pcm = new Int16Array(new Uint8Array(wav.subarray(44)).buffer);
    expect([...pcm]).toEqual(Array.from({ length: 20 }, (_, seq) => Array(320).fill(seq)).flat());
    again.terminate();
  });

  test('runs two concurrent restarts one after the other', async () => {
    const host = await start();
    const port = host.voicePort();
    await Promise.all([host.restartVoice(), host.restartVoice()]);
    expect(host.voicePort()).toBe(port);
    (await connectClient(host)).terminate();
  });
});

/** The logged failures and restarts of the voice server, in order. */
async function restarts(host: Host): Promise<string[]> {
  const history = await host.handlers.getLogHistory();
  return history.map((record) => record.event).filter((event) => /^SERVER_(FAILED|RESTART|GIVEN)/.test(event));
}

describe('a voice server that lost its listener', () => {
  test('is restarted on the same port as soon as a window asks for its address, and keeps its sessions', async () => {
    const host = await start();
    const port = host.voicePort();
    const welcome = welcomeOf(await speak(host));
    await closeListener(port ?? 0);
    await host.handlers.getVoiceAddress();
    await vi.waitFor(async () => expect(await restarts(host)).toEqual(['SERVER_FAILED', 'SERVER_RESTARTED']));
    expect(host.voicePort()).toBe(port);
    const again = new WebSocket(
      `${host.voiceUrl()}?user_id=ada&session_id=${welcome.session_id}`,
      offerFor(host, welcome.resume_token),
      { origin },
    );
    expect(await nextMessage(again, 'connected')).toMatchObject({ resumed: true, received_through: 9 });
    again.terminate();
  });

  test('is restarted on the spare port if another program has taken its own', async () => {
    const host = await start();
    const port = host.voicePort() ?? 0;
    await closeListener(port ?? 0);
    const otherServer = await occupied(port);
    host.onSystemResume();
    // The check fails twice, each time after its timeout.
    await vi.waitFor(async () => expect(await restarts(host)).toContain('SERVER_RESTARTED'), { timeout: 20_000 });
    expect(host.voicePort()).toBe(host.voicePorts[1]);
    (await connectClient(host)).terminate();
    otherServer.close();
  }, 30_000);

  test('reports no address while neither port is available, and restarts when one is', async () => {
    const host = await start();
    const [own, spare] = host.voicePorts as [number, number];
    const notify = vi.fn<BridgeNotify>();
    host.subscribe(notify);
    await closeListener(own);
    await closeListener(spare);
    const otherServers = [await occupied(own), await occupied(spare)];
    host.onSystemResume();
    await vi.waitFor(async () => expect(await restarts(host)).toContain('SERVER_RESTARTING'), { timeout: 20_000 });
    const addresses = () =>
      notify.mock.calls.flatMap(([event, payload]) => (event === 'onVoiceAddress' ? [payload] : []));
    expect(addresses()).toEqual([{ url: null, token: host.token, accepting: false }]);
    for (const otherServer of otherServers) otherServer.close();
    host.onSystemResume();
    await vi.waitFor(() => expect(addresses().at(-1)).toMatchObject({ url: host.voiceUrl(), accepting: true }), {
      timeout: 20_000,
    });
    expect(host.voicePort()).toBe(own);
    (await connectClient(host)).terminate();
  }, 60_000);

  test('is not restarted while Earshot is closing', async () => {
    const host = await start();
    await closeListener(host.voicePort() ?? 0);
    host.onSystemResume();
    await host.stop();
    expect(host.voicePort()).toBeNull();
    const lines = await readFile(join(dataDir, 'logs', 'earshot.log'), 'utf8');
    expect(lines).not.toContain('SERVER_RESTARTED');
  });
});

describe('startHost', () => {
  test('throws port_in_use if the port is taken', async () => {
    const other = await occupied();
    await expect(start({ voicePort: portOf(other) })).rejects.toMatchObject({ code: 'port_in_use' });
    other.close();
  });

  test('throws data_dir_unusable if the folder cannot be created', async () => {
    await writeFile(join(dataDir, 'file'), '');
    await expect(start({ dataDir: join(dataDir, 'file', 'data') })).rejects.toMatchObject({
      code: 'data_dir_unusable',
      message: expect.stringContaining(join(dataDir, 'file', 'data')),
    });
  });

  test('throws data_dir_unusable if the folder is not writable', async (context) => {
    context.skip(process.getuid?.() === 0, 'the superuser may write everywhere');
    await chmod(dataDir, 0o500);
    await expect(start()).rejects.toMatchObject({ code: 'data_dir_unusable' });
    await chmod(dataDir, 0o700);
  });

  test('creates the folder and its parents', async () => {
    await start({ dataDir: join(dataDir, 'a', 'b') });
    expect(await readdir(join(dataDir, 'a'))).toEqual(['b']);
  });
});

/** A client whose 0.2 s of audio have been acknowledged. */
async function speak(host: Host): Promise<WebSocket> {
  const socket = await connectClient(host);
  socket.send(JSON.stringify({ event: 'start' }));
  await nextMessage(socket, 'voice_state');
  const acknowledged = nextMessage(socket, 'audio_ack');
  for (let seq = 0; seq < 10; seq++) socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(320)));
  await acknowledged;
  return socket;
}

describe('stop', () => {
  test('finishes the turn of a disconnected client without waiting for it to reconnect', async () => {
    const host = await start();
    const socket = await speak(host);
    socket.terminate();
    await vi.waitFor(async () =>
      expect((await host.handlers.getLogHistory()).map((record) => record.event)).toContain('SESSION_LOST'),
    );
    await host.stop();
    expect(await list(host)).toMatchObject([{ duration_s: 0.2, complete: true }]);
  });

  test('closes sessions with 1001, frees the port, and writes recordings and the log to disk', async () => {
    const host = await start();
    const port = host.voicePort() ?? 0;
    const socket = await speak(host);
    const closed = once(socket, 'close');
    await Promise.all([host.stop(), host.stop()]);
    expect((await closed)[0]).toBe(1001);
    expect(host.voiceUrl()).toBeNull();
    (await occupied(port)).close();
    const [recording] = await list(host);
    expect(recording).toMatchObject({ duration_s: 0.2, complete: true });
    const lines = (await readFile(join(dataDir, 'logs', 'earshot.log'), 'utf8')).trim().split('\n');
    const events = lines.map((line) => JSON.parse(line).event);
    expect(events).toEqual(expect.arrayContaining(['APP_STARTED', 'WS_CONNECT', 'APP_STOPPING', 'SERVER_STOPPED']));
    await expect(host.restartVoice()).rejects.toMatchObject({ code: 'host_stopping' });
  });
});

describe('a turn whose page is gone', () => {
  test('is ended by the next page, which gets the saved recording', async () => {
    const host = await start();
    const socket = await connectClient(host);
    socket.send('{"event":"start"}');
    await nextMessage(socket, 'voice_state');
    for (let seq = 0; seq < 10; seq++) socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(320).fill(1000)));
    await nextMessage(socket, 'audio_ack');
    const { session_id } = welcomeOf(socket);
    socket.terminate();
    const ended = await host.handlers.endInterruptedTurn({ session_ids: [session_id] });
    expect(ended).toMatchObject({
      state: 'ended',
      recordings: [{ session_id, duration_s: 0.2, complete: true }],
      failure: null,
    });
    expect(host.activeTurns.turns()).toBe(0);
  });

  test('returns the reason if it could not be written', async () => {
    const host = await start();
    const socket = await connectClient(host);
    socket.send('{"event":"start"}');
    await nextMessage(socket, 'voice_state');
    for (let seq = 0; seq < 10; seq++) socket.send(encodeAudioFrame(seq, seq * 20, new Int16Array(320)));
    await nextMessage(socket, 'audio_ack');
    await vi.waitFor(async () => expect(await readdir(join(dataDir, 'recordings'))).toHaveLength(2));
    await rm(join(dataDir, 'recordings'), { recursive: true });
    socket.close(1001);
    const ended = await host.handlers.endInterruptedTurn({ session_ids: [welcomeOf(socket).session_id] });
    expect(ended).toMatchObject({ state: 'ended', recordings: [] });
    expect(ended.failure).toContain('removed the file');
  });
});
