import { formatCount } from './format.ts';
import {
  changedByUser,
  countOf,
  lengthOf,
  numberOf,
  type plainLogEn,
  plainSentences,
  problemSentence,
  secondsOf,
  waitOf,
  wordsOf,
} from './plain-log.en.ts';

const closeCodes: Record<number, string> = {
  1000: 'Sie wurde nicht mehr gebraucht',
  1001: 'Die Gegenseite hat sie verlassen',
  1002: 'Eine Nachricht hat das Protokoll verletzt',
  1005: 'Es wurde kein Grund genannt',
  1006: 'Sie brach ohne Abschied ab',
  1007: 'Eine Nachricht war kein gültiger Text',
  1008: 'Eine Regel wurde verletzt',
  1009: 'Eine Nachricht war zu groß',
  1011: 'Der Server hatte einen internen Fehler',
  1012: 'Der Server wurde neu gestartet',
  1013: 'Der Server hatte zu viel zu tun',
  4400: 'Der Server hat Ton bestätigt, der nie gesendet wurde',
  4408: 'Die Begrüßung blieb unbeantwortet',
  4409: 'Eine neuere Verbindung hat übernommen',
  4410: 'Es gab keine Sitzung, die weitergehen konnte',
};

const refusals: Record<string, string> = {
  origin: 'Sie kam von einer Seite, die nicht zu Earshot gehört',
  host: 'Sie nannte einen anderen Namen für diesen Computer',
  address: 'Sie kam von einem anderen Computer',
  proof: 'Der Schlüssel war falsch',
  token: 'Der Schlüssel war falsch',
  'nonce used': 'Der Schlüssel wurde schon einmal benutzt',
  'retired token': 'Die Anmeldung ist veraltet',
  full: 'Für eine weitere Verbindung ist kein Platz',
  'too many connections': 'Für eine weitere Verbindung ist kein Platz',
  'not running': 'Der Server läuft nicht',
  'nothing to resume': 'Es gab keine Sitzung, die weitergehen konnte',
  'too many cookies': 'Der Browser sendet zu viele Cookies',
  'headers too large': 'Der Browser sendet zu viele Cookies',
  'too slow': 'Sie war nicht rechtzeitig vollständig',
};

const problems: Record<string, string> = {
  peer_silent: 'Die Gegenseite schwieg zu lange, daher wurde die Verbindung geschlossen.',
  flood: 'Es wurde zu viel auf einmal gesendet, daher wurde die Verbindung geschlossen.',
  no_voice_server: 'Es gibt keinen Sprachserver, mit dem sich das Fenster verbinden kann.',
  internal_error: 'Der Server hat einen Fehler gemacht und die Verbindung geschlossen.',
  send_connected_failed: 'Die Begrüßung blieb dreimal unbeantwortet, daher wurde die Verbindung geschlossen.',
  update_failed: 'Die Aktualisierung ist fehlgeschlagen.',
  download_failed: 'Eine Datei konnte nicht gespeichert werden.',
  window_unresponsive: 'Ein Fenster reagiert nicht.',
  window_process_gone: 'Ein Fenster ist ausgefallen.',
  shortcut_refused: 'Das System hat das Tastenkürzel abgelehnt.',
  command_reply_failed: 'Ein Befehl eines anderen Programms konnte nicht beantwortet werden.',
  window_load_failed: 'Ein Fenster konnte seine Seite nicht laden.',
  window_ended: 'Ein Fenster hat zu viel oder Unlesbares gesendet, daher wurde es geschlossen.',
  window_not_reading: 'Ein Fenster hat seine Nachrichten nicht angenommen, daher wurde es getrennt.',
  bridge_call_failed: 'Ein Fenster wollte etwas, das nicht ausgeführt werden konnte.',
  bridge_refused: 'Eine Anfrage, die nicht von der Seite von Earshot kam, wurde abgelehnt.',
  bridge_socket: 'Die Verbindung zwischen einem Tab und Earshot hatte einen Fehler.',
  login_item_not_changed: 'Der Start bei der Anmeldung konnte nicht geändert werden.',
  window_state_not_saved: 'Die Größe des Fensters konnte nicht gespeichert werden.',
  overlay_failed: 'Das kleine Fenster konnte nicht gezeigt werden.',
  overlay_position_not_saved: 'Die Position des kleinen Fensters konnte nicht gespeichert werden.',
  download_refused: 'Ein Download, den Earshot nicht begonnen hat, wurde abgelehnt.',
  no_tray: 'Das Symbol in der Taskleiste ist auf diesem Desktop vielleicht nicht zu sehen.',
  microphone: 'Das Mikrofon hatte einen Fehler.',
  microphone_settings_not_opened: 'Die Mikrofoneinstellungen des Systems konnten nicht geöffnet werden.',
  process_gone: 'Ein Prozess von Earshot wurde unerwartet beendet.',
  request_blocked: 'Eine Anfrage an einen anderen Computer wurde blockiert.',
  switches_refused: 'Optionen, die Earshot unsicherer machen würden, wurden ignoriert.',
  first_steps: 'Die ersten Schritte konnten nicht wieder gezeigt werden.',
  numeric_address:
    'Die Seite hat eine numerische Adresse. Was andere lokale Server im Browser hinterlassen haben, kann sie daher erreichen.',
  listener_failed: 'Ein Server von Earshot hatte einen Fehler.',
  server_restart_failed: 'Ein Server von Earshot konnte noch nicht neu gestartet werden.',
  voice_port_lost: 'Der Sprachserver konnte seinen Port nicht wieder benutzen.',
  socket_error: 'Eine Verbindung hatte einen Fehler.',
  upgrade_failed: 'Eine Verbindung konnte nicht angenommen werden.',
  no_socket: 'Die Verbindung konnte nicht geöffnet werden.',
  no_voice_address: 'Die Adresse des Sprachservers konnte nicht gelesen werden.',
  unreadable_message: 'Eine Nachricht des Servers konnte nicht gelesen werden.',
  impossible_welcome: 'Die Begrüßung des Servers passte nicht zu dieser Sitzung und wurde nicht verwendet.',
  impossible_ack: 'Der Server hat Ton bestätigt, der nie gesendet wurde, daher wurde die Verbindung geschlossen.',
  metrics_failed: 'Die Kennzahlen konnten von einem anderen Programm nicht gelesen werden.',
  notify_failed: 'Einem Fenster konnte eine Änderung nicht mitgeteilt werden.',
  uncaught_exception: 'In Earshot gab es einen unerwarteten Fehler.',
  unhandled_rejection: 'In Earshot gab es einen unerwarteten Fehler.',
};

const microphoneStates: Record<string, string> = {
  muted: 'Das System hat das Mikrofon stummgeschaltet.',
  muted_in_app: 'Das Mikrofon ist in Earshot stummgeschaltet.',
  stalled: 'Das Mikrofon liefert nichts.',
  silent: 'Das Mikrofon liefert nur Stille.',
  noise: 'Das Mikrofon liefert nur Rauschen.',
};

/** The plain log in German. The entries are described in `plain-log.en.ts`. */
export const plainLogDe: typeof plainLogEn = {
  closeCodes,
  otherCloseCode: ({ code }) => `Code ${code}`,
  refusals,
  sentences: plainSentences({
    APP_STARTED: ({ fields }) => `Earshot ${wordsOf(fields, 'version')} wurde gestartet.`,
    APP_STOPPING: () => 'Earshot wird beendet.',
    SITE_DATA_CLEARED: () => 'Alte Daten der Earshot-Seite wurden aus einem Browser entfernt.',
    SETTINGS_CHANGED: ({ fields }) => (changedByUser(fields) ? 'Einstellungen wurden geändert.' : null),
    APP_COMMAND: ({ fields }) => `Ein Befehl kam an: --${wordsOf(fields, 'command')}.`,
    WINDOW_OPENED: ({ fields }) => (fields.shell === 'tab' ? 'Ein Tab wurde geöffnet.' : 'Ein Fenster wurde geöffnet.'),
    WINDOW_CLOSED: ({ fields }) =>
      fields.shell === 'tab' ? 'Ein Tab wurde geschlossen.' : 'Ein Fenster wurde geschlossen.',
    AUDIO_RESTARTED: () => 'Es wurde kein Audiogerät gefunden, daher wurde der Ton von Earshot neu gestartet.',
    LOG_DROPPED: ({ fields }) =>
      counted(
        fields.count,
        'Ein Ereignis konnte nicht protokolliert werden.',
        (n) => `${n} Ereignisse konnten nicht protokolliert werden.`,
      ),
    LOG_RESUMED: ({ fields }) =>
      counted(
        fields.lines_left_out,
        'Die Protokolldatei wird wieder geschrieben. Ihr fehlt eine Zeile.',
        (n) => `Die Protokolldatei wird wieder geschrieben. Ihr fehlen ${n} Zeilen.`,
      ),
    RECORDING_REPAIRED: ({ fields }) => `Eine früher abgebrochene Aufnahme wurde repariert: ${lengthOf(fields)}.`,
    RECORDINGS_DELETED: ({ fields }) =>
      counted(fields.recordings, 'Eine Aufnahme wurde gelöscht.', (n) => `${n} Aufnahmen wurden gelöscht.`),
    RECORDINGS_RESTORED: ({ fields }) =>
      counted(
        fields.recordings,
        'Eine gelöschte Aufnahme wurde wiederhergestellt.',
        (n) => `${n} gelöschte Aufnahmen wurden wiederhergestellt.`,
      ),
    RECORDINGS_EXPIRED: ({ fields }) =>
      counted(
        fields.recordings,
        'Eine alte Aufnahme wurde gelöscht, wie es die Einstellungen vorsehen.',
        (n) => `${n} alte Aufnahmen wurden gelöscht, wie es die Einstellungen vorsehen.`,
      ),
    RECORDING_IMPORTED: ({ fields }) => `Eine Datei wurde importiert: ${lengthOf(fields)}.`,
    RECORDINGS_MOVED: () => 'Die Aufnahmen wurden in einen anderen Ordner verschoben.',
    RECORDING_TRIMMED: ({ fields }) => `Eine Aufnahme wurde auf ${lengthOf(fields)} gekürzt.`,
    HEALTH_WARNING: ({ fields }) =>
      `Das Verbinden ist schwierig: ${countOf(fields, 'percent')} % der letzten ${countOf(fields, 'connections')} Verbindungen brauchten einen weiteren Versuch.`,
    HEALTH_RECOVERED: () => 'Das Verbinden klappt wieder gut.',
    WS_SEND: null,
    WS_RECV: null,
    WS_DISCONNECT: ({ side, fields }) =>
      side === 'client'
        ? `Die Verbindung endete. ${closeCodes[numberOf(fields, 'code', 1005)] ?? `Code ${fields.code}`}.`
        : null,
    AUDIO: null,
    ERROR: (event) => problemSentence(problems, event),
    WARNING: (event) => problemSentence(problems, event),
    SERVER_STARTED: () => 'Der Sprachserver läuft.',
    SERVER_STOPPED: () => 'Der Sprachserver wurde angehalten.',
    SERVER_FAILED: () => 'Ein Server von Earshot ist nicht erreichbar.',
    SERVER_RESTARTING: ({ fields }) => `Er startet in ${secondsOf(fields)} neu.`,
    SERVER_RESTARTED: () => 'Der Server läuft wieder.',
    SERVER_GIVEN_UP: () => 'Der Server konnte nicht neu gestartet werden. Starten Sie Earshot neu, wenn das so bleibt.',
    WS_CONNECT: null,
    WS_REFUSED: ({ fields }) => {
      if (fields.more !== undefined)
        return counted(
          fields.more,
          'Eine weitere Verbindung wurde abgelehnt.',
          (n) => `${n} weitere Verbindungen wurden abgelehnt.`,
        );
      const why = wordsOf(fields, 'why');
      return `Eine Verbindung wurde abgelehnt. ${refusals[why] ?? why}.`;
    },
    WS_READY: null,
    WS_NEVER_READY: null,
    WELCOME_RETRY: ({ fields }) =>
      `Die Begrüßung wurde nicht rechtzeitig beantwortet. Sie wird erneut gesendet (Versuch ${numberOf(fields, 'attempt') + 1} von 3).`,
    WELCOME_ABORTED: null,
    SETTLE_DELAY: null,
    SESSION_LOST: null,
    SESSION_RESUMED: null,
    SESSION_TAKEN_OVER: () => 'Eine neuere Verbindung hat die Sitzung übernommen.',
    SESSION_EXPIRED: ({ fields }) =>
      fields.why === 'its page is gone'
        ? 'Die Sitzung endete, weil ihr Fenster geschlossen wurde.'
        : 'Die Sitzung endete, weil die Verbindung nicht rechtzeitig zurückkam.',
    VOICE_STATE: null,
    TURN_PAUSED: () => 'Die Aufnahme wurde angehalten.',
    TURN_CONTINUED: ({ fields }) => `Die Aufnahme geht nach einer Pause von ${lengthOf(fields)} weiter.`,
    AUDIO_GAP: ({ fields }) => `${lengthOf(fields)} Ton kamen nicht an. Dort hat die Aufnahme Stille.`,
    AUDIO_DUPLICATE: null,
    RECORDING_STARTED: () => 'Die Aufnahme begann.',
    RECORDING_DELAYED: () => 'Der Datenträger nimmt die Aufnahme nicht an. Sie wird solange im Speicher gehalten.',
    RECORDING_WRITTEN: () => 'Der Datenträger nimmt die Aufnahme wieder an.',
    RECORDING_SAVED: ({ fields }) => `Die Aufnahme wurde gespeichert: ${lengthOf(fields)}.`,
    RECORDING_DISCARDED: ({ fields }) =>
      `Eine Aufnahme von ${lengthOf(fields)} wurde nicht behalten, weil sie zu kurz war.`,
    PRESS: ({ fields }) =>
      fields.doing === 'stop'
        ? 'Das Mikrofon wurde gedrückt, um aufzuhören.'
        : 'Das Mikrofon wurde gedrückt, um anzufangen.',
    TURN_LIMIT: ({ fields }) =>
      `Die Aufnahme endete nach ${countOf(fields, 'minutes')} min, wie es die Einstellungen vorsehen.`,
    WS_CONNECTING: null,
    WS_OPEN: null,
    WS_ERROR: null,
    WS_CONNECTED: () => 'Verbunden.',
    VOICE_CHANGED: ({ fields }) => (fields.state === 'listening' ? 'Earshot hört zu.' : null),
    RECONNECTING: ({ fields }) => {
      const wait = waitOf(fields);
      return wait === null ? 'Die Verbindung wird erneut versucht.' : `Die Verbindung wird in ${wait} erneut versucht.`;
    },
    WS_RESUMED: () => 'Die Verbindung ist zurück, und die Sitzung geht weiter.',
    WS_FROZEN: () => 'Es kommt nichts mehr durch, daher wird die Verbindung neu geöffnet.',
    BREAKER_OPEN: ({ fields }) =>
      `${countOf(fields, 'failures')} Verbindungsversuche sind fehlgeschlagen. Der nächste folgt in ${secondsOf(fields)}.`,
    AUDIO_LOST: ({ fields }) => `${lengthOf(fields)} Ton sind nicht in der Aufnahme.`,
    AUDIO_UNDELIVERED: ({ fields }) =>
      `${lengthOf(fields)} Ton konnten nicht zugestellt werden. Das Fenster behält sie.`,
    WOKE: () => 'Der Computer hat geschlafen, oder seine Uhr wurde vorgestellt.',
    MIC_OPENED: ({ fields }) => `Das Mikrofon wurde geöffnet: ${wordsOf(fields, 'label') || 'Standard des Systems'}.`,
    MIC_STATE: ({ side, fields }) => (side === 'client' ? (microphoneStates[wordsOf(fields, 'status')] ?? null) : null),
    MIC_CHANGED: ({ fields }) => {
      const label = wordsOf(fields, 'label') || 'Standard des Systems';
      const insteadOf = wordsOf(fields, 'instead_of');
      return insteadOf === ''
        ? `Das Mikrofon ist jetzt ein anderes: ${label}.`
        : `Das Mikrofon ist jetzt ein anderes: ${label}, denn ${insteadOf} fehlt.`;
    },
    CAPTURE_GAP: ({ fields }) =>
      `${lengthOf(fields)} wurden nicht aufgenommen, weil das Mikrofon oder der Computer blockiert war.`,
    MIC_CLOSED: () => 'Das Mikrofon ist aus.',
    MIC_FAILED: (event) => problemSentence(problems, event),
    OTHER: ({ fields }) => wordsOf(fields, 'text') || null,
  }),
};

/** A sentence in the singular or the plural. */
function counted(count: unknown, singular: string, plural: (count: string) => string): string {
  return Number(count) === 1 ? singular : plural(formatCount(Number(count ?? 0)));
}
