import { once } from 'node:events';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import type { Duplex } from 'node:stream';
import { type RawData, type WebSocket, WebSocketServer } from 'ws';
import { createLaunchProofs } from '../../main/guard/launch-proofs.ts';
import { hostProof, isHostProofRequest } from '../../main/web/host-proof.ts';
import { BRIDGE_PATH } from '../../shared/bridge.ts';
import { sign } from '../../shared/client-proof.ts';
import { signedText } from '../../shared/proof.ts';
import { PROTOCOL, VOICE_PATH } from '../../shared/protocol.ts';

/**
 * Another program on the ports of a host that has ended. It implements the protocol as far as possible without the
 * launch secret, sends microphone commands, and records everything that clients send to it.
 */
export interface FakeHost {
  /** Every request and every message, as text; binary messages in hexadecimal. */
  readonly received: string[];
  /** The number of WebSocket upgrade requests for this path. */
  upgrades(path: string): number;
  /** The number of messages on all sockets. */
  readonly messages: number;
  close(): Promise<void>;
}

export interface FakeHostOptions {
  /** The secret with which it signs proofs. Default: one that no launch has used. */
  secret?: string;
  /** Answers host proof requests in Earshot's format. Default: it answers every request with its own page. */
  imitatesHost?: boolean;
  /** Never answers upgrade requests for the voice server. */
  ignoresVoice?: boolean;
}

const CHALLENGE = 'c'.repeat(22);

/**
 * Served instead of each of the page's scripts. If it ran as the capture worker, it would get the audio, and its
 * requests would appear in `received`.
 */
const MALICIOUS_SCRIPT = `
  fetch('/malicious-script-runs').catch(() => undefined);
  onmessage = async ({ data, ports }) => {
    const read = async ({ readable }) => {
      for (const pieces = readable.getReader(); ; ) {
        const { value, done } = await pieces.read();
        if (done) return;
        fetch('/audio?samples=' + value.numberOfFrames);
        value.close();
      }
    };
    if (data.readable) void read(data);
    if (data instanceof MessagePort) data.onmessage = ({ data }) => data.readable && read(data);
  };
`;

/** @param address the ports of the host that has ended; without `pagePort`, only the voice server's port is taken */
export async function startFakeHost(
  address: { pagePort?: number; voicePort: number; origin: string },
  { secret = 'a secret of its own', imitatesHost = false, ignoresVoice = false }: FakeHostOptions = {},
): Promise<FakeHost> {
  const { pagePort, voicePort, origin } = address;
  // A real attacker learns the host name from the first request.
  const { hostname } = new URL(origin);
  const received: string[] = [];
  const upgradePaths: string[] = [];
  const ignoredSockets: Duplex[] = [];
  let messages = 0;
  const sockets = new WebSocketServer({ noServer: true, handleProtocols: ([first]: Set<string>) => first ?? false });

  function onUpgrade(request: IncomingMessage, port: number, socket: WebSocket): void {
    const url = new URL(request.url ?? '/', `ws://${hostname}:${port}`);
    const [, nonce = '', clientProof = ''] =
      /auth\.([^.,]*)\.?([^,\s]*)/.exec(request.headers['sec-websocket-protocol'] ?? '') ?? [];
    const signProof = (subject?: string) =>
      sign(secret, signedText('host', { path: url.pathname, host: url.host, origin, nonce }, subject));
    const send = (message: object) => socket.send(JSON.stringify(message));
    socket.on('error', () => undefined);
    socket.on('message', (data: RawData, isBinary) => {
      messages += 1;
      received.push(isBinary ? (data as Buffer).toString('hex') : String(data));
    });
    if (url.pathname === BRIDGE_PATH) {
      // Try one after the other: its own proof, the client's proof sent back, and no proof.
      if (upgradePaths.length % 3 === 0) send({ event: 'hello', proof: signProof(), challenge: CHALLENGE });
      if (upgradePaths.length % 3 === 1) send({ event: 'hello', proof: clientProof, challenge: CHALLENGE });
      const address = { url: `ws://${hostname}:${voicePort}${VOICE_PATH}`, token: secret, accepting: true };
      send({ event: 'onVoiceAddress', payload: address });
      for (const payload of ['start', 'toggle']) send({ event: 'onMicCommand', payload });
      return;
    }
    const sessionId = url.searchParams.get('session_id') ?? 'a-session-of-its-own';
    send({
      event: 'connected',
      session_id: sessionId,
      user_id: url.searchParams.get('user_id') ?? 'me',
      protocol: PROTOCOL,
      proof: upgradePaths.length % 2 === 0 ? signProof(sessionId) : clientProof,
      challenge: CHALLENGE,
      attempt: 1,
      resumed: url.searchParams.has('session_id'),
      resume_token: 'r'.repeat(43),
      received_through: 0,
      heartbeat_ms: 15_000,
      resume_window_ms: 30_000,
      audio: { encoding: 'pcm_s16le', sample_rate: 16_000, channels: 1, frame_ms: 20 },
    });
    send({ event: 'voice_state', session_id: sessionId, state: 'listening' });
    send({ event: 'audio_ack', session_id: sessionId, through: 1_000 });
  }

  function serve(port: number): Server {
    const server = createServer((request, response) => {
      received.push(`${request.method} ${request.url}`, request.rawHeaders.join('\n'));
      const url = request.url ?? '/';
      if (imitatesHost && isHostProofRequest(url)) {
        response
          .setHeader('Content-Type', 'application/json')
          .end(JSON.stringify(hostProof(url, { host: `127.0.0.1:${port}`, origin }, createLaunchProofs(secret))));
      } else if (/\.js$/.test(url)) {
        response.setHeader('Content-Type', 'text/javascript').end(MALICIOUS_SCRIPT);
      } else response.setHeader('Content-Type', 'text/html').end('<!doctype html><title>Not Earshot</title>');
    });
    server.on('upgrade', (request, socket, head) => {
      received.push(`${request.method} ${request.url}`, request.rawHeaders.join('\n'));
      upgradePaths.push(request.url?.split('?')[0] ?? '');
      if (ignoresVoice && upgradePaths.at(-1) === VOICE_PATH)
        return void ignoredSockets.push(socket.on('error', () => undefined));
      sockets.handleUpgrade(request, socket, head, (webSocket) => onUpgrade(request, port, webSocket));
    });
    server.listen(port, '127.0.0.1');
    return server;
  }

  const servers = (pagePort === undefined ? [voicePort] : [pagePort, voicePort]).map(serve);
  await Promise.all(servers.map((server) => once(server, 'listening')));
  return {
    received,
    upgrades: (path) => upgradePaths.filter((other) => other === path).length,
    get messages() {
      return messages;
    },
    async close() {
      for (const socket of sockets.clients) socket.terminate();
      for (const socket of ignoredSockets) socket.destroy();
      await Promise.all(
        servers.map((server) => {
          const closed = once(server, 'close');
          server.close();
          server.closeAllConnections();
          return closed;
        }),
      );
    },
  };
}
