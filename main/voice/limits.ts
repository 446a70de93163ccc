/**
 * Every bound of the voice server in one table. Each says its unit and why it is what it is;
 * tests and benches may pass other values, the app never does.
 */
export interface Limits {
  /** Connections at once: more than any desk has windows, few enough that each stays cheap. */
  connections: number;
  /** Connections that have not answered the welcome yet: an honest one is ready within milliseconds. */
  pending: number;
  /** TCP connections that are no WebSocket: metrics, and those that say nothing. One more cuts the oldest. */
  strangers: number;
  /** Bytes of one message. A frame has 648; 64 KiB leaves room for any text message and none for abuse. */
  payloadBytes: number;
  /** Fragments of one message (RFC 6455 section 5.4), and reads of one frame. Our client sends one; a browser splits nothing this small. */
  fragments: number;
  /** WebSocket pings that may wait for their pong to be read; beyond it the connection is cut. */
  pendingPongs: number;
  /** ms from a connection's first moment until its request is whole. On loopback it takes one. */
  upgradeMs: number;
  /** ms between two looks for requests that are over their time, a part of that time: Node's own 30 s would make 5 s mean 35. */
  upgradeCheckMs: number;
  /** Bytes of a request's headers. An honest request has 700. */
  headerBytes: number;
  /** ms without a byte read of an answer over HTTP, until its reader is cut: the figures are 20 KB, which a scraper takes at once. */
  unreadMs: number;
  /** Bytes of a request's query: two labels of 64 characters and their names fit five times. */
  queryBytes: number;
  /** Inbound frames a second of one session, over any length of time: three times real time, which is 50 of 20 ms. */
  inboundPerSecond: number;
  /**
   * Inbound frames of one session at once: a client that comes back sends the 37 s that it kept, which are 1,850, and up to 100
   * messages that tell of the microphone. The rest is for the messages of a mend. Other messages count as frames too, large ones as many.
   */
  inboundBurst: number;
  /** Malformed or forbidden messages before close 1008. */
  strikes: number;
  /**
   * Frames that may be missing at once: 60 s, twice the audio that a client keeps through an outage. More is a broken peer.
   * Over time no more may be missing than may be sent.
   */
  gapFrames: number;
  /** Of these, a session that begins has 1 s: its first frames may be behind an outage, and nothing else is missing yet. */
  gapFirst: number;
  /** Frames between acknowledgements: 200 ms, so that a lost connection leaves little in doubt. */
  ackFrames: number;
  /** Bytes waiting for a peer that does not read: above it, messages that the next one repeats are dropped. */
  outboundDropBytes: number;
  /** Bytes waiting for a peer that does not read: above it, close 1013. */
  outboundCloseBytes: number;
  /** ms that a full or overloaded server asks its clients to wait: about as long as a window takes to be closed. */
  retryAfterMs: number;
  /** ms for a closing handshake; then the socket is cut. On loopback it takes one, and a frozen peer takes for ever. */
  closeMs: number;
  /**
   * Sessions that lost their connection and are kept, each with an open recording at most. Twice as many as there can be
   * connections, so that all of them may be lost and come back while others come and go; beyond it the one lost longest
   * ends.
   */
  lostSessions: number;
}

export const LIMITS: Readonly<Limits> = {
  connections: 32,
  pending: 8,
  strangers: 96,
  payloadBytes: 64 * 1024,
  fragments: 1_024,
  pendingPongs: 60,
  upgradeMs: 5_000,
  upgradeCheckMs: 500,
  headerBytes: 16 * 1024,
  unreadMs: 10_000,
  queryBytes: 1_024,
  inboundPerSecond: 150,
  inboundBurst: 2_000,
  strikes: 3,
  gapFrames: 3_000,
  gapFirst: 50,
  ackFrames: 10,
  outboundDropBytes: 256 * 1024,
  outboundCloseBytes: 1024 * 1024,
  retryAfterMs: 2_000,
  closeMs: 1_000,
  lostSessions: 64,
};
