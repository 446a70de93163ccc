import WebSocket from 'ws';
import { CHANNELS, FRAME_MS, SAMPLE_RATE } from '../shared/audio-format.ts';
import { type ClientProof, createClientProof } from '../shared/client-proof.ts';
import { type ConnectedMessage, HEARTBEAT_MS, PROTOCOL, VOICE_PATH } from '../shared/protocol.ts';

/** Sent to every server, even to those that ignore it, so that all of them get the same request. */
export const TOKEN = 'bench-token-0123456789abcdefghijklmnopqrstuv';
export const ORIGIN = 'http://127.0.0.1:1';

const proofs = new WeakMap<WebSocket, ClientProof>();

/** Opens a socket to the voice endpoint on this port, as Earshot's client does. */
export function openSocket(port: number): WebSocket {
  const url = `ws://127.0.0.1:${port}${VOICE_PATH}`;
  const proof = createClientProof({ secret: TOKEN, url, origin: ORIGIN, protocol: PROTOCOL });
  const socket = new WebSocket(`${url}?user_id=bench`, proof.protocols, { origin: ORIGIN });
  proofs.set(socket, proof);
  return socket;
}

/** Answers the welcome that arrived on a socket of `openSocket`. */
export function sendReady(socket: WebSocket, { session_id, challenge }: ConnectedMessage): void {
  socket.send(JSON.stringify({ event: 'ready', session_id, proof: proofs.get(socket)?.answer(challenge) }));
}

/** A welcome of the same length as Earshot's, for the other servers. */
export const SAMPLE_WELCOME: ConnectedMessage = {
  event: 'connected',
  session_id: 'x'.repeat(16),
  user_id: 'bench',
  protocol: PROTOCOL,
  proof: 'x'.repeat(43),
  challenge: 'x'.repeat(22),
  attempt: 1,
  resumed: false,
  resume_token: 'x'.repeat(43),
  received_through: -1,
  heartbeat_ms: HEARTBEAT_MS,
  resume_window_ms: 0,
  audio: { encoding: 'pcm_s16le', sample_rate: SAMPLE_RATE, channels: CHANNELS, frame_ms: FRAME_MS },
};
