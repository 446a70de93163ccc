import WebSocket from 'ws';
import { CHANNELS, FRAME_MS, SAMPLE_RATE } from '../shared/audio-format.ts';
import { createClientProof } from '../shared/client-proof.ts';
import { type ConnectedMessage, HEARTBEAT_MS, PROTOCOL, VOICE_PATH } from '../shared/protocol.ts';

/** What every server of a bench is asked with, also those that don't look at it: the same request for all. */
export const TOKEN = 'bench-token-0123456789abcdefghijklmnopqrstuv';
export const ORIGIN = 'http://127.0.0.1:1';

/** A socket to the voice endpoint on this port, as Earshot's own client opens it. */
export function openSocket(port: number): WebSocket {
  const url = `ws://127.0.0.1:${port}${VOICE_PATH}`;
  const { protocols } = createClientProof({ secret: TOKEN, url, origin: ORIGIN, protocol: PROTOCOL });
  return new WebSocket(`${url}?user_id=bench`, protocols, { origin: ORIGIN });
}

/** A welcome of the length of Earshot's, for servers that have nothing to say in it. */
export const SAMPLE_WELCOME: ConnectedMessage = {
  event: 'connected',
  session_id: 'x'.repeat(16),
  user_id: 'bench',
  protocol: PROTOCOL,
  proof: 'x'.repeat(43),
  attempt: 1,
  resumed: false,
  resume_token: 'x'.repeat(43),
  received_through: -1,
  heartbeat_ms: HEARTBEAT_MS,
  resume_window_ms: 0,
  audio: { encoding: 'pcm_s16le', sample_rate: SAMPLE_RATE, channels: CHANNELS, frame_ms: FRAME_MS },
};
