import { expect, test } from 'vitest';
import { CLOSE } from '../../shared/protocol.ts';
import { fateOfSession } from './session-retention.ts';

const NO_CODE = 1005;

test.each([
  // Who closed, and how        sent,                        received,                 what becomes of it
  ['the connection broke', null, CLOSE.lost, 'keep'],
  ['the client closed without a word', null, NO_CODE, 'keep'],
  ['the client gave up on a frozen connection', null, CLOSE.welcomeUnacknowledged, 'keep'],
  ['the client is done', null, CLOSE.done, 'end'],
  ['the page goes away', null, CLOSE.goingAway, 'end'],
  ['the client can not believe the server', null, CLOSE.protocolError, 'end'],
  ['the server goes away', CLOSE.goingAway, CLOSE.goingAway, 'keep'],
  ['the server goes away, the client is cut', CLOSE.goingAway, CLOSE.lost, 'keep'],
  ['the server goes away while the client says that it is done', CLOSE.goingAway, CLOSE.done, 'end'],
  ['an internal error', CLOSE.internal, CLOSE.internal, 'keep'],
  ['the client does not read', CLOSE.overloaded, CLOSE.lost, 'keep'],
  ['a welcome of a resume was not answered', CLOSE.welcomeUnacknowledged, CLOSE.welcomeUnacknowledged, 'keep'],
  ['struck out', CLOSE.policy, CLOSE.policy, 'end'],
  ['struck out, and the client does not answer the close', CLOSE.policy, CLOSE.lost, 'end'],
  ['struck out, and the client claims something else', CLOSE.policy, 4999, 'end'],
  ['a message that is too large', CLOSE.tooLarge, CLOSE.lost, 'end'],
] as const)('%s (sent %s, received %i): %s', (_, sent, received, fate) => {
  expect(fateOfSession({ sent, received, wasReady: true })).toBe(fate);
  // Who never answered a welcome has nothing to come back to.
  expect(fateOfSession({ sent, received, wasReady: false })).toBe('end');
});
