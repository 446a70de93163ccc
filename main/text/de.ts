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
    full: 'Der Datenträger ist voll, die Kopie wurde nicht gesichert. Die Aufnahme ist unverändert. Platz schaffen oder einen anderen Ordner wählen, dann erneut versuchen.',
    failed:
      'Die Kopie konnte dort nicht gesichert werden. Die Aufnahme ist unverändert. Einen anderen Ordner wählen, dann erneut versuchen.',
    dragDuringTurn:
      'Während einer Aufnahme lassen sich keine Dateien aus dem Fenster ziehen. Zuerst die Aufnahme beenden, oder eine Kopie sichern.',
    dragLate: 'Die Dateien konnten nicht rechtzeitig gelesen werden. Erneut ziehen, oder eine Kopie sichern.',
    gone: 'Die Datei ist nicht mehr da. Sie wurde vielleicht verschoben, umbenannt oder gelöscht.',
  },

  confirmClose: {
    listening: {
      message: 'Earshot nimmt auf',
      detail: 'Die Aufnahme endet, und das bisher Aufgenommene bleibt erhalten.',
      stay: 'Weiter aufnehmen',
    },
    undelivered: {
      message: 'Earshot hat noch nicht alles Gesagte gesichert',
      detail:
        'Was noch nicht auf dem Datenträger ist, geht mit dem Fenster verloren. Warten, bis die Aufnahme als gesichert gemeldet wird.',
      stay: 'Warten',
    },
    closeWindow: 'Fenster schließen',
    quit: 'Beenden',
  },

  about: {
    title: 'Über Earshot',
    copyDiagnostics: 'Diagnose kopieren',
    copied: 'Kopiert',
    copiedDetail: 'Die Diagnose ist in der Zwischenablage. Vor dem Weitergeben lesen.',
  },

  notifications: {
    saved: 'Aufnahme gesichert',
    length: ({ seconds }) => (seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`),
    failed: 'Eine Aufnahme konnte nicht gesichert werden',
    failedBody: 'Earshot öffnen, um zu sehen, was zu tun ist.',
  },

  recovery: {
    hangs: {
      message: 'Das Fenster von Earshot reagiert nicht',
      detail: 'Warten oder neu laden. Das Aufgenommene bleibt erhalten.',
    },
    stoppedTwice: {
      message: 'Das Fenster von Earshot ist zweimal abgestürzt',
      detail: 'Neu laden oder schließen. Das Aufgenommene bleibt erhalten.',
    },
    wait: 'Warten',
    reload: 'Neu laden',
    close: 'Schließen',
  },

  unexpectedError: {
    message: 'In Earshot ist ein Fehler aufgetreten',
    detail: [
      'Das Aufgenommene bleibt erhalten. Funktioniert jetzt etwas nicht, Earshot beenden und neu starten.',
      'Wiederholt sich das, „Hilfe“ > „Diagnose kopieren“ wählen und den Fehler mit dem kopierten Text melden.',
    ].join('\n\n'),
  },

  startFailure: {
    unexpected: ({ error }) =>
      [
        'Etwas Unerwartetes ist schiefgegangen. Earshot erneut starten oder den Computer neu starten.',
        'Hilft das nicht, den Fehler mit diesem Text melden:',
        error,
      ].join('\n\n'),
    switches: ({ names }) =>
      `Earshot läuft nicht mit ${names.map((name) => `--${name}`).join(' und ')}. Ohne diese Angabe starten.`,
    quit: 'Beenden',
  },

  updates: {
    checkFailed:
      'Earshot konnte nicht nach einer neueren Version suchen. Die Netzwerkverbindung prüfen und erneut versuchen.',
    downloadFailed: ({ version }) =>
      `Earshot ${version} konnte nicht geladen werden. Netzwerk und Datenträger prüfen und erneut versuchen.`,
    installFailed: ({ version }) =>
      `Earshot ${version} konnte nicht installiert werden. Erneut versuchen oder von der Download-Seite installieren.`,
    busy: 'Earshot nimmt auf. Die Aufnahme beenden und dann mit dem Update fortfahren.',
    nothingToDo: 'Für diesen Schritt liegt kein Update bereit. Die Einstellungen erneut prüfen.',
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
      `Nur eine Option von ${options.slice(0, -1).join(', ')} und ${options.at(-1)} angeben, nicht ${options.length > 2 ? 'mehrere' : 'beide'}.`,
    jsonAlone: '--json gehört zu --status.',
    word: ({ argument, option }) =>
      `${option} hat keine weiteren Angaben: '${printable(argument)}' kennt Earshot nicht.`,
    notRunning: 'Earshot läuft nicht.',
    noAnswer: ({ seconds }) =>
      `Earshot hat nicht innerhalb von ${seconds} s geantwortet. Sein Fenster ansehen, oder Earshot beenden und neu starten.`,
    stopping: 'Earshot wird gerade beendet. Danach erneut versuchen.',
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
    notBuilt: ({ dir }) => `Das Fenster ist nicht gebaut: In ${dir} gibt es nichts zu zeigen. Ausführen: npm run build`,
    portTaken: 'wird von einem anderen Programm oder einem anderen Earshot verwendet',
    portUnusable: 'ist auf diesem System nicht verwendbar',
    otherPort: ({ requestedPort, why, port }) =>
      `Port ${requestedPort} ${why}. Dieses Mal ist Earshot unter Port ${port}: ` +
      'Der Browser fragt dort erneut nach dem Mikrofon, und Tabs aus früheren Starts finden Earshot nicht.',
    portInUse: ({ port }) =>
      `Port ${port} ist nicht verwendbar: Vielleicht belegt ihn ein anderes Programm. Dieses schließen oder mit --port einen anderen wählen.`,
    browser: {
      notOpened: ({ why, url }) => `Es wurde kein Browser geöffnet (${why}). Diese Adresse selbst öffnen: ${url}`,
      tryNumeric: 'Findet der Browser sie nicht, Earshot mit --numeric-address starten.',
      ci: 'CI ist gesetzt',
      ssh: 'dies ist eine SSH-Sitzung',
      noDisplay: 'es gibt keinen Bildschirm',
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
      'Das ist nicht die Adresse der Seite von Earshot. Den ganzen Link öffnen, den Earshot beim Start im Terminal ausgegeben hat. ' +
      'Findet der Browser diese Adresse nicht, Earshot mit --numeric-address starten.',
    usedLink:
      'Dieser Link gilt einmal und nur eine Minute lang. Die Adresse öffnen, die Earshot beim Start ausgegeben hat. ' +
      'Wurde der Link noch nicht benutzt, so hat es ein anderes Programm auf diesem Computer getan: Earshot beenden und neu starten.',
    cookies: {
      title: 'Earshot: zu viele Cookies',
      heading: 'Der Browser hat für diese Adresse mehr Cookies gesendet, als Earshot annimmt',
      sentences: ({ name }) => [
        `Andere Programme auf diesem Computer haben sie gesetzt: Ein Browser sendet die Cookies von ${name} an jeden Port. Earshot selbst setzt keine.`,
        `Die Cookies von ${name} in den Einstellungen des Browsers löschen und diese Seite neu laden. Oder den Link von Earshot in einem privaten Fenster öffnen, das keine davon sendet.`,
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
