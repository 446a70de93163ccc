import { en, printable, type Text } from './en.ts';
import { errors } from './errors.de.ts';

/** The main process's texts in German. The entries and what they are for are described in `en.ts`. */
export const de: Text = {
  app: {
    name: 'Earshot',
    couldNotStart: 'Earshot konnte nicht starten',
    ok: 'OK',
  },

  menu: {
    about: '&Über Earshot',
    firstSteps: '&Erste Schritte',
    copyDiagnostics: '&Diagnose kopieren',
    file: '&Datei',
    newWindow: '&Neues Fenster',
    quit: '&Beenden',
    exit: '&Beenden',
    quitEarshot: 'Earshot beenden',
    edit: '&Bearbeiten',
    undo: '&Rückgängig',
    redo: 'W&iederholen',
    cut: '&Ausschneiden',
    copy: '&Kopieren',
    paste: '&Einfügen',
    delete: '&Löschen',
    selectAll: 'Alles aus&wählen',
    talk: '&Sprechen',
    toggle: 'Aufnahme &starten oder beenden',
    togglePause: '&Pausieren oder fortsetzen',
    toggleMute: 'Stummschaltung &ein oder aus',
    view: '&Ansicht',
    reload: '&Neu laden',
    forceReload: 'Neu laden &erzwingen',
    developerTools: 'Entwickler&tools ein oder aus',
    actualSize: '&Originalgröße',
    zoomIn: 'Ver&größern',
    zoomOut: 'Ver&kleinern',
    fullScreen: '&Vollbild',
    window: '&Fenster',
    minimize: '&Minimieren',
    close: '&Schließen',
    help: '&Hilfe',
  },

  recordingsFolder: {
    choose: 'Ordner der Aufnahmen wählen',
    chooseButton: 'Diesen Ordner verwenden',
  },
  tray: {
    listening: 'Earshot nimmt auf',
    start: 'Aufnahme starten',
    stop: 'Aufnahme beenden',
    paused: 'Earshot pausiert',
    pause: 'Pause',
    continue: 'Fortsetzen',
    showWindow: 'Fenster zeigen',
    newWindow: 'Neues Fenster',
    quit: 'Earshot beenden',
  },

  taskBar: { recording: 'Aufnahme', paused: 'Pausiert' },

  downloads: {
    save: 'Kopie sichern',
    chooseFolder: 'Ordner für die Kopien wählen',
    chooseFolderButton: 'Hier sichern',
    full: 'Der Datenträger ist voll, die Kopie wurde nicht gesichert. Die Aufnahme ist unverändert. Schaffen Sie Platz, oder wählen Sie einen anderen Ordner, und versuchen Sie es erneut.',
    failed:
      'Die Kopie konnte dort nicht gesichert werden. Die Aufnahme ist unverändert. Wählen Sie einen anderen Ordner und versuchen Sie es erneut.',
    dragDuringTurn:
      'Während einer Aufnahme lassen sich keine Dateien aus dem Fenster ziehen. Beenden Sie zuerst die Aufnahme, oder sichern Sie eine Kopie.',
    dragLate:
      'Die Dateien konnten nicht rechtzeitig gelesen werden. Ziehen Sie sie erneut, oder sichern Sie eine Kopie.',
    gone: 'Die Datei ist nicht mehr vorhanden. Möglicherweise wurde sie verschoben, umbenannt oder gelöscht.',
  },

  confirmClose: {
    listening: {
      message: 'Earshot nimmt auf',
      detail: 'Die Aufnahme endet, und das bisher Aufgenommene bleibt erhalten.',
      stay: 'Weiter aufnehmen',
    },
    undelivered: {
      message: 'Earshot hat noch nicht alles gesichert, was Sie gesagt haben',
      detail:
        'Was noch nicht auf dem Datenträger ist, geht mit dem Fenster verloren. Warten Sie, bis die Aufnahme als gesichert gemeldet wird.',
      stay: 'Warten',
    },
    closeWindow: 'Fenster schließen',
    quit: 'Beenden',
  },

  about: {
    title: 'Über Earshot',
    copyDiagnostics: 'Diagnose kopieren',
    copied: 'Kopiert',
    copiedDetail: 'Die Diagnose ist in der Zwischenablage. Lesen Sie sie, bevor Sie sie weitergeben.',
  },

  notifications: {
    saved: 'Aufnahme gesichert',
    length: ({ seconds }) => (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`),
    failed: 'Eine Aufnahme konnte nicht gesichert werden',
    failedBody: 'Öffnen Sie Earshot, um zu sehen, was zu tun ist.',
  },

  recovery: {
    hangs: {
      message: 'Das Fenster von Earshot reagiert nicht',
      detail: 'Warten Sie, oder laden Sie es neu. Das Aufgenommene bleibt erhalten.',
    },
    stoppedTwice: {
      message: 'Das Fenster von Earshot ist zweimal abgestürzt',
      detail: 'Laden Sie es neu, oder schließen Sie es. Das Aufgenommene bleibt erhalten.',
    },
    wait: 'Warten',
    reload: 'Neu laden',
    close: 'Schließen',
  },

  unexpectedError: {
    message: 'In Earshot ist ein Fehler aufgetreten',
    detail: [
      'Das Aufgenommene bleibt erhalten. Funktioniert jetzt etwas nicht, beenden Sie Earshot und starten Sie es neu.',
      'Wiederholt sich das, wählen Sie „Hilfe“ > „Diagnose kopieren“ und melden Sie den Fehler mit dem kopierten Text.',
    ].join('\n\n'),
  },

  startFailure: {
    unexpected: ({ error }) =>
      [
        'Ein unerwarteter Fehler ist aufgetreten. Starten Sie Earshot erneut, oder starten Sie den Computer neu.',
        'Hilft das nicht, melden Sie den Fehler mit diesem Text:',
        error,
      ].join('\n\n'),
    switches: ({ names }) =>
      `Earshot läuft nicht mit ${names.map((name) => `--${name}`).join(' und ')}. Starten Sie es ohne diese Angabe.`,
    quit: 'Beenden',
  },

  updates: {
    checkFailed:
      'Earshot konnte nicht nach einer neueren Version suchen. Prüfen Sie die Netzwerkverbindung und versuchen Sie es erneut.',
    downloadFailed: ({ version }) =>
      `Earshot ${version} konnte nicht geladen werden. Prüfen Sie Netzwerk und Datenträger und versuchen Sie es erneut.`,
    installFailed: ({ version }) =>
      `Earshot ${version} konnte nicht installiert werden. Versuchen Sie es erneut, oder installieren Sie es von der Download-Seite.`,
    busy: 'Earshot nimmt auf. Beenden Sie die Aufnahme und fahren Sie dann mit dem Update fort.',
    nothingToDo: 'Für diesen Schritt liegt kein Update bereit. Prüfen Sie die Einstellungen erneut.',
  },

  commandLine: {
    help: `Aufruf: earshot [Option]

Startet Earshot oder zeigt sein Fenster, wenn es schon läuft.

  --toggle          drückt auf das Mikrofon, wie das globale Tastenkürzel
  --start           beginnt eine Aufnahme, wenn noch keine läuft
  --stop            beendet die Aufnahme und behält sie
  --cancel          beendet die Aufnahme und löscht sie, was sich im
                    Fenster rückgängig machen lässt
  --show            zeigt das Fenster
  --status [--json] gibt aus, was jedes Fenster tut, mit --json als eine
                    Zeile JSON
  --help            gibt dies aus
  --version         gibt die Version aus

--toggle, --start und --show starten Earshot, wenn es nicht läuft.

Exit-Codes: 0 erledigt, 1 Earshot konnte es nicht, 2 falsche Argumente,
3 Earshot läuft nicht.
`,
    version: ({ version }) => `Earshot ${version}`,
    noValue: ({ option }) => `${option} hat keinen Wert.`,
    unknown: ({ argument, meant }) =>
      `Es gibt keine Option '${printable(argument)}'. War ${meant} gemeint? --help nennt die Optionen.`,
    several: ({ options }) =>
      `Geben Sie nur eine der Optionen ${options.slice(0, -1).join(', ')} und ${options.at(-1)} an, nicht ${options.length > 2 ? 'mehrere' : 'beide'}.`,
    jsonAlone: '--json gehört zu --status.',
    word: ({ argument, option }) =>
      `${option} hat keine weiteren Angaben: '${printable(argument)}' kennt Earshot nicht.`,
    notRunning: 'Earshot läuft nicht.',
    noAnswer: ({ seconds }) =>
      `Earshot hat nicht innerhalb von ${seconds} s geantwortet. Sehen Sie nach seinem Fenster, oder beenden Sie es und starten Sie es neu.`,
    stopping: 'Earshot wird gerade beendet. Versuchen Sie es danach erneut.',
    badReply: ({ error }) => `Die Antwort von Earshot ist nicht lesbar: ${error}`,
    noWindows: 'Es ist kein Fenster offen.',
    windowStatus: ({ window, current, state, seconds, level, session }) =>
      [
        `Fenster ${window}${current ? ' (aktuell)' : ''}: ${STATES[state] ?? state}${seconds === null ? '' : ` seit ${Math.floor(seconds)} s`}`,
        ...(level === null ? [] : [`${Math.round(level)} dBFS`]),
        ...(session === null ? [] : [`Sitzung ${session}`]),
      ].join(', '),
  },

  web: {
    usage: ({ defaultPort }) => `Aufruf: npm run web -- [Optionen]

Startet Earshot in einem Browser-Tab, ohne Electron. Nur dieser Computer kann
ihn erreichen.

  --port N         Port der Seite, 0 bis 65535; 0: ein beliebiger freier
                   (Vorgabe ${defaultPort}, oder ein freier, wenn er belegt ist)
  --data-dir DIR   Ordner für Aufnahmen, Einstellungen und Protokolle
                   (Vorgabe: der Ort dieses Systems für Daten von Programmen)
  --numeric-address
                   Seite unter 127.0.0.1, für einen Browser, der Adressen mit
                   der Endung .localhost nicht findet; weniger geschützt
  --no-open        Adresse ausgeben, den Browser nicht öffnen
  --json           eine Zeile JSON über die Adressen ausgeben, den Browser
                   nicht öffnen
  --help           dies ausgeben
`,
    badPort: ({ port }) => `--port verlangt eine Zahl von 0 bis 65535, nicht '${port}'.`,
    badOption: ({ problem }) => `${problem}. --help nennt die Optionen.`,
    emptyDataDir: '--data-dir verlangt einen Ordner, keinen leeren Namen.',
    running: ({ url }) => `Earshot läuft unter ${url}\nMit Strg-C beenden.`,
    numericAddressRisk:
      'Die Seite ist unter 127.0.0.1: Was ein anderes Programm für diese Adresse und diesen Port im Browser hinterlassen hat, etwa ein Service Worker, ' +
      'kann das Geheimnis des Links und die Aufnahmen lesen, und Cookies anderer lokaler Server erreichen Earshot.',
    notBuilt: ({ dir }) =>
      `Das Fenster ist nicht gebaut: In ${dir} gibt es nichts zu zeigen. Führen Sie aus: npm run build`,
    portTaken: 'wird von einem anderen Programm oder einem anderen Earshot verwendet',
    portUnusable: 'ist auf diesem System nicht verwendbar',
    otherPort: ({ requestedPort, why, port }) =>
      `Port ${requestedPort} ${why}. Dieses Mal ist Earshot unter Port ${port}: ` +
      'Der Browser fragt dort erneut nach dem Mikrofon, und Tabs aus früheren Starts finden Earshot nicht.',
    portInUse: ({ port }) =>
      `Port ${port} ist nicht verwendbar: Möglicherweise belegt ihn ein anderes Programm. Schließen Sie es, oder wählen Sie mit --port einen anderen.`,
    browser: {
      notOpened: ({ why, url }) => `Es wurde kein Browser geöffnet (${why}). Öffnen Sie diese Adresse selbst: ${url}`,
      tryNumeric: 'Findet der Browser sie nicht, starten Sie Earshot mit --numeric-address.',
      ci: 'CI ist gesetzt',
      ssh: 'dies ist eine SSH-Sitzung',
      noDisplay: 'es ist kein Bildschirm vorhanden',
      notWanted: '--no-open wurde angegeben',
      none: 'das System hat keinen Browser dafür',
      noOpener: 'das System hat kein Programm, das Adressen öffnet',
    },
    // Only logged.
    pageName: en.web.pageName,
  },

  errors,

  refusal: {
    badRequest: 'Ungültige Anfrage.',
    forbidden: 'Verboten.',
    notFound: 'Nicht gefunden',
    webSocket: 'Dies ist ein WebSocket.',
    method: 'Nur GET und HEAD.',
    otherHost: ({ origin }) => `Earshot antwortet nur unter ${origin}/.`,
    notThePage:
      'Das ist nicht die Adresse von Earshot. Öffnen Sie den ganzen Link, den Earshot beim Start im Terminal ausgegeben hat. ' +
      'Findet der Browser diese Adresse nicht, starten Sie Earshot mit --numeric-address.',
    usedLink:
      'Dieser Link gilt einmal und nur eine Minute lang. Öffnen Sie die Adresse, die Earshot beim Start ausgegeben hat. ' +
      'Haben Sie den Link noch nicht verwendet, so hat es ein anderes Programm auf diesem Computer getan: Beenden Sie Earshot und starten Sie es neu.',
    cookies: {
      title: 'Earshot: zu viele Cookies',
      heading: 'Der Browser hat für diese Adresse mehr Cookies gesendet, als Earshot annimmt',
      sentences: ({ name }) => [
        `Andere Programme auf diesem Computer haben sie gesetzt: Ein Browser sendet die Cookies von ${name} an jeden Port. Earshot selbst setzt keine.`,
        `Löschen Sie die Cookies von ${name} in den Einstellungen des Browsers und laden Sie diese Seite neu. Oder öffnen Sie den Link von Earshot in einem privaten Fenster, das keine davon sendet.`,
      ],
    },
  },
};

/** The states of `--status`. */
const STATES: Readonly<Record<string, string>> = {
  idle: 'bereit',
  connecting: 'verbindet',
  listening: 'nimmt auf',
  paused: 'pausiert',
  reconnecting: 'verbindet erneut',
  stopping: 'schließt ab',
  error: 'Fehler',
  no_answer: 'keine Antwort',
};
