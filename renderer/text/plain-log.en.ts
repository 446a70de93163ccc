import { formatCount, formatSeconds } from './format.ts';

/** The fields of an event, by name. */
export type PlainFields = Readonly<Record<string, string | number | boolean>>;

/** What a sentence is made from. */
export interface PlainEvent {
  side: 'server' | 'client' | 'app';
  fields: PlainFields;
  /** The title of a problem in the user's language; null if `type` names none. */
  problem(type: string): string | null;
}

/** An event as a sentence; null: not shown in the plain log. */
export type PlainSentence = (event: PlainEvent) => string | null;

/** Types a catalogue of sentences by the names of its events. */
export function plainSentences<Name extends string>(
  sentences: Record<Name, PlainSentence | null>,
): Record<Name, PlainSentence | null> {
  return sentences;
}

/** Changes of settings that the window makes by itself. */
const OWN_SETTINGS: ReadonlySet<string> = new Set(['log_open', 'first_steps_done']);

/** Whether the user has changed a setting. */
export function changedByUser({ names }: PlainFields): boolean {
  return String(names ?? '')
    .split(',')
    .some((name) => !OWN_SETTINGS.has(name));
}

/** A field as a number; `missing` if it is none, as in a file that was changed. */
export function numberOf(fields: PlainFields, name: string, missing = 0): number {
  const value = Number(fields[name] ?? Number.NaN);
  return Number.isFinite(value) ? value : missing;
}

/** The field `seconds` as a length of time. */
export function lengthOf(fields: PlainFields): string {
  return formatSeconds(numberOf(fields, 'seconds'));
}

/** The field `ms` as a length of time. */
export function secondsOf(fields: PlainFields): string {
  return formatSeconds(numberOf(fields, 'ms') / 1000);
}

/** The field `ms` as a wait; null: less than a tenth of a second. */
export function waitOf(fields: PlainFields): string | null {
  return numberOf(fields, 'ms') < 100 ? null : secondsOf(fields);
}

/** A field as text; empty if it is missing. */
export function wordsOf(fields: PlainFields, name: string): string {
  return String(fields[name] ?? '');
}

/** A field as a counted number. */
export function countOf(fields: PlainFields, name: string): string {
  return formatCount(numberOf(fields, name));
}

const one = (fields: PlainFields, name: string) => Number(fields[name]) === 1;

/** What a WebSocket close code means, as the end of a sentence that begins with "The connection ended:". */
const closeCodes: Record<number, string> = {
  1000: 'it was no longer needed',
  1001: 'the other side went away',
  1002: 'a message broke the protocol',
  1005: 'no reason was given',
  1006: 'it broke without a goodbye',
  1007: 'a message was not valid text',
  1008: 'a rule was broken',
  1009: 'a message was too large',
  1011: 'the server had an internal error',
  1012: 'the server restarted',
  1013: 'the server had too much to do',
  4400: 'the server confirmed sound that was never sent',
  4408: 'the welcome was not answered',
  4409: 'a newer connection took over',
  4410: 'there was no session to continue',
};

/** Why a request was refused, by the log's `why`, as the end of a sentence that begins with "refused:". */
const refusals: Record<string, string> = {
  origin: 'it came from a page that is not Earshot’s',
  host: 'it used another name for this computer',
  address: 'it came from another computer',
  proof: 'the key was wrong',
  token: 'the key was wrong',
  'nonce used': 'the key was used before',
  'retired token': 'it used an old way to log in',
  full: 'there is no room for another connection',
  'too many connections': 'there is no room for another connection',
  'not running': 'the server is not running',
  'nothing to resume': 'there was no session to continue',
  'too many cookies': 'the browser sent too many cookies',
  'headers too large': 'the browser sent too many cookies',
  'too slow': 'it was not complete in time',
};

const problems: Record<string, string> = {
  peer_silent: 'The other side has been silent for too long, so the connection was closed.',
  flood: 'Too much was sent at once, so the connection was closed.',
  no_voice_server: 'There is no voice server to connect to.',
  internal_error: 'The server made an error and closed the connection.',
  send_connected_failed: 'The welcome was not answered three times, so the connection was closed.',
  update_failed: 'The update failed.',
  download_failed: 'A file could not be saved.',
  window_unresponsive: 'A window does not respond.',
  window_process_gone: 'A window stopped working.',
  shortcut_refused: 'The system did not accept the shortcut.',
  command_reply_failed: 'A command of another program could not be answered.',
  window_load_failed: 'A window could not load its page.',
  window_ended: 'A window sent too much or something unreadable, so it was closed.',
  window_not_reading: 'A window did not take its messages, so it was disconnected.',
  bridge_call_failed: 'A window asked for something that could not be done.',
  bridge_refused: 'A request that did not come from Earshot’s page was refused.',
  bridge_socket: 'The connection between a tab and Earshot had an error.',
  login_item_not_changed: 'The start at login could not be changed.',
  window_state_not_saved: 'The size of the window could not be saved.',
  overlay_failed: 'The small window could not be shown.',
  overlay_position_not_saved: 'The position of the small window could not be saved.',
  download_refused: 'A download that Earshot did not start was refused.',
  no_tray: 'The icon in the tray may not be visible on this desktop.',
  microphone: 'The microphone had an error.',
  microphone_settings_not_opened: 'The system’s microphone settings could not be opened.',
  process_gone: 'A process of Earshot ended unexpectedly.',
  request_blocked: 'A request to another computer was blocked.',
  switches_refused: 'Options that would make Earshot less secure were ignored.',
  first_steps: 'The first steps could not be shown again.',
  numeric_address: 'The page has a numeric address, so what other local servers left in the browser may reach it.',
  listener_failed: 'A server of Earshot had an error.',
  server_restart_failed: 'A server of Earshot could not be restarted yet.',
  voice_port_lost: 'The voice server could not use its port again.',
  socket_error: 'A connection had an error.',
  upgrade_failed: 'A connection could not be accepted.',
  no_socket: 'The connection could not be opened.',
  no_voice_address: 'The address of the voice server could not be read.',
  unreadable_message: 'A message of the server could not be read.',
  impossible_welcome: 'The server’s welcome did not fit this session, so it was not used.',
  impossible_ack: 'The server confirmed audio that was never sent, so the connection was closed.',
  metrics_failed: 'The health figures could not be read by another program.',
  notify_failed: 'A window could not be told about a change.',
  uncaught_exception: 'Earshot had an unexpected error.',
  unhandled_rejection: 'Earshot had an unexpected error.',
};

/** The sentence of an error or a warning: by its type, else its own words. */
export function problemSentence(known: Readonly<Record<string, string>>, { fields, problem }: PlainEvent): string {
  const type = wordsOf(fields, 'type');
  return problem(type) ?? known[type] ?? (wordsOf(fields, 'detail') || type.replaceAll('_', ' '));
}

const microphoneStates: Record<string, string> = {
  muted: 'The system has muted the microphone.',
  muted_in_app: 'The microphone is muted in Earshot.',
  stalled: 'The microphone delivers nothing.',
  silent: 'The microphone delivers only silence.',
  noise: 'The microphone delivers only noise.',
};

/**
 * The plain log in English: a sentence for each event that a person wants to know about, else null. What both sides log
 * is told once. The events are those of `shared/log-catalogue.ts`.
 */
export const plainLogEn = {
  closeCodes,
  otherCloseCode: ({ code }: { code: number }) => `code ${code}`,
  refusals,
  sentences: plainSentences({
    APP_STARTED: ({ fields }) => `Earshot ${wordsOf(fields, 'version')} was started.`,
    APP_STOPPING: () => 'Earshot is closing.',
    SITE_DATA_CLEARED: () => 'Old data of Earshot’s page was cleared from a browser.',
    SETTINGS_CHANGED: ({ fields }) => (changedByUser(fields) ? 'Settings were changed.' : null),
    APP_COMMAND: ({ fields }) => `A command was received: --${wordsOf(fields, 'command')}.`,
    WINDOW_OPENED: ({ fields }) => (fields.shell === 'tab' ? 'A tab was opened.' : 'A window was opened.'),
    WINDOW_CLOSED: ({ fields }) => (fields.shell === 'tab' ? 'A tab was closed.' : 'A window was closed.'),
    AUDIO_RESTARTED: () => 'No sound device was found, so Earshot’s audio was restarted.',
    LOG_DROPPED: ({ fields }) =>
      one(fields, 'count')
        ? 'An event could not be logged.'
        : `${countOf(fields, 'count')} events could not be logged.`,
    LOG_RESUMED: ({ fields }) =>
      `The log file is written again. It lacks ${countOf(fields, 'lines_left_out')} ${one(fields, 'lines_left_out') ? 'line' : 'lines'}.`,
    RECORDING_REPAIRED: ({ fields }) => `A recording that was cut off earlier was repaired: ${lengthOf(fields)}.`,
    RECORDINGS_DELETED: ({ fields }) =>
      one(fields, 'recordings')
        ? 'A recording was deleted.'
        : `${countOf(fields, 'recordings')} recordings were deleted.`,
    RECORDINGS_RESTORED: ({ fields }) =>
      one(fields, 'recordings')
        ? 'A deleted recording was restored.'
        : `${countOf(fields, 'recordings')} deleted recordings were restored.`,
    RECORDINGS_EXPIRED: ({ fields }) =>
      one(fields, 'recordings')
        ? 'An old recording was deleted, as the settings say.'
        : `${countOf(fields, 'recordings')} old recordings were deleted, as the settings say.`,
    RECORDING_IMPORTED: ({ fields }) => `A file was imported: ${lengthOf(fields)}.`,
    RECORDINGS_MOVED: () => 'The recordings were moved to another folder.',
    RECORDING_TRIMMED: ({ fields }) => `A recording was trimmed to ${lengthOf(fields)}.`,
    HEALTH_WARNING: ({ fields }) =>
      `Connecting is difficult: ${countOf(fields, 'percent')}% of the last ${countOf(fields, 'connections')} connections needed another attempt.`,
    HEALTH_RECOVERED: () => 'Connecting works well again.',
    WS_SEND: null,
    WS_RECV: null,
    WS_DISCONNECT: ({ side, fields }) =>
      side === 'client'
        ? `The connection ended: ${closeCodes[numberOf(fields, 'code', 1005)] ?? `code ${fields.code}`}.`
        : null,
    AUDIO: null,
    ERROR: (event) => problemSentence(problems, event),
    WARNING: (event) => problemSentence(problems, event),
    SERVER_STARTED: () => 'The voice server is running.',
    SERVER_STOPPED: () => 'The voice server was stopped.',
    SERVER_FAILED: () => 'A server of Earshot can’t be reached.',
    SERVER_RESTARTING: ({ fields }) => `It restarts in ${secondsOf(fields)}.`,
    SERVER_RESTARTED: () => 'The server is running again.',
    SERVER_GIVEN_UP: () => 'The server could not be restarted. If this persists, restart Earshot.',
    WS_CONNECT: null,
    WS_REFUSED: ({ fields }) => {
      if (fields.more !== undefined)
        return one(fields, 'more')
          ? 'One more connection was refused.'
          : `${countOf(fields, 'more')} more connections were refused.`;
      const why = wordsOf(fields, 'why');
      return `A connection was refused: ${refusals[why] ?? why}.`;
    },
    WS_READY: null,
    WS_NEVER_READY: null,
    WELCOME_RETRY: ({ fields }) =>
      `The welcome was not answered in time. It is sent again (attempt ${numberOf(fields, 'attempt') + 1} of 3).`,
    WELCOME_ABORTED: null,
    SETTLE_DELAY: null,
    SESSION_LOST: null,
    SESSION_RESUMED: null,
    SESSION_TAKEN_OVER: () => 'A newer connection took over the session.',
    SESSION_EXPIRED: ({ fields }) =>
      fields.why === 'its page is gone'
        ? 'The session ended, because its window was closed.'
        : 'The session ended, because the connection did not come back in time.',
    VOICE_STATE: null,
    TURN_PAUSED: () => 'Recording was paused.',
    TURN_CONTINUED: ({ fields }) => `Recording continues after a pause of ${lengthOf(fields)}.`,
    AUDIO_GAP: ({ fields }) => `${lengthOf(fields)} of sound did not arrive. The recording has silence there.`,
    AUDIO_DUPLICATE: null,
    RECORDING_STARTED: () => 'Recording began.',
    RECORDING_DELAYED: () => 'The disk does not accept the recording. It is kept in memory meanwhile.',
    RECORDING_WRITTEN: () => 'The disk accepts the recording again.',
    RECORDING_SAVED: ({ fields }) => `The recording was saved: ${lengthOf(fields)}.`,
    RECORDING_DISCARDED: ({ fields }) => `A recording of ${lengthOf(fields)} was not kept, because it was too short.`,
    PRESS: ({ fields }) => (fields.doing === 'stop' ? 'The mic was pressed to stop.' : 'The mic was pressed to start.'),
    TURN_LIMIT: ({ fields }) => `Recording stopped after ${countOf(fields, 'minutes')} min, as the settings say.`,
    WS_CONNECTING: null,
    WS_OPEN: null,
    WS_ERROR: null,
    WS_CONNECTED: () => 'Connected.',
    VOICE_CHANGED: ({ fields }) => (fields.state === 'listening' ? 'Listening.' : null),
    RECONNECTING: ({ fields }) => {
      const wait = waitOf(fields);
      return wait === null ? 'Trying to connect again.' : `Trying to connect again in ${wait}.`;
    },
    WS_RESUMED: () => 'The connection is back, and the session goes on.',
    WS_FROZEN: () => 'Nothing gets through any more, so the connection is opened anew.',
    BREAKER_OPEN: ({ fields }) =>
      `${countOf(fields, 'failures')} attempts to connect failed. The next one is in ${secondsOf(fields)}.`,
    AUDIO_LOST: ({ fields }) => `${lengthOf(fields)} of sound are not in the recording.`,
    AUDIO_UNDELIVERED: ({ fields }) => `${lengthOf(fields)} of sound could not be delivered. The window keeps them.`,
    WOKE: () => 'The computer slept, or its clock was set forward.',
    MIC_OPENED: ({ fields }) => `The microphone was opened: ${wordsOf(fields, 'label') || 'the system’s default'}.`,
    // Both sides log it, and the client first.
    MIC_STATE: ({ side, fields }) => (side === 'client' ? (microphoneStates[wordsOf(fields, 'status')] ?? null) : null),
    MIC_CHANGED: ({ fields }) => {
      const label = wordsOf(fields, 'label') || 'the system’s default microphone';
      const insteadOf = wordsOf(fields, 'instead_of');
      return insteadOf === ''
        ? `The microphone changed to ${label}.`
        : `The microphone changed to ${label}, because ${insteadOf} is missing.`;
    },
    CAPTURE_GAP: ({ fields }) =>
      `${lengthOf(fields)} were not recorded, because the microphone or the computer was blocked.`,
    MIC_CLOSED: () => 'The microphone is off.',
    MIC_FAILED: (event) => problemSentence(problems, event),
    // A line of a file; its text is a sentence in English.
    OTHER: ({ fields }) => wordsOf(fields, 'text') || null,
  }),
};
