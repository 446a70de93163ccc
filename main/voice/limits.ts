/**
 * Every bound of the voice server in one table. Each says its unit and why it is what it is;
 * tests and benches may pass other values, the app never does.
 */
export interface Limits {
  /** Connections at once: more than any desk has windows, few enough that each stays cheap. */
  connections: number;
  /** Connections that have not answered the welcome yet: an honest one is ready within milliseconds. */
  pending: number;
  /** Bytes of one message. A frame has 648; 64 KiB leaves room for any text message and none for abuse. */
  payloadBytes: number;
  /** ms for a request's headers and for an upgrade. On loopback they take one. */
  upgradeMs: number;
  /** Bytes of a request's query: two labels of 64 characters and their names fit five times. */
  queryBytes: number;
  /** Malformed or forbidden messages before close 1008. */
  strikes: number;
  /** Frames of one gap: 60 s, twice the audio that a client keeps through an outage. More is a broken peer. */
  gapFrames: number;
  /** Frames between acknowledgements: 200 ms, so that a lost connection leaves little in doubt. */
  ackFrames: number;
  /** Messages held while a session is being set up; a client sends next to nothing before its welcome. */
  setUpMessages: number;
  /** Bytes waiting for a peer that does not read: above it, messages that the next one repeats are dropped. */
  outboundDropBytes: number;
  /** Bytes waiting for a peer that does not read: above it, close 1013. */
  outboundCloseBytes: number;
  /** ms that an overloaded server asks its clients to wait. */
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
  payloadBytes: 64 * 1024,
  upgradeMs: 5_000,
  queryBytes: 1_024,
  strikes: 3,
  gapFrames: 3_000,
  ackFrames: 10,
  setUpMessages: 64,
  outboundDropBytes: 256 * 1024,
  outboundCloseBytes: 1024 * 1024,
  retryAfterMs: 2_000,
  closeMs: 1_000,
  lostSessions: 64,
};
