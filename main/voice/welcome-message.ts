import { CHANNELS, FRAME_MS, SAMPLE_RATE } from '../../shared/audio-format.ts';
import { type ConnectedMessage, HEARTBEAT_MS, PROTOCOL, RESUME_WINDOW_MS } from '../../shared/protocol.ts';
import type { ConnectionProof } from '../guard/launch-proofs.ts';

/** The content of a welcome, except for `attempt`: every attempt has the same token, proof and challenge. */
export function welcomeMessage(
  session: { id: string; userId: string; receivedThrough: number },
  { resumed, resumeToken, proof }: { resumed: boolean; resumeToken: string; proof: ConnectionProof },
): Omit<ConnectedMessage, 'attempt'> {
  return {
    event: 'connected',
    session_id: session.id,
    user_id: session.userId,
    protocol: PROTOCOL,
    proof: proof.prove(session.id),
    challenge: proof.challenge,
    resumed,
    resume_token: resumeToken,
    received_through: session.receivedThrough,
    heartbeat_ms: HEARTBEAT_MS,
    resume_window_ms: RESUME_WINDOW_MS,
    audio: { encoding: 'pcm_s16le', sample_rate: SAMPLE_RATE, channels: CHANNELS, frame_ms: FRAME_MS },
  };
}
