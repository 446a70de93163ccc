import { createClientProof } from '../../shared/client-proof.ts';
import { PROTOCOL } from '../../shared/protocol.ts';

/** The subprotocols that an honest client of the desktop app's page offers to the voice server of a host. */
export function offerFor(host: { token: string; voiceUrl(): string | null }, resumeToken?: string): string[] {
  const { token: secret } = host;
  const url = host.voiceUrl() ?? '';
  return createClientProof({ secret, url, origin: 'earshot://app', protocol: PROTOCOL, resumeToken }).protocols;
}
