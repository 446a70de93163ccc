import fc from 'fast-check';
import { expect, test } from 'vitest';
import { type Log, type LogRecord, logFor } from '../../shared/log-event.ts';
import { DEFAULT_SETTINGS } from '../../shared/settings.ts';
import { createVoiceMetrics } from '../health/metrics.ts';
import { createLogBus } from '../log/bus.ts';
import { DIAGNOSTIC_LINES, type Diagnostics, diagnosticsText } from './diagnostics.ts';

const TOKEN = 'Zm9vYmFyYmF6cXV4Zm9vYmFyYmF6cXV4Zm9vYmFyYmF';
const line = (seq: number, detail: string): LogRecord => ({
  seq,
  time: 1_700_000_000_000 + seq,
  side: 'app',
  level: 'info',
  event: 'WARNING',
  fields: { detail },
});
const facts: Diagnostics = {
  versions: { Earshot: '1.2.3', Electron: '45.4.1' },
  packaged: true,
  settings: {
    ...DEFAULT_SETTINGS,
    microphone_id: 'c0ffee',
    output_id: 'b0ba',
    output_label: "Ann's headphones",
    user_id: 'ann-of-the-hill',
    shortcut: 'F8',
  },
  desktop: { shortcut: 'on', login: 'off', update: { state: 'none' }, why_no_updates: 'not_signed' },
  health: createVoiceMetrics().health(),
  log: [{ ...line(1, ''), event: 'APP_STARTED', fields: { version: '1.2.3' } }],
};
const hidden = { secrets: [TOKEN], home: '/home/ann' };

test('a report contains versions, settings, state, health and the log', () => {
  const text = diagnosticsText(facts, hidden);
  const [head, log] = text.split('\n\n');
  expect(head?.split('\n')).toEqual([
    'Earshot: 1.2.3',
    'Electron: 45.4.1',
    'Packaged: yes',
    expect.stringContaining('"shortcut":"F8"'),
    'Desktop: {"shortcut":"on","login":"off","update":{"state":"none"},"why_no_updates":"not_signed"}',
    expect.stringContaining('"totals":'),
  ]);
  expect(log).toBe('2023-11-14T22:13:20.001Z app info 🚀 APP_STARTED | version=1.2.3\n');
});

test('a report contains neither the microphone’s name nor the user’s label', () => {
  const text = diagnosticsText(facts, hidden);
  for (const name of ['c0ffee', 'b0ba', 'headphones', 'ann-of-the-hill', 'microphone_id', 'user_id'])
    expect(text).not.toContain(name);
});

/** The log lines of these events in the report of a user whose label is `me`. */
function logged(...events: Parameters<Log>[]): string[] {
  const bus = createLogBus();
  const log = logFor('client', bus.append);
  for (const event of events) log(...event);
  bus.flush();
  const text = diagnosticsText({ ...facts, log: bus.history() }, hidden);
  const lines = text.trimEnd().split('\n\n')[1]?.split('\n') ?? [];
  return lines.map((line) => line.replace(/^\S+ client \w+ /, ''));
}

test('the log in a report contains everything except the user’s label and the microphone’s name', () => {
  const url = 'ws://127.0.0.1:40123/ws/voice?user_id=me&session_id=me-1';
  expect(
    logged(
      ['WS_CONNECT', { session: 'me-1', user: 'me', resumed: true }],
      ['WS_CONNECT', { session: 'me-1', user: 'me' }],
      ['WS_CONNECTING', { url }],
      ['WARNING', { type: 'socket_error', detail: `no answer from ${url}`, user_name: 'me' }],
      ['MIC_OPENED', { label: "Ann's AirPods", rate: 48_000 }],
      ['MIC_OPENED', { label: '', rate: 44_100 }],
      ['MIC_STATE', { status: 'muted', label: "Ann's AirPods", instead_of: 'Desk | of Ann' }],
      ['MIC_CHANGED', { label: 'Desk of Ann', instead_of: "Ann's AirPods", why: 'unplugged' }],
      ['WS_RECV', { event: 'connected', session: 'me-1' }],
    ),
  ).toEqual([
    '🔌 WS_CONNECT | session=me-1 | user=[hidden] | resumed=true',
    '🔌 WS_CONNECT | session=me-1 | user=[hidden]',
    '📡 Connecting to ws://127.0.0.1:40123/ws/voice?user_id=[hidden]&session_id=me-1',
    '⚠️ WARNING | type=socket_error | detail=no answer from ws://127.0.0.1:40123/ws/voice?user_id=[hidden]&session_id=me-1 | user_name=me',
    '🎤 MIC_OPENED | label=[hidden] | rate=48000',
    '🎤 MIC_OPENED | label=[hidden] | rate=44100',
    '🎤 MIC_STATE | status=muted | label=[hidden] | instead_of=[hidden]',
    '🎤 Listening with [hidden] instead of [hidden] (unplugged)',
    '📥 WS_RECV | event=connected | session=me-1',
  ]);
});

test('property: a log line in a report is the same for every microphone name', () => {
  const part = fc.oneof(fc.string(), fc.constantFrom(' | ', 'rate=1', 'label=', '\n', '$&', '=', ' '));
  fc.assert(
    fc.property(fc.array(part, { maxLength: 12 }), (parts) => {
      const label = parts.join('');
      expect(logged(['MIC_OPENED', { label, rate: 48_000 }])).toEqual(['🎤 MIC_OPENED | label=[hidden] | rate=48000']);
    }),
  );
});

test('a report contains only the newest lines of a long log', () => {
  const log = Array.from({ length: 10_000 }, (_, i) => line(i, `line ${i}`));
  const lines =
    diagnosticsText({ ...facts, log }, hidden)
      .trimEnd()
      .split('\n\n')[1]
      ?.split('\n') ?? [];
  expect(lines).toHaveLength(DIAGNOSTIC_LINES);
  expect(lines.at(-1)).toMatch(/line 9999$/);
});

test.each([
  ['/home/ann', 'EACCES: /home/ann/data/window.json', 'EACCES: ~/data/window.json'],
  ['/Users/Ann Ö', 'file:///Users/Ann%20%C3%96/x and /users/ann ö/y', 'file://~/x and ~/y'],
  [
    'C:\\Users\\ann',
    'C:\\Users\\Ann\\x {"path":"c:\\\\Users\\\\ann\\\\y"} C:/Users/ann/z',
    '~\\x {"path":"~\\\\y"} ~/z',
  ],
  ['/home/a.b+(c)', '/home/a.b+(c)/x /home/aXb+(c)', '~/x /home/aXb+(c)'],
  ['/home/ann/', '/home/ann/x', '~/x'],
])('the home folder %s is replaced with ~ in every spelling', (home, text, expected) => {
  expect(diagnosticsText({ ...facts, log: [line(1, text)] }, { ...hidden, home })).toContain(`detail=${expected}\n`);
});

test.each(['/', 'C:\\', ''])('a home folder that is a whole disk (%j) is not replaced', (home) => {
  const text = diagnosticsText({ ...facts, log: [line(1, '/etc/x C:\\y')] }, { ...hidden, home });
  expect(text).toContain('/etc/x C:\\y');
});

const name = fc.stringMatching(/^[A-Za-z0-9 ._äß$()[\]{}^+*?|-]{2,20}$/).filter((text) => /\w/.test(text));
const home = fc.oneof(
  name.map((user) => `/home/${user}`),
  name.map((user) => `/Users/${user}`),
  name.map((user) => `C:\\Users\\${user}`),
);
const token = fc.stringMatching(/^[A-Za-z0-9_-]{43}$/);

test('property: a report never contains a secret or the home folder', () => {
  fc.assert(
    fc.property(home, token, fc.array(fc.string(), { maxLength: 5 }), fc.string(), (folder, secret, texts, between) => {
      const hostileText = [...texts, folder, secret, `${secret}${folder}`, `${folder}${between}${secret}`].join(
        between,
      );
      const text = diagnosticsText(
        {
          ...facts,
          versions: { Earshot: hostileText },
          settings: { ...facts.settings, shortcut: hostileText },
          desktop: { ...facts.desktop, update: { state: 'failed', message: hostileText } },
          log: [line(1, hostileText)],
        },
        { secrets: [secret], home: folder },
      );
      expect(text).not.toContain(secret);
      expect(text.toLowerCase()).not.toContain(folder.toLowerCase());
      expect(text).not.toContain(JSON.stringify(folder).slice(1, -1));
    }),
  );
});
