import { z } from 'zod';
import {
  BRIDGE_CALLS,
  BRIDGE_EVENTS,
  type Bridge,
  type BridgeArgs,
  type BridgeCallName,
  type BridgeEventName,
  BridgeFailure,
  type BridgePayload,
  type BridgeResult,
  type Unsubscribe,
} from '../../shared/bridge.ts';
import { EarshotError } from '../../shared/errors.ts';
import { text } from '../text/text.ts';

/** The result of a call as sent over a transport. An `undefined` value is absent from JSON. */
export const Answer = z.discriminatedUnion('ok', [
  z.object({ ok: z.literal(true), value: z.unknown().optional() }),
  z.object({ ok: z.literal(false), error: BridgeFailure }),
]);

/**
 * Returns the value of an answer.
 * @throws {EarshotError} with the host's code and message, or `bridge_bad_answer` if the answer violates the contract,
 *   for example from a host of another version
 */
export function unwrap<Name extends BridgeCallName>(name: Name, answer: unknown): BridgeResult<Name> {
  const parsed = Answer.safeParse(answer);
  if (!parsed.success) throw badAnswer(name, parsed.error);
  if (!parsed.data.ok) {
    const { code, message } = parsed.data.error;
    // The preload and the limits of both transports have no texts.
    throw new EarshotError(code, code === 'bridge_busy' ? text.host.busy : message);
  }
  const value = BRIDGE_CALLS[name].result.safeParse(parsed.data.value);
  if (!value.success) throw badAnswer(name, value.error);
  return value.data as BridgeResult<Name>;
}

function badAnswer(name: string, cause: unknown): EarshotError {
  return new EarshotError('bridge_bad_answer', text.host.badAnswer({ call: name }), { cause });
}

/** @returns the event's payload if it is valid, otherwise null */
export function readPayload<Name extends BridgeEventName>(name: Name, payload: unknown): BridgePayload<Name> | null {
  const parsed = BRIDGE_EVENTS[name].safeParse(payload);
  return parsed.success ? (parsed.data as BridgePayload<Name>) : null;
}

/** A transport sends calls and delivers events. */
export interface Transport {
  call<Name extends BridgeCallName>(name: Name, args: BridgeArgs<Name>): Promise<BridgeResult<Name>>;
  listen<Name extends BridgeEventName>(name: Name, listener: (payload: BridgePayload<Name>) => void): Unsubscribe;
}

/** Creates the bridge's functions, one for each name of the contract, over any transport. */
export function bridgeOver({ call, listen }: Transport): Bridge {
  const calls = Object.keys(BRIDGE_CALLS).map((name) => [
    name,
    (args: unknown) => call(name as BridgeCallName, args as BridgeArgs<BridgeCallName>),
  ]);
  const events = Object.keys(BRIDGE_EVENTS).map((name) => [
    name,
    (listener: (payload: unknown) => void) => listen(name as BridgeEventName, listener),
  ]);
  // The keys are those of the contract, and `call` and `listen` are typed by name, but `fromEntries` loses the types.
  return Object.fromEntries([...calls, ...events]) as Bridge;
}
