import { createClientProof } from '../../shared/client-proof.ts';
import { type ClientMessage, type ConnectedMessage, PROTOCOL } from '../../shared/protocol.ts';

/** The handshake of a client that knows the secret. */
interface Handshake {
  secret: string;
  /** The URL of the connection. */
  url: string;
  origin: string;
  /** The request, or its subprotocols. */
  offered: string;
  welcome: Pick<ConnectedMessage, 'session_id' | 'challenge'>;
}

/** The `ready` message of a client that has kept only its request, not its `ClientProof`. */
export function answerWelcome({ secret, url, origin, offered, welcome }: Handshake): ClientMessage {
  const [, nonce = ''] = /auth\.([^.]+)\./.exec(offered) ?? [];
  const proof = createClientProof({ secret, url, origin, protocol: PROTOCOL, nonce }).answer(welcome.challenge);
  return { event: 'ready', session_id: welcome.session_id, proof };
}
