import { describe, expect, test } from 'vitest';
import { CATALOGUE } from '../../../shared/log-catalogue.ts';
import { fieldsToShow } from './event-fields.ts';

const shown = (event: string, fields: Parameters<typeof fieldsToShow>[1]) =>
  fieldsToShow(event, fields).map(({ name, value }) => `${name} ${value}`);

describe('the fields of an event', () => {
  test('the most important comes first, and the session is left out', () => {
    expect(shown('WS_SEND', { session: 's1', attempt: 3, event: 'connected' })).toEqual([
      'event connected',
      'attempt 3',
    ]);
  });

  test('a close code has its meaning, and keeps its number', () => {
    expect(fieldsToShow('WS_DISCONNECT', { code: 1006 })).toEqual([
      { name: 'code', value: '1006 (it broke without a goodbye)', raw: '1006' },
    ]);
    expect(shown('WARNING', { code: 'ECONNRESET' })).toEqual(['code ECONNRESET']);
  });

  test('numbers have their unit, audio its level in words', () => {
    expect(shown('AUDIO', { session: 's1', frames: 50, seconds: 1, peak_dbfs: -9.5 })).toEqual([
      'peak_dbfs −9.5\u00a0dBFS (good level)',
      'frames 50 (1.0\u00a0s)',
      'seconds 1.0\u00a0s',
    ]);
    expect(shown('MIC_OPENED', { label: '', rate: 48_000 })).toEqual([
      'label the system’s default',
      'rate 48\u00a0kHz',
    ]);
  });

  test('a value that has not the kind its name suggests is shown as it was logged', () => {
    expect(shown('SESSION_RESUMED', { ms: 'soon', through: 12 })).toEqual(['ms soon', 'through 12']);
    expect(shown('OTHER', { constructor: 'x', toString: 'y' })).toEqual(['constructor x', 'toString y']);
  });

  test.each(Object.keys(CATALOGUE))('%s: every field is shown once', (event) => {
    const fields = { session: 's', type: 't', code: 1000, why: 'w', seconds: 2, label: 'l', zeta: true };
    const names = fieldsToShow(event, fields).map(({ name }) => name);
    expect(names.toSorted()).toEqual(['code', 'label', 'seconds', 'type', 'why', 'zeta']);
  });
});
