import { sign } from '../../shared/client-proof.ts';
import { type ConnectionInfo, signedText } from '../../shared/proof.ts';
import type { Socket } from '../bridge/socket-bridge.ts';

/** Challenge of every fake hello. */
export const CHALLENGE = 'challenge-of-the-hello';

/** A WebSocket for tests that records what is sent. */
export class FakeSocket implements Socket {
  /** All sockets created since the last `reset`, oldest first. */
  static created: FakeSocket[] = [];
  static reset(): void {
    FakeSocket.created = [];
  }
  static get last(): FakeSocket {
    const socket = FakeSocket.created.at(-1);
    if (!socket) throw new Error('no socket was made');
    return socket;
  }

  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readyState = 0;
  readonly sent: { id: number; call: string; args?: unknown }[] = [];
  /** The proofs with which the page answered challenges, in order. */
  readonly answers: string[] = [];
  readonly url: string;
  readonly protocols: string[];

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeSocket.created.push(this);
  }

  send(text: string): void {
    const frame = JSON.parse(text);
    if (frame.event !== 'answer') this.sent.push(frame);
    else if (this.sent.length === 0) this.answers.push(frame.proof);
    else throw new Error('a call came before the answer');
  }
  close(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  /** Opens the socket; the host proves that it knows the secret. */
  open(secret = 'secret'): void {
    this.accept();
    this.receive({ event: 'hello', proof: this.proofOf(secret), challenge: CHALLENGE });
  }
  /** Opens the socket without sending a frame. */
  accept(): void {
    this.readyState = 1;
  }
  /** The host proof of a peer that knows this secret. */
  proofOf(secret: string): string {
    return sign(secret, signedText('host', this.#connection));
  }
  /** The page's expected answer to the challenge of a genuine host. */
  answerOf(secret: string): string {
    return sign(secret, signedText('answer', this.#connection, CHALLENGE));
  }
  get #connection(): ConnectionInfo {
    const { host, pathname: path } = new URL(this.url);
    const nonce = this.protocols[1]?.split('.')[1] ?? '';
    return { path, host, origin: `http://${host}`, nonce };
  }
  receive(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }
  /** Answers the newest call of that name. */
  answer(call: string, value: unknown): void {
    this.receive({ id: this.idOf(call), answer: { ok: true, value } });
  }
  idOf(call: string): number {
    const frame = this.sent.findLast((f) => f.call === call);
    if (!frame) throw new Error(`${call} was not sent`);
    return frame.id;
  }
}
