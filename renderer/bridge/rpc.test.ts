import fc from 'fast-check';
import { expect, test } from 'vitest';
import { BRIDGE_CALLS, BRIDGE_EVENTS, type BridgeCallName, type BridgeEventName } from '../../shared/bridge.ts';
import { busy } from '../../shared/call-limiter.ts';
import { EarshotError } from '../../shared/errors.ts';
import { APP_INFO, NO_HEALTH, record, recording } from '../testing/fakes.ts';
import { setLanguage } from '../text/text.ts';
import { readPayload, unwrap } from './rpc.ts';

const calls = Object.keys(BRIDGE_CALLS) as BridgeCallName[];
const events = Object.keys(BRIDGE_EVENTS) as BridgeEventName[];
const value = fc.oneof(
  fc.anything({ withNullPrototype: true }),
  fc.constantFrom<unknown>(undefined, true, APP_INFO, NO_HEALTH, [record(1)], [recording()], recording()),
);
const answer = fc.oneof(
  value,
  fc.record({ ok: fc.constant(true), value }),
  fc.record({ ok: fc.constant(false), error: fc.oneof(value, fc.record({ code: fc.string(), message: fc.string() })) }),
);

test('property: any answer results in a valid value, the host’s error, or bridge_bad_answer', () => {
  fc.assert(
    fc.property(fc.constantFrom(...calls), answer, (name, input) => {
      try {
        const result = unwrap(name, input);
        expect(BRIDGE_CALLS[name].result.parse(result)).toEqual(result);
      } catch (error) {
        expect(error).toBeInstanceOf(EarshotError);
        const { code } = error as EarshotError;
        const reportedCode = (input as { error?: { code?: unknown } } | null)?.error?.code;
        expect([reportedCode, 'bridge_bad_answer']).toContain(code);
      }
    }),
    { numRuns: 500 },
  );
});

test('property: any payload is either valid or ignored', () => {
  fc.assert(
    fc.property(fc.constantFrom(...events), value, (name, input) => {
      const payload = readPayload(name, input);
      if (payload !== null) expect(BRIDGE_EVENTS[name].parse(payload)).toEqual(payload);
    }),
    { numRuns: 500 },
  );
});

test('the refusal of too many calls is in the language of the window, other errors are the host’s sentences', () => {
  setLanguage({ language: 'de', locale: 'de-DE' });
  expect(() => unwrap('getSettings', busy())).toThrow(/^Dieses Fenster stellt mehr Anfragen/);
  const error = { code: 'disk_full', message: 'Der Datenträger ist voll.' };
  expect(() => unwrap('getSettings', { ok: false, error })).toThrow('Der Datenträger ist voll.');
  setLanguage({ language: 'en', locale: 'en-US' });
});
