import { formatCount } from './format.ts';
import type { sessionViewEn } from './session-view.en.ts';

/** The view of one session in the log, in German. */
export const sessionViewDe: typeof sessionViewEn = {
  label: 'Sitzung',
  session: 'Sitzung',
  press: 'Druck ohne Sitzung',
  refused: 'Abgelehnte Verbindung',
  showInLog: 'Diese Verbindung im Protokoll zeigen',
  save: 'Als JSON sichern',
  saveHint: 'Sichert, was diese Ansicht zeigt, zum Aufheben oder Weitergeben',
  allLines: 'Alle Zeilen',
  allLinesHint: 'Zeigt wieder die Zeilen aller Sitzungen',
  missing: 'Das Protokoll enthält keine Zeilen dieser Sitzung mehr.',

  outcome: {
    connecting: 'Noch nicht verbunden.',
    connected: ({ time }) => `In ${time} verbunden.`,
    repeatedWelcome: ({ welcomes }) =>
      welcomes === 2
        ? 'Die Begrüßung brauchte einen zweiten Versuch.'
        : 'Die Begrüßung brauchte einen dritten Versuch.',
    failedFirst: ({ attempts }) =>
      attempts === 1
        ? '1 Verbindungsversuch schlug fehl.'
        : `${formatCount(attempts)} Verbindungsversuche schlugen fehl.`,
    listened: ({ time }) => `${time} lang zugehört.`,
    lostAndResumed: ({ times, time }) =>
      times === 1
        ? `Die Verbindung brach einmal ab und war nach ${time} zurück.`
        : `Die Verbindung brach ${formatCount(times)}-mal ab, insgesamt für ${time}.`,
    lostNow: 'Die Verbindung brach ab und kam nicht zurück.',
    nothingMissing: 'Es fehlt kein Ton.',
    missing: ({ time }) => `${time} Ton fehlen.`,
    endings: {
      live: 'Sie läuft noch.',
      user: 'Von Ihnen beendet.',
      limit: 'Beendet, weil die eingestellte Länge erreicht war.',
      window_closed: 'Beendet, weil das Fenster geschlossen wurde.',
      refused: 'Es begann keine Sitzung.',
      not_connected: 'Es kam keine Verbindung zustande.',
      expired: 'Beendet, weil die Verbindung nicht rechtzeitig zurückkam.',
      taken_over: 'Eine neuere Verbindung hat sie übernommen.',
      closed: 'Die Verbindung wurde geschlossen.',
    },
    refusedWindow: ({ why }) => `Der Server hat die Verbindung abgelehnt. ${why}.`,
    refusedStranger: ({ why }) => `Der Server hat eine Verbindung abgelehnt. ${why}.`,
    nothingSent: 'Ihr wurde nichts gesendet.',
  },

  handshake: {
    first: 'So kam die Verbindung zustande',
    again: ({ number }) => `Versuch ${formatCount(number)}`,
    resume: ({ number }) => `Versuch ${formatCount(number)}: zurück zur Sitzung`,
    window: 'Fenster',
    server: 'Server',
    step: 'Schritt',
    bar: 'Wann',
    took: 'Dauer',
    at: 'Nach',
    longest: ({ step, time }) => `Am längsten: ${step}, ${time}`,
    hidden: ({ connections }) =>
      connections === 1 ? '1 weiteren Versuch zeigen' : `${formatCount(connections)} weitere Versuche zeigen`,
    results: {
      open: ({ time }) => `Nach ${time} verbunden`,
      closed: ({ time }) => `Nach ${time} verbunden`,
      lost: ({ time }) => `Nach ${time} verbunden, später verloren`,
      refused: () => 'Abgelehnt',
      failed: () => 'Gescheitert',
    },
    running: 'Läuft',
    steps: {
      pressed: 'Mikrofon gedrückt',
      microphone: 'Mikrofon geöffnet',
      connecting: 'Verbindung angefragt',
      refused: ({ why, code }) => `Abgelehnt: ${why}${code}`,
      accepted: 'Anfrage angenommen',
      welcome_sent: 'Begrüßung gesendet',
      welcome_again: ({ attempt }) => `Begrüßung gesendet, ${attempt} von 3`,
      socket_open: 'Verbindung offen',
      welcome_received: 'Begrüßung erhalten',
      welcome_received_nth: ({ attempt }) => `Begrüßung erhalten, ${attempt} von 3`,
      ready_sent: 'Begrüßung beantwortet',
      ready_received: 'Antwort erhalten',
      start_sent: 'Start gesendet',
      recording: 'Aufnahme begonnen',
      listening: 'Earshot hört zu',
      closed: ({ why }) => `Verbindung beendet: ${why}`,
      ended: 'Verbindung beendet',
      given_up: 'Keine Antwort, aufgegeben',
    },
  },

  life: {
    title: 'Die ganze Sitzung',
    window: 'Was das Fenster tat',
    audio: 'Ton, der beim Server ankam',
    noAudio: 'Beim Server kam kein Ton an.',
    marks: 'Ereignisse',
    phases: {
      connecting: 'Verbinden',
      listening: 'Zuhören',
      paused: 'Pause',
      reconnecting: 'Ohne Verbindung',
      stopping: 'Abschluss',
    },
    phase: ({ phase, from, to }) => `${phase}, von ${from} bis ${to}`,
    received: 'Ton angekommen',
    gap: 'Ton fehlt',
    legend: 'Legende',
  },

  marks: {
    title: 'Was geschah',
    none: 'Nichts Ungewöhnliches.',
    lost: 'Der Server hat die Verbindung verloren. Er behält die Sitzung 30 s lang.',
    resumed: ({ time }) => `Die Sitzung ging ${time} nach dem Verlust weiter.`,
    stopped: 'Das Mikrofon wurde gedrückt, um aufzuhören.',
    server_stopped: 'Der Sprachserver wurde angehalten.',
    server_started: 'Der Sprachserver läuft wieder.',
    welcomeRepeated: ({ attempt }) => `Begrüßung ${attempt} von 3 wurde nicht innerhalb von 0,25 s beantwortet.`,
  },
};
