import { expect, test } from 'vitest';
import { CLOSE } from '../../shared/protocol.ts';
import { shouldRetainSession } from './session-retention.ts';

const NO_CODE = 1005;

test.each([
  // How the connection ended   sent by the server, received, retained
  ['the connection broke', null, CLOSE.lost, true],
  ['the client closed without a code', null, NO_CODE, true],
  ['the client gave up on a frozen connection', null, CLOSE.welcomeUnacknowledged, true],
  ['the client ended the session', null, CLOSE.done, false],
  ['the page was closed', null, CLOSE.goingAway, false],
  ['the client rejected the proof of the server', null, CLOSE.protocolError, false],
  ['the server shuts down', CLOSE.goingAway, CLOSE.goingAway, true],
  ['the server shuts down and terminates the socket', CLOSE.goingAway, CLOSE.lost, true],
  ['the server shuts down while the client ends the session', CLOSE.goingAway, CLOSE.done, false],
  ['an internal error', CLOSE.internal, CLOSE.internal, true],
  ['the client does not read', CLOSE.overloaded, CLOSE.lost, true],
  ['the welcome of a resume was not answered', CLOSE.welcomeUnacknowledged, CLOSE.welcomeUnacknowledged, true],
  ['the strike limit was reached', CLOSE.policy, CLOSE.policy, false],
  ['the strike limit was reached and the client does not answer the close', CLOSE.policy, CLOSE.lost, false],
  ['the strike limit was reached and the client sends another code', CLOSE.policy, 4999, false],
  ['a message that is too large', CLOSE.tooLarge, CLOSE.lost, false],
] as const)(
  'retains a session unless it was ended for good: %s (sent %s, received %i): %s',
  (_, sent, received, kept) => {
    expect(shouldRetainSession({ sentCloseCode: sent, receivedCloseCode: received, wasReady: true })).toBe(kept);
    // A session whose client never answered a welcome is not retained.
    expect(shouldRetainSession({ sentCloseCode: sent, receivedCloseCode: received, wasReady: false })).toBe(false);
  },
);
