/**
 * All limits of the voice server, with their units and reasons. Only tests and benchmarks override them.
 */
export interface Limits {
  /** Concurrent connections: more than a user has windows, few enough to stay cheap. */
  connections: number;
  /** Connections that have not answered the welcome yet. A regular client answers within milliseconds. */
  pending: number;
  /** TCP connections that are not WebSockets: metrics requests and idle connections. Beyond it the oldest is closed. */
  idleConnections: number;
  /** Bytes per message. An audio frame has 648; 64 KiB is ample for any text message. */
  payloadBytes: number;
  /** Fragments per message (RFC 6455 section 5.4) and reads per frame. Browsers don't fragment messages this small. */
  fragments: number;
  /** Unread pongs per connection; beyond it the connection is closed. */
  pendingPongs: number;
  /** ms from the TCP connection until the request must be complete. On loopback this takes 1 ms. */
  upgradeMs: number;
  /**
   * ms between checks for overdue requests; included in `upgradeMs`. Node's default, 30 s, would turn 5 s into 35 s.
   */
  upgradeCheckMs: number;
  /** Bytes of a request's headers. A regular request has 700. */
  headerBytes: number;
  /** ms without progress in sending an HTTP response until the connection is closed. The metrics are only 20 KB. */
  responseStallMs: number;
  /** Bytes of a request's query: five times what two ids of 64 characters and their names need. */
  queryBytes: number;
  /** Inbound frames per second and session, in the long run: three times real time (50 frames of 20 ms). */
  inboundPerSecond: number;
  /**
   * Inbound frames per session in one burst. A client that reconnects sends up to 37 s of buffered audio (1,850 frames)
   * and up to 100 microphone messages; the rest is for the messages of the resume itself. Every message counts as at
   * least one frame, a large one as several.
   */
  inboundBurst: number;
  /** Malformed or forbidden messages before close 1008. */
  strikes: number;
  /**
   * Longest gap in frames: 60 s, about twice what a client buffers during an outage. In the long run, missing frames
   * are limited to `inboundPerSecond`.
   */
  gapFrames: number;
  /** Longest gap in frames at the start of a session: 1 s, for frames lost in an outage right at the beginning. */
  gapFirst: number;
  /** Frames between acknowledgements: 200 ms, so little has to be resent after a lost connection. */
  ackFrames: number;
  /** Unsent bytes per connection above which replaceable messages (acknowledgements and pongs) are dropped. */
  outboundDropBytes: number;
  /** Unsent bytes per connection above which it is closed with 1013. */
  outboundCloseBytes: number;
  /** ms that clients are told to wait when the server is full or overloaded: about the time to close a window. */
  retryAfterMs: number;
  /** ms for the closing handshake; then the socket is terminated. On loopback this takes 1 ms. */
  closeMs: number;
  /**
   * Lost sessions that are kept, each with at most one open recording. Twice the number of connections, so all of them
   * can be lost and resumed while new ones come and go. Beyond it the session lost first ends.
   */
  lostSessions: number;
}

export const LIMITS: Readonly<Limits> = {
  connections: 32,
  pending: 8,
  idleConnections: 96,
  payloadBytes: 64 * 1024,
  fragments: 1_024,
  pendingPongs: 60,
  upgradeMs: 5_000,
  upgradeCheckMs: 500,
  headerBytes: 16 * 1024,
  responseStallMs: 10_000,
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
