import type { Socket } from './socket-bridge.ts';

/** A WebSocket for tests: records what is sent, and does what it is told. */
export class FakeSocket implements Socket {
  /** Every socket made since the last `reset`, oldest first. */
  static made: FakeSocket[] = [];
  static reset(): void {
    FakeSocket.made = [];
  }
  static get last(): FakeSocket {
    const socket = FakeSocket.made.at(-1);
    if (!socket) throw new Error('no socket was made');
    return socket;
  }

  onopen: (() => void) | null = null;
  onmessage: ((event: { data: unknown }) => void) | null = null;
  onclose: ((event: { code: number }) => void) | null = null;
  readyState = 0;
  readonly sent: { id: number; call: string; args?: unknown }[] = [];
  readonly url: string;
  readonly protocols: string[];

  constructor(url: string, protocols: string[]) {
    this.url = url;
    this.protocols = protocols;
    FakeSocket.made.push(this);
  }

  send(text: string): void {
    this.sent.push(JSON.parse(text));
  }
  close(code = 1006): void {
    this.readyState = 3;
    this.onclose?.({ code });
  }

  open(): void {
    this.readyState = 1;
    this.onopen?.();
  }
  say(frame: unknown): void {
    this.onmessage?.({ data: typeof frame === 'string' ? frame : JSON.stringify(frame) });
  }
  /** Answers the newest call of that name. */
  answer(call: string, value: unknown): void {
    this.say({ id: this.idOf(call), answer: { ok: true, value } });
  }
  idOf(call: string): number {
    const frame = this.sent.findLast((f) => f.call === call);
    if (!frame) throw new Error(`${call} was not sent`);
    return frame.id;
  }
}
