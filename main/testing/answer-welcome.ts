import { createClientProof } from '../../shared/client-proof.ts';
import { type ClientMessage, type ConnectedMessage, PROTOCOL } from '../../shared/protocol.ts';

/** What a client offered, and heard; it knows the secret. */
interface Handshake {
  secret: string;
  /** As it was connected to. */
  url: string;
  origin: string;
  /** The request, or the subprotocols in it. */
  offered: string;
  welcome: Pick<ConnectedMessage, 'session_id' | 'challenge'>;
}

/** For tests: the `ready` of a client that writes its requests by hand, and has kept no more than what it wrote. */
export function answerWelcome({ secret, url, origin, offered, welcome }: Handshake): ClientMessage {
  const [, nonce = ''] = /auth\.([^.]+)\./.exec(offered) ?? [];
  const proof = createClientProof({ secret, url, origin, protocol: PROTOCOL, nonce }).answer(welcome.challenge);
  return { event: 'ready', session_id: welcome.session_id, proof };
}
