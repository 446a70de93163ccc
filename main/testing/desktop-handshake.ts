import { createClientProof } from '../../shared/client-proof.ts';
import { type ClientMessage, type ConnectedMessage, PROTOCOL } from '../../shared/protocol.ts';
import { answerWelcome } from './answer-welcome.ts';

interface VoiceHost {
  token: string;
  voiceUrl(): string | null;
}
/** Origin of the desktop app's page. */
const ORIGIN = 'earshot://app';

/** The subprotocols that the desktop app's page offers to a host's voice server. */
export function offerFor(host: VoiceHost, resumeToken?: string): string[] {
  const { token: secret } = host;
  const url = host.voiceUrl() ?? '';
  return createClientProof({ secret, url, origin: ORIGIN, protocol: PROTOCOL, resumeToken }).protocols;
}

/** The `ready` message of a client with these subprotocols after this welcome. */
export function readyFor(
  host: VoiceHost,
  offered: readonly string[],
  welcome: Pick<ConnectedMessage, 'session_id' | 'challenge'>,
): ClientMessage {
  const url = host.voiceUrl() ?? '';
  return answerWelcome({ secret: host.token, url, origin: ORIGIN, offered: offered.join(), welcome });
}
