import { dates } from './dates.ts';
import type { Text } from './en.ts';
import { formatCount, formatShare } from './format.ts';
import { plainLogDe } from './plain-log.de.ts';
import { sessionViewDe } from './session-view.de.ts';

const PLURALS = new Intl.PluralRules('de');

/** The window's texts in German. The entries and what they are for are described in `en.ts`. */
export const de: Text = {
  app: {
    name: 'Earshot',
    settings: 'Einstellungen',
    parts: 'Bereiche des Fensters',
    talk: 'Sprechen',
    recordings: 'Aufnahmen',
    log: 'Protokoll',
    showLog: 'Protokoll einblenden',
    hideLog: 'Protokoll ausblenden',
    warnings: ({ warnings }) =>
      plural(warnings, { one: '1 neue Warnung', other: `${formatCount(warnings)} neue Warnungen` }),
    notConnected: 'nicht verbunden',
    needsJavaScript: 'Earshot benötigt JavaScript. Erlauben Sie es für diese Seite und laden Sie sie neu.',
  },

  common: {
    close: 'Schließen',
    dismiss: 'Ausblenden',
    tryAgain: 'Erneut versuchen',
    copied: 'Kopiert',
    copyFailed: 'Kopieren ist hier nicht erlaubt',
    loading: 'Wird geladen …',
    none: '–',
  },

  errorScreen: {
    unreachable: 'Der Host von Earshot ist nicht erreichbar',
    startAgain: 'Starten Sie Earshot neu und öffnen Sie den ausgegebenen Link.',
    full: 'Earshot hat keinen Platz für diesen Tab',
    restarted: 'Dieser Tab gehört zu einem früheren Start von Earshot',
    unproven: 'An der Stelle von Earshot antwortet ein anderes Programm',
    tooManyCookies: 'Zu viele Cookies für diese Adresse',
    controlled: 'Der Service Worker eines anderen Programms steuert diesen Tab',
  },

  host: {
    unreachable: 'Earshot antwortet diesem Tab nicht. Starten Sie Earshot neu und öffnen Sie die ausgegebene Adresse.',
    unproven:
      'Unter dieser Adresse antwortet ein anderes Programm. Ihm wurde nichts gesendet. Starten Sie Earshot neu und öffnen Sie den ausgegebenen Link.',
    tooManyCookies:
      'Der Browser sendet für diese Adresse mehr Cookies, als Earshot annimmt. Andere Programme auf diesem Computer setzen sie. Löschen Sie die Cookies dieser Adresse in den Einstellungen des Browsers, oder öffnen Sie den Link von Earshot in einem privaten Fenster.',
    full: 'Es sind zu viele Earshot-Tabs geöffnet. Schließen Sie einen und laden Sie diese Seite neu.',
    restarted: 'Earshot wurde neu gestartet. Öffnen Sie den Link, der im Terminal steht.',
    lost: 'Die Verbindung zu Earshot ist abgebrochen. Versuchen Sie es erneut, sobald sie wieder besteht.',
    noAnswer: 'Earshot hat nicht geantwortet. Starten Sie es neu.',
    badAnswer: ({ call }) =>
      `Dieses Fenster versteht nicht, was der Host von Earshot auf ${call} geantwortet hat. Laden Sie das Fenster neu.`,
    busy: 'Dieses Fenster stellt mehr Anfragen, als Earshot beantworten kann. Warten Sie kurz und versuchen Sie es erneut.',
    tooLarge: ({ call }) => `${call}: Die Argumente sind zu groß.`,
    noToken:
      'Dieser Tab wurde ohne seinen Schlüssel geöffnet. Öffnen Sie die ganze Adresse, die Earshot beim Start ausgegeben hat.',
    elsewhere:
      'Das ist nicht die Adresse von Earshot. Öffnen Sie den ganzen Link, den Earshot beim Start ausgegeben hat.',
    controlled:
      'Ein Service Worker, den ein anderes Programm in diesem Browser hinterlassen hat, steuert diese Seite und könnte ihre Daten lesen. Schließen Sie diesen Tab und öffnen Sie den Link von Earshot, der den Service Worker entfernt. Wurde Earshot mit --numeric-address gestartet, löschen Sie zuerst die Daten dieser Website im Browser.',
  },

  linkPage: {
    unreachable:
      'Earshot antwortet nicht. Laden Sie diese Seite neu. Hilft das nicht, beenden Sie den ganzen Browser, starten Sie Earshot neu und öffnen Sie den ausgegebenen Link.',
    unproven:
      'Unter der Adresse von Earshot antwortet ein anderes Programm. Ihm wurde nichts gesendet. Beenden Sie den ganzen Browser, starten Sie Earshot neu und öffnen Sie den ausgegebenen Link.',
  },

  problems: {
    mic_denied: {
      title: 'Earshot darf das Mikrofon nicht verwenden',
      action: 'Erlauben Sie Earshot das Mikrofon und drücken Sie dann erneut auf das Mikrofon.',
      where: {
        tab: 'Klicken Sie auf das Symbol neben der Adresse und prüfen Sie danach die Einstellungen des Systems.',
        darwin: 'Sie finden das in den Systemeinstellungen unter „Datenschutz & Sicherheit“ > „Mikrofon“.',
        win32:
          'Sie finden das in den Einstellungen unter „Datenschutz und Sicherheit“ > „Mikrofon“: Dort müssen Desktop-Apps zugelassen sein.',
        linux: 'Sie finden das in den Einstellungen des Desktops unter „Datenschutz“ oder „Klang“.',
      },
    },
    mic_missing: {
      title: 'Kein Mikrofon gefunden',
      action:
        'Schließen Sie eines an oder schalten Sie es ein. Ist eines angeschlossen, kann es in den Ton- oder Datenschutzeinstellungen des Systems ausgeschaltet sein. Drücken Sie dann erneut auf das Mikrofon.',
    },
    mic_no_devices: {
      title: 'Das System meldet keine Audiogeräte',
      action:
        'Schließen Sie ein Mikrofon an oder prüfen Sie die Toneinstellungen des Systems, und drücken Sie dann erneut auf das Mikrofon. Haben andere Programme Ton, beenden Sie Earshot oder den ganzen Browser und öffnen Sie es neu.',
    },
    mic_busy: {
      title: 'Das Mikrofon konnte nicht geöffnet werden',
      action:
        'Möglicherweise verwendet es ein anderes Programm. Schließen Sie dieses Programm, oder wählen Sie in den Einstellungen ein anderes Mikrofon. Drücken Sie dann erneut auf das Mikrofon.',
    },
    mic_unplugged: {
      title: 'Das Mikrofon wurde getrennt',
      action:
        'Was Sie bis dahin gesagt haben, bleibt erhalten. Kein anderes Mikrofon ließ sich öffnen. Prüfen Sie, ob eines angeschlossen ist, und drücken Sie dann erneut auf das Mikrofon.',
    },
    mic_no_sound: {
      title: 'Vom Mikrofon kommt kein Ton',
      action:
        'Prüfen Sie, ob es eingeschaltet und angeschlossen ist, oder wählen Sie in den Einstellungen ein anderes. Drücken Sie dann erneut auf das Mikrofon.',
    },
    mic_failed: {
      title: 'Das Mikrofon konnte nicht gestartet werden',
      action: 'Prüfen Sie es in den Einstellungen des Systems und drücken Sie dann erneut auf das Mikrofon.',
    },
    part_not_loaded: {
      title: 'Ein Teil dieses Fensters konnte nicht geladen werden',
      action:
        'Das Mikrofon ließ sich öffnen. Drücken Sie erneut auf das Mikrofon. Hilft das nicht, schließen Sie dieses Fenster und öffnen Sie ein neues, im Browser mit dem Link von Earshot.',
    },
    recording_ended: {
      title: 'Die Aufnahme ist beendet',
      action:
        'Was Sie jetzt sagen, kann nicht mehr gesichert werden. Die Meldung darunter nennt den Grund und was zu tun ist. Drücken Sie danach für eine neue Aufnahme auf das Mikrofon.',
    },
    server_gone: {
      title: 'Der Sprachserver antwortet nicht',
      action: 'Ab jetzt bleibt nichts mehr erhalten. Versuchen Sie es erneut, oder starten Sie Earshot neu.',
    },
    other_program: {
      title: 'An der Stelle von Earshot antwortet ein anderes Programm',
      action:
        'Ihm wurde kein Ton gesendet, und das Mikrofon ist aus. Versuchen Sie es erneut, oder starten Sie Earshot neu. Öffnen Sie im Browser den ausgegebenen Link.',
    },
    server_full: {
      title: 'Zu viele Verbindungen sind geöffnet',
      action: 'Schließen Sie ein anderes Earshot-Fenster und drücken Sie dann erneut auf das Mikrofon.',
    },
    too_many_cookies: {
      title: 'Der Browser sendet für diese Adresse mehr Cookies, als Earshot annimmt',
      action:
        'Andere Programme auf diesem Computer setzen sie. Löschen Sie die Cookies dieser Adresse in den Einstellungen des Browsers und drücken Sie erneut auf das Mikrofon. Oder öffnen Sie den Link von Earshot in einem privaten Fenster.',
    },
    refused_policy: {
      title: 'Der Sprachserver hat die Verbindung beendet, weil sie eine Regel verletzt hat',
      action: 'Welche, steht im Protokoll. Drücken Sie auf das Mikrofon, um neu zu beginnen.',
    },
    refused_size: {
      title: 'Der Sprachserver hat eine zu große Nachricht abgelehnt',
      action: 'Drücken Sie auf das Mikrofon, um neu zu beginnen.',
    },
    taken_over: {
      title: 'Diese Sitzung geht in einem anderen Fenster weiter',
      action: 'Drücken Sie auf das Mikrofon, um hier eine neue zu beginnen.',
    },
  },

  audioFiles: {
    errors: {
      cancelled: 'Abgebrochen. Es wurde nichts geändert.',
      export_unsupported: 'Dieser Browser kann keine Opus-Dateien schreiben. Wählen Sie FLAC oder WAV.',
      export_failed:
        'Die Datei konnte nicht erstellt werden. Die Aufnahme ist unverändert. Versuchen Sie es erneut, oder wählen Sie WAV.',
      import_empty: 'Die Datei enthält keinen Ton, daher wurde nichts importiert. Wählen Sie eine andere Datei.',
      import_not_audio:
        'Das ist keine Audiodatei, die Earshot lesen kann. Wählen Sie eine WAV-, FLAC-, MP3-, Opus- oder M4A-Datei.',
      import_unsupported:
        'Diese Art von Audiodatei kann Earshot hier nicht lesen. Wandeln Sie sie mit einem anderen Programm in WAV, FLAC oder MP3 um und importieren Sie sie erneut.',
      import_damaged:
        'Die Datei ist beschädigt, daher wurde nichts importiert. Besorgen Sie eine andere Kopie davon, oder wählen Sie eine andere Datei.',
      import_unreadable:
        'Die Datei ist nicht lesbar. Möglicherweise wurde sie verschoben, geändert oder gesperrt. Prüfen Sie die Datei und importieren Sie sie erneut.',
      import_too_long:
        'Die Datei ist länger als fünf Stunden, daher wurde nichts importiert. Schneiden Sie sie in kürzere Teile und importieren Sie diese.',
      import_too_large:
        'Dateien dieser Art dürfen höchstens 4 MB groß sein. Wandeln Sie sie mit einem anderen Programm in MP3, FLAC oder Opus um und importieren Sie sie erneut.',
      import_busy:
        'In diesem Fenster wird gerade eine andere Datei importiert. Warten Sie, bis sie fertig ist, und importieren Sie diese dann erneut.',
      import_failed:
        'Die Datei konnte nicht importiert werden, und nichts davon wurde behalten. Importieren Sie sie erneut.',
    },
  },

  logFile: {
    errors: {
      log_file_too_large:
        'Die Datei ist größer als 128 MB und wurde nicht geöffnet. Teilen Sie sie zeilenweise auf und öffnen Sie die Teile.',
      log_file_unreadable:
        'Die Datei ist nicht lesbar. Möglicherweise wurde sie verschoben, geändert oder gesperrt. Prüfen Sie die Datei und öffnen Sie sie erneut.',
      not_a_log:
        'Das ist kein Protokoll von Earshot. Wählen Sie eine Datei, die aus einem Protokoll exportiert wurde, oder earshot.log im Datenordner.',
    },
  },

  recordingFiles: {
    saveCopy: 'Kopie sichern',
    saveCopies: ({ recordings }) =>
      plural(recordings, { one: 'Kopie sichern', other: `Kopien von ${formatCount(recordings)} Aufnahmen sichern` }),
    // Short, so that the buttons below a recording fit into one row.
    exportAs: 'Export',
    exportSeveral: ({ recordings }) =>
      plural(recordings, { one: 'Exportieren', other: `${formatCount(recordings)} Aufnahmen exportieren` }),
    formats: {
      wav: { label: 'WAV', menu: 'Als WAV exportieren', hint: 'Wie aufgenommen. Jedes Programm spielt es ab.' },
      flac: { label: 'FLAC', menu: 'Als FLAC exportieren', hint: 'Derselbe Ton in etwa der halben Größe.' },
      opus: {
        label: 'Opus',
        menu: 'Als Opus exportieren',
        hint: 'Klein genug zum Verschicken: 14\u00a0MB pro Stunde.',
      },
    },
    notOffered: 'Dieser Browser kann solche Dateien nicht schreiben.',
    more: 'Weitere Aktionen',
    showInFolder: 'Im Ordner zeigen',
    copyPath: 'Pfad der Datei kopieren',
    pathCopied: ({ path }) => `Kopiert: ${path}`,
    dragHint: 'Ziehen Sie sie zum Teilen in einen Ordner oder eine Nachricht.',
    untitled: ({ when }) => `Aufnahme ${when}`,
    importFiles: 'Audiodateien importieren …',
    dropHere: 'Audiodateien zum Importieren hier ablegen',
    dropKinds: 'WAV, FLAC, MP3, Opus und andere',
    tasks: 'Dateien in Arbeit',
    waiting: 'Wartet',
    making: ({ format, share }) => `${format}-Datei wird erstellt, ${share}`,
    preparing: ({ format }) => `${format}-Datei wird erstellt`,
    saving: 'Wird gesichert',
    importing: ({ share }) => `Wird importiert, ${share}`,
    reading: 'Die Datei wird gelesen',
    cancel: ({ name }) => `„${name}“ abbrechen`,
    saved: ({ name, files }) =>
      plural(files, { one: `„${name}“ wurde gesichert.`, other: `${formatCount(files)} Dateien wurden gesichert.` }),
    inDownloads: ({ name }) => `„${name}“ liegt bei den Downloads des Browsers.`,
    imported: ({ files }) =>
      plural(files, { one: '1 Datei wurde importiert.', other: `${formatCount(files)} Dateien wurden importiert.` }),
    importedMark: 'importiert',
    importedFrom: ({ name }) => `Importiert aus der Datei „${name}“.`,
    folder: 'Das ist ein Ordner. Öffnen Sie ihn und legen Sie die Dateien darin hier ab.',
    tooManyImports: ({ files, most }) =>
      `Earshot importiert höchstens ${formatCount(most)} Dateien auf einmal: ${formatCount(files)} wurden ausgelassen. Importieren Sie sie danach.`,
    tooManySaves: ({ files, most }) =>
      `Earshot sichert höchstens ${formatCount(most)} Dateien auf einmal: ${formatCount(files)} wurden ausgelassen. Wählen Sie sie aus und sichern Sie sie dann.`,
    filesLeftOut: ({ files }) => plural(files, { one: '1 Datei', other: `${formatCount(files)} Dateien` }),
    failed: 'Die Datei wurde nicht gesichert. Die Aufnahme ist unverändert. Versuchen Sie es erneut.',
    notDragged: 'Die Datei konnte nicht gezogen werden. Sichern Sie stattdessen eine Kopie.',
    notShown: 'Die Datei konnte nicht gezeigt werden. Sie liegt dort, wo Sie sie gesichert haben.',
  },

  micButton: {
    label: 'Mikrofon',
    badge: '!',
  },

  status: {
    idle: {
      title: 'Bereit',
      detail: 'Drücken Sie auf das Mikrofon und sprechen Sie, oder halten Sie es beim Sprechen gedrückt.',
    },
    allowMicrophone: { title: 'Mikrofon erlauben …', detail: 'Das System fragt, ob Earshot zuhören darf.' },
    connecting: { title: 'Verbinden …', detail: 'Drücken Sie erneut, um abzubrechen.' },
    waitingForMicrophone: {
      title: 'Warten auf das Mikrofon …',
      detail: ({ microphone }) =>
        `Geöffnet ist ${microphone}, aber noch kam kein Ton. Sprechen Sie, sobald „Aufnahme läuft“ erscheint.`,
    },
    listening: { title: 'Aufnahme läuft', detail: 'Drücken Sie erneut, um zu beenden.' },
    paused: {
      title: 'Pausiert',
      detail: 'Es wird nichts aufgenommen. Setzen Sie jederzeit fort, oder drücken Sie zum Beenden auf das Mikrofon.',
    },
    pausedAndLost: 'Pausiert, Verbindung unterbrochen',
    limitNear: ({ seconds }) => `Die Aufnahme endet in ${seconds}\u00a0s, weil sie dann die maximale Länge hat.`,
    limitReached: {
      title: 'Aufnahme beendet',
      detail: ({ minutes }) =>
        `Sie hat die eingestellte Länge von ${plural(minutes, { one: '1 Minute', other: `${formatCount(minutes)} Minuten` })} erreicht und wurde gesichert. Drücken Sie für eine neue Aufnahme auf das Mikrofon.`,
    },
    connectionLost: 'Verbindung unterbrochen',
    retrying: 'Neuer Versuch …',
    retryIn: ({ seconds }) => `Neuer Versuch in ${seconds}\u00a0s.`,
    finishing: { title: 'Wird abgeschlossen …', detail: 'Ihre letzten Worte werden gesendet.' },
    waitingToFinish: {
      title: ({ recordings }) =>
        plural(recordings, {
          one: 'Die letzte Aufnahme wird abgeschlossen …',
          other: `${formatCount(recordings)} Aufnahmen werden abgeschlossen …`,
        }),
      detail: ({ retry }) => `Die Verbindung ist unterbrochen. ${retry}`,
      kept: ({ recordings, seconds }) =>
        `${plural(recordings, { one: 'Sie bleibt', other: 'Sie bleiben' })}${howLong(seconds)} erhalten. Sie können inzwischen auf das Mikrofon drücken und sprechen.`,
    },
    kept: ({ seconds }) => `Was Sie sagen, bleibt${howLong(seconds)} erhalten.`,
    earlierWaiting: ({ recordings }) =>
      plural(recordings, {
        one: 'Die letzte Aufnahme wartet auf eine Verbindung.',
        other: 'Die letzten Aufnahmen warten auf eine Verbindung.',
      }),
    earlierAlsoWaiting: ({ recordings }) =>
      plural(recordings, {
        one: 'Auch die letzte Aufnahme wartet.',
        other: 'Auch die letzten Aufnahmen warten.',
      }),
    sentence: ({ title }) => (/[.…]$/.test(title) ? title : `${title}.`),
    tryNow: 'Jetzt versuchen',
    openSystemSettings: 'Systemeinstellungen öffnen',
    systemSettingsFailed: 'Earshot konnte die Einstellungen nicht öffnen.',
  },

  microphone: {
    systemDefault: 'Standardmikrofon des Systems',
    unnamedDefault: 'das Standardmikrofon des Systems',
    unnamed: 'das Mikrofon',
    quoted: ({ name }) => `„${name}“`,
    replacementInUse: ({ chosen, name }) => `Nicht angeschlossen: ${chosen}. In Gebrauch: ${name}.`,
    replacementWillBeUsed: ({ chosen, name }) => `Nicht angeschlossen: ${chosen}. Stattdessen: ${name}.`,
    muted: {
      title: 'Das Mikrofon ist stummgeschaltet',
      detail: ({ name }) =>
        `Es wird nur Stille aufgenommen. Schalten Sie ${name} in den Toneinstellungen des Systems oder am Gerät wieder ein.`,
    },
    muted_in_app: {
      title: 'Stummgeschaltet',
      detail: () => 'Es wird Stille aufgenommen. Heben Sie die Stummschaltung auf, um gehört zu werden.',
    },
    stalled: {
      title: 'Das Mikrofon liefert nichts',
      detail: ({ name }) =>
        `Es kommt kein Ton von: ${name}. Schalten Sie es aus und wieder ein, oder warten Sie, bis es verbunden ist. Die Aufnahme geht dann weiter.`,
    },
    silent: {
      title: 'Nur Stille ist zu hören',
      detail: ({ name }) =>
        `Ausgeschaltet oder leise gestellt? Das betrifft ${name}. Prüfen Sie den Schalter am Gerät, oder wählen Sie in den Einstellungen ein anderes Mikrofon.`,
    },
    noise: {
      title: 'Nur leises Rauschen ist zu hören',
      detail: ({ name }) =>
        `Ausgeschaltet oder leise gestellt? Das betrifft ${name}. Prüfen Sie den Schalter am Gerät und den Pegel in den Toneinstellungen des Systems.`,
    },
  },

  devices: {
    microphone: 'Mikrofon',
    output: 'Aufnahmen wiedergeben auf',
    outputSearchWords: 'Lautsprecher Kopfhörer Ausgang Gerät',
    systemDefault: ({ name }) => (name === '' ? 'Systemstandard' : `Systemstandard (${name})`),
    numberedMicrophone: ({ number }) => `Mikrofon ${number}`,
    numberedOutput: ({ number }) => `Ausgabegerät ${number}`,
    chosenMicrophone: 'Früher gewähltes Mikrofon',
    chosenOutput: 'Früher gewähltes Ausgabegerät',
    notConnected: ({ name }) => `${name} (nicht angeschlossen)`,
    foundByName: ({ name }) => `${name} wurde am Namen erkannt.`,
    namesHidden: 'Mikrofone haben hier Namen, sobald das Mikrofon erlaubt ist.',
    outputNamesHidden: 'Ausgabegeräte haben hier Namen, sobald das Mikrofon erlaubt ist.',
    allow: 'Mikrofon erlauben',
    asking: 'Warten auf die Antwort …',
    problem: ({ title, action }) => `${title}. ${action}`,
    microphoneHint: 'Eine Änderung während einer Aufnahme gilt sofort, und nichts geht verloren.',
    channelShort: 'Kanal',
    channelOf: {
      automatic: 'Kanal automatisch',
      left: 'Linker Kanal',
      right: 'Rechter Kanal',
      numbered: ({ number }) => `Kanal ${number}`,
    },
    outputHint: 'Dort werden Aufnahmen und der Mikrofontest wiedergegeben.',
    outputMissing: ({ name }) =>
      `${name} ist nicht angeschlossen. Aufnahmen werden auf dem Standardgerät des Systems wiedergegeben.`,
    outputFailed: ({ name }) =>
      `${name} konnte nicht verwendet werden. Aufnahmen werden auf dem Standardgerät des Systems wiedergegeben. Wählen Sie in den Einstellungen ein anderes Ausgabegerät.`,
    outputUnsupported: 'Dieser Browser gibt Aufnahmen nur auf dem Standardgerät des Systems wieder.',
  },

  micTest: {
    label: 'Mikrofontest',
    start: 'Mikrofon testen',
    again: 'Erneut testen',
    stop: 'Test beenden',
    hint: ({ seconds }) =>
      `Sagen Sie ${seconds} Sekunden lang etwas und hören Sie es an. Nichts wird gesendet oder gesichert.`,
    opening: 'Warten auf das Mikrofon …',
    recording: 'Aufnahme läuft: Sagen Sie etwas, so laut wie sonst.',
    playing: 'So klingt es …',
    busy: 'Der Test ist nur möglich, wenn das Mikrofon aus ist.',
    playFailed: 'Die Wiedergabe ist fehlgeschlagen.',
    verdict: {
      good: 'Gute Lautstärke.',
      quiet: 'Sehr leise: Gehen Sie näher heran, oder erhöhen Sie die Eingangslautstärke.',
      clipped: 'Zu laut: Teile sind verzerrt. Halten Sie Abstand, oder senken Sie die Eingangslautstärke.',
      silent: 'Stille: Ist das Mikrofon stumm, oder ist ein anderes gewählt?',
    },
  },

  firstSteps: {
    title: 'Willkommen bei Earshot',
    what: 'Drücken Sie auf das Mikrofon und sprechen Sie: Earshot nimmt Sie auf, nur auf diesem Computer.',
    folder: 'Aufnahmen werden gesichert in',
    keys: 'Tasten',
    talkKey: ({ keys }) => `${keys} wirkt wie das Mikrofon.`,
    shortcut: ({ keys }) => `${keys} wirkt in jedem Programm.`,
    start: 'Verstanden',
    skip: 'Erste Schritte überspringen',
    again: 'Die Einstellungen zeigen dies erneut.',
    field: 'Erste Schritte',
    show: 'Erste Schritte zeigen',
  },

  processing: {
    label: 'Tonbearbeitung durch den Browser',
    hint: 'Alles aus: Die Aufnahme ist das, was das Mikrofon liefert. Änderungen gelten ab der nächsten Aufnahme.',
    echoCancellation: {
      label: 'Echounterdrückung',
      hint: 'Entfernt, was die Lautsprecher wiedergeben, kann dabei aber auch Ihre Stimme beschneiden.',
    },
    noiseSuppression: {
      label: 'Rauschunterdrückung',
      hint: 'Senkt gleichmäßige Geräusche wie einen Lüfter, kann aber auch leise Wörter verschlucken und verzerrt Musik.',
    },
    autoGainControl: {
      label: 'Automatische Verstärkung',
      hint: 'Hebt leise und senkt laute Sprache; in Pausen wächst das Rauschen, und der Pegel zeigt nicht mehr, wie laut Sie waren.',
    },
    unsupported: 'Dieser Browser hat keinen solchen Schalter.',
    reportedOn: ({ name }) => `Der Browser meldet, dass sie bei ${name} eingeschaltet ist.`,
    reportedOff: ({ name }) => `Der Browser meldet, dass sie bei ${name} ausgeschaltet ist.`,
  },

  recovery: {
    broke: (count) => `${connectionBroke(count)}.`,
    brokeWithoutLoss: (count) => `${connectionBroke(count)}; nichts ging verloren.`,
    brokeWithLoss: ({ lost, ...count }) => `${connectionBroke(count)}; etwa ${lost} gingen verloren.`,
    lost: ({ lost }) => `Etwa ${lost} gingen verloren.`,
    lostSoFar: ({ lost }) => `Bisher gingen etwa ${lost} verloren.`,
    microphoneStalled: ({ length }) =>
      `Etwa ${length} wurden nicht aufgenommen, weil das Mikrofon nichts geliefert hat.`,
    microphoneChanged: ({ length }) =>
      `Etwa ${length} wurden nicht aufgenommen, weil das Mikrofon getrennt war, bis ein anderes geöffnet wurde.`,
    audioDelayed: ({ length }) =>
      `Etwa ${length} wurden nicht aufgenommen, weil Earshot oder die Tonausgabe des Systems stockte.`,
    slept: ({ length }) =>
      `Der Computer hat etwa ${length} geschlafen, oder seine Uhr wurde vorgestellt. Im Ruhezustand wird nichts aufgenommen.`,
  },

  instruments: {
    elapsed: 'Verstrichene Zeit',
    session: 'Sitzung',
    copySessionId: 'Sitzungs-ID kopieren',
    level: 'Mikrofonpegel',
    words: { none: 'kein Ton', very_quiet: 'sehr leise', good: 'guter Pegel', too_loud: 'zu laut' },
    levelValue: ({ word, level }) => `${word}, Spitze ${level} dBFS`,
    silence: 'kein Ton',
  },

  windowTitle: {
    recording: ({ app }) => `● Aufnahme · ${app}`,
    no_sound: ({ app }) => `● Aufnahme ohne Ton · ${app}`,
    muted: ({ app }) => `● Aufnahme, stumm · ${app}`,
    paused: ({ app }) => `○ Pausiert · ${app}`,
    reconnecting: ({ app }) => `● Aufnahme, nicht verbunden · ${app}`,
  },

  turnControls: {
    pause: 'Pause',
    pauseHint: 'Pause: Bis zum Fortsetzen wird nichts aufgenommen',
    continue: 'Fortsetzen',
    continueHint: 'Diese Aufnahme fortsetzen',
    mute: 'Stumm',
    muteHint: 'Stummschalten: Es wird Stille aufgenommen',
    unmute: 'Stumm aus',
    unmuteHint: 'Stummschaltung aufheben',
  },

  overlay: {
    states: {
      waiting: 'Warten …',
      recording: 'Aufnahme',
      no_sound: 'Kein Ton',
      muted: 'Stumm',
      paused: 'Pausiert',
      reconnecting: 'Keine Verbindung',
    },
    stop: 'Stopp',
  },

  interruptedTurn: {
    listening: {
      reloaded: ({ shell }) => `Die Aufnahme endete, weil ${tabOrWindow(shell)} neu geladen wurde.`,
      left: () => 'Die Aufnahme endete, weil die Seite verlassen wurde.',
      crashed: ({ shell }) => `Die Aufnahme endete, weil ${tabOrWindow(shell)} abgestürzt ist.`,
    },
    stopping: {
      reloaded: ({ shell }) => `Während die letzten Worte gesichert wurden, wurde ${tabOrWindow(shell)} neu geladen.`,
      left: () => 'Während die letzten Worte gesichert wurden, wurde die Seite verlassen.',
      crashed: ({ shell }) => `Während die letzten Worte gesichert wurden, ist ${tabOrWindow(shell)} abgestürzt.`,
    },
    waiting: {
      reloaded: ({ shell }) => `Ohne Verbindung wurde ${tabOrWindow(shell)} neu geladen.`,
      left: () => 'Die Seite wurde ohne Verbindung verlassen.',
      crashed: ({ shell }) => `Ohne Verbindung ist ${tabOrWindow(shell)} abgestürzt.`,
    },
    lost: 'Was Sie ohne Verbindung gesagt haben, ist verloren.',
    saving: 'Was Sie gesagt haben, wird gesichert …',
    stillSaving: 'Was Sie gesagt haben, wird noch gesichert. Es erscheint unter „Aufnahmen“.',
    unknown: 'Was gesichert wurde, finden Sie unter „Aufnahmen“.',
    saved: ({ length }) => `${length} wurden gesichert.`,
    nothingRecorded: 'Es wurde nichts aufgenommen.',
    nothingSaved: ({ failure }) => `Es wurde nichts gesichert. ${failure}`,
    restNotSaved: ({ saved, failure }) => `${saved} Der Rest nicht: ${failure}`,
  },

  unsavedAudio: {
    title: ({ length }) => `${length} sind nicht gesichert`,
    savedTitle: 'Ist die Datei angekommen?',
    inThisWindow: 'Der Ton ist nur in diesem Fenster.',
    savedAs: ({ length, file }) => `${length} als ${file}`,
    cutShort: ({ minutes }) =>
      plural(minutes, {
        one: 'Nur die letzte Minute blieb erhalten.',
        other: `Nur die letzten ${formatCount(minutes)} Minuten blieben erhalten.`,
      }),
    save: 'Als Datei sichern',
    saveAgain: 'Erneut sichern',
    discard: 'Verwerfen',
  },

  recordings: {
    title: 'Aufnahmen',
    count: ({ recordings }) => plural(recordings, { one: '1 Aufnahme', other: `${formatCount(recordings)} Aufnahmen` }),
    shownOf: ({ shown, total }) => `${formatCount(shown)} von ${formatCount(total)}`,
    empty: 'Noch keine Aufnahmen',
    emptyHint:
      'Drücken Sie auf das Mikrofon und sprechen Sie. Was Sie sagen, wird hier gesichert und bleibt auf diesem Computer.',
    noMatch: 'Keine passenden Aufnahmen.',
    showAll: 'Alle Aufnahmen zeigen',
    listFailed: 'Die Aufnahmen konnten nicht aufgelistet werden.',
    search: 'In Titel, Notiz und Datum suchen',
    searchHint: 'Suchen',
    filters: 'Filter',
    filter: { gaps: 'Lücken', repaired: 'Repariert', clipped: 'Übersteuert' },
    filterHint: {
      gaps: 'Nur Aufnahmen, in denen Ton fehlt',
      repaired: 'Nur Aufnahmen, die abgebrochen oder repariert wurden',
      clipped: 'Nur Aufnahmen, die zu laut waren',
    },
    sort: 'Sortieren nach',
    sortBy: { newest: 'Neueste zuerst', oldest: 'Älteste zuerst', longest: 'Längste zuerst', title: 'Nach Titel' },
    untitled: ({ time }) => `Aufnahme um ${time}`,
    inProgress: 'läuft gerade',
    level: { silent: 'still', quiet: 'leise', good: 'guter Pegel', clipped: 'übersteuert' },
    levelHint: {
      silent: 'Es wurde nur Stille aufgenommen. Ist das richtige Mikrofon gewählt?',
      quiet: 'Die Aufnahme ist leise. Gehen Sie näher an das Mikrofon, oder stellen Sie es lauter.',
      good: 'Der Pegel ist gut.',
      clipped: 'Die Aufnahme war stellenweise zu laut und ist dort verzerrt. Stellen Sie das Mikrofon leiser.',
    },
    otherMicrophone: {
      mark: 'anderes Mikrofon',
      sentence: ({ chosen, used }) => `Aufgenommen mit ${used}; ${chosen} war nicht angeschlossen.`,
      unnamed: 'einem anderen Mikrofon',
    },
    selected: ({ recordings }) => `${formatCount(recordings)} ausgewählt`,
    clearSelection: 'Auswahl aufheben',
    details: 'Details der Aufnahme',
    closeDetails: 'Details schließen',
    selectOne: 'Wählen Sie eine Aufnahme aus, um sie abzuspielen und Titel oder Notiz hinzuzufügen.',
    rename: 'Umbenennen',
    titleField: 'Titel',
    note: 'Notiz',
    noteHint: 'Notiz hinzufügen',
    noteState: {
      unsaved: 'Noch nicht gesichert',
      saving: 'Wird gesichert …',
      saved: 'Gesichert',
      failed: 'Nicht gesichert',
    },
    speed: 'Tempo',
    speedOf: ({ speed }) => `${formatCount(speed)}×`,
    loop: 'Wiederholen',
    skipBack: ({ seconds }) => `${seconds} Sekunden zurück`,
    skipForward: ({ seconds }) => `${seconds} Sekunden vor`,
    positionOf: ({ at, length }) => `${at} von ${length}`,
    waveformFailed: 'Die Wellenform konnte nicht geladen werden.',
    trim: 'Kürzen',
    trimHint: 'Der ausgewählte Teil wird als neue Aufnahme gesichert. Das Original bleibt, wie es ist.',
    trimStart: 'Anfang des Teils',
    trimEnd: 'Ende des Teils',
    trimLength: ({ length }) => `${length} ausgewählt`,
    saveTrim: 'Teil sichern',
    savingTrim: 'Wird gesichert …',
    cancel: 'Abbrechen',
    delete: 'Löschen',
    deleteSelected: ({ recordings }) =>
      plural(recordings, { one: 'Aufnahme löschen', other: `${formatCount(recordings)} Aufnahmen löschen` }),
    deleted: ({ recordings }) =>
      plural(recordings, { one: 'Aufnahme gelöscht.', other: `${formatCount(recordings)} Aufnahmen gelöscht.` }),
    undo: 'Rückgängig',
    describeFailed: 'Die Änderung wurde nicht gesichert. Versuchen Sie es erneut.',
    deleteFailed: 'Die Aufnahmen wurden nicht gelöscht. Versuchen Sie es erneut.',
    restoreFailed: 'Die Aufnahmen wurden nicht wiederhergestellt. Versuchen Sie es erneut.',
    trimFailed: 'Der Teil wurde nicht gesichert. Das Original ist unverändert. Versuchen Sie es erneut.',
    someFailed: ({ count, first }) =>
      plural(count, { one: first, other: `${formatCount(count)} Aufnahmen wurden nicht geändert. ${first}` }),
    delayedTitle: 'Noch nicht auf dem Datenträger gesichert',
    savedWithoutDetailsTitle: 'Ohne Details gesichert',
    notAllSavedTitle: 'Nicht alles wurde gesichert',
    saved: ({ length }) => `Aufnahme gesichert, ${length}`,
    silent: 'Nur Stille. Ist das richtige Mikrofon gewählt?',
    levels: ({ peak, rms }) => `Spitze ${peak} · RMS ${rms} dBFS`,
    missing: ({ length }) => `${length} fehlen`,
    missingAt: ({ length, at }) => `${length} fehlen bei ${at}; dort ist Stille`,
    missingInPlaces: ({ length, places }) => `${length} fehlen an ${formatCount(places)} Stellen; dort ist Stille`,
    discarded: ({ length }) => `Zu kurz zum Behalten (${length}).`,
    muted: flawText('war', 'stummgeschaltet'),
    mutedInApp: flawText('war', 'in Earshot stummgeschaltet'),
    paused: {
      once: ({ at, length }) => `Pausiert bei ${at} für ${length}.`,
      often: ({ places, length }) => `Pausiert an ${formatCount(places)} Stellen, insgesamt für ${length}.`,
    },
    stalled: flawText('lieferte', 'nichts'),
    microphoneSilent: flawText('lieferte', 'nur Stille'),
    noise: flawText('lieferte', 'nur leises Rauschen'),
    microphoneMark: 'Mikrofon nicht gehört',
    diskFull: {
      mark: 'Datenträger voll',
      sentence: 'Der Datenträger war voll, daher endete die Aufnahme vorzeitig',
    },
    endedEarly: {
      mark: 'vorzeitig beendet',
      sentence: ({ code }) => `Die Aufnahme endete vorzeitig (${code}); der Grund steht im Protokoll`,
    },
    cutShort: {
      mark: 'abgebrochen',
      sentence: 'Earshot wurde beendet, bevor die Aufnahme fertig war; alles bis dahin Gesicherte ist hier',
    },
    detailsLost: {
      mark: 'Details verloren',
      sentence: 'Die Datei mit den Details ging verloren: Kennung und fehlende Stellen sind unbekannt',
    },
    started: (date) => dates.short(date, new Date()),
    play: ({ started }) => `${recordingName(started)} abspielen`,
    pause: ({ started }) => `${recordingName(started)} anhalten`,
    playsWhenMicIsOff: 'Aufnahmen lassen sich abspielen, wenn das Mikrofon aus ist',
    position: 'Position in der Aufnahme',
    playFailed:
      'Die Aufnahme konnte nicht abgespielt werden. Versuchen Sie es erneut, oder sichern Sie eine Kopie und öffnen Sie sie in einem anderen Programm.',
  },

  health: {
    title: 'Verbindungsqualität',
    loadFailed: 'Die Verbindungswerte konnten nicht geladen werden.',
    empty: 'Noch keine Verbindung. Drücken Sie auf das Mikrofon: Jede Verbindung wird hier gezählt.',
    lastConnections: ({ connections }) =>
      plural(connections, { one: 'Letzte Verbindung', other: `Letzte ${formatCount(connections)} Verbindungen` }),
    succeeded: 'Erfolgreich',
    retried: 'Mit Wiederholung',
    manyRetries: 'Viele Wiederholungen',
    manyRetriesShare: ({ share }) => `, ${share}`,
    warningName: ({ share }) => `Viele Wiederholungen${share}: Verbindungsqualität`,
    warningHint: ({ share }) => `Verbindungsqualität: viele Wiederholungen${share}`,
    warning: ({ above, at }) =>
      `Zu viele Verbindungen brauchen eine Wiederholung. Diese Warnung erscheint über ${above} und verschwindet bei ${at}. Das Protokoll nennt jede einzelne (WELCOME_RETRY).`,
    warningAnnouncement:
      'Viele Verbindungen brauchen mehr als einen Versuch. Einzelheiten stehen unter „Verbindungsqualität“.',
    timeToConnect: 'Zeit bis zur Verbindung',
    timeUnit: 'bis … ms',
    time: 'Zeit',
    connections: 'Verbindungen',
    barHint: ({ range, count }) => `${range}: ${formatCount(count)}`,
    slowerMark: 'mehr',
    secondsMark: ({ seconds }) => `${seconds}\u00a0s`,
    anyTime: 'beliebig lange',
    over: ({ time }) => `über ${time}`,
    upTo: ({ time }) => `bis ${time}`,
    between: ({ over, upTo }) => `über ${over} bis ${upTo}`,
    times: 'Zeiten',
    connecting: 'Verbinden',
    resuming: 'Wiederaufnehmen',
    eventLoopDelay: 'Verzögerung der Event-Loop',
    sinceStart: 'Seit dem Start von Earshot',
    resumed: 'Wieder aufgenommene Verbindungen',
    resumedOf: ({ resumed, lost }) => `${formatCount(resumed)} von ${formatCount(lost)}`,
    noneLost: 'keine ging verloren',
    frames: 'Empfangene Audioframes',
    missingFrames: 'Fehlende Frames',
    missingLength: ({ frames, length }) => `${formatCount(frames)} (${length})`,
    duplicateFrames: 'Doppelte Frames',
    settleDelay: 'Aktuelle Wartezeit vor der Begrüßung',
  },

  link: {
    down: 'Keine Verbindung zum Host von Earshot. Seine Zeilen erscheinen, sobald er wieder da ist.',
    unreachable:
      'Der Host von Earshot ist nicht erreichbar. Öffnen Sie nach einem Neustart von Earshot den ausgegebenen Link.',
    unproven:
      'An der Stelle von Earshot antwortet ein anderes Programm. Starten Sie Earshot neu und öffnen Sie den ausgegebenen Link.',
  },

  log: {
    title: 'Protokoll',
    close: 'Protokoll ausblenden',
    lines: 'Protokollzeilen',
    shownOf: ({ shown, total }) => (shown === total ? logLines(total) : `${formatCount(shown)} von ${logLines(total)}`),
    detail: 'Ausführlichkeit',
    plain: 'Einfach',
    everything: 'Alles',
    hidden: ({ lines }) =>
      plural(lines, {
        one: '1 technische Zeile ist ausgeblendet.',
        other: `${formatCount(lines)} technische Zeilen sind ausgeblendet.`,
      }),
    showEverything: 'Alles zeigen',
    pause: 'Liste anhalten',
    pauseHint: 'Liste anhalten. Sie bleibt, wie sie ist; neue Zeilen werden behalten und gezählt.',
    follow: 'Neuen Zeilen folgen',
    followHint: 'Neuen Zeilen folgen. Sie erscheinen, sobald sie da sind.',
    copySelected: 'Ausgewählte Zeilen kopieren',
    copyShown: 'Alle gezeigten Zeilen kopieren',
    clear: 'Ansicht dieses Fensters leeren (Protokolldatei und andere Fenster behalten alles)',
    more: 'Mehr',
    export: 'Gezeigte Zeilen exportieren',
    exportHint: 'Als JSONL-Datei',
    openFile: 'Protokolldatei öffnen …',
    openFileHint: 'Eine exportierte oder gespeicherte, auch von einem anderen Computer',
    copyFilter: 'Filter kopieren',
    copyFilterHint: 'Als Text, den man in ein Suchfeld einfügt',
    keys: 'Tasten des Protokolls',
    keysHint: 'Sie wirken, solange das Protokoll den Fokus hat, aber nicht beim Tippen in einem Feld.',
    search: 'Protokoll durchsuchen',
    searchHint: 'Suchen',
    clearSearch: 'Suche leeren',
    matchOf: ({ position, count }) =>
      position === 0 ? formatCount(count) : `${formatCount(position)} von ${formatCount(count)}`,
    matches: ({ count }) => plural(count, { one: '1 Zeile passt', other: `${formatCount(count)} Zeilen passen` }),
    noMatches: 'Kein Treffer',
    nextMatch: 'Nächster Treffer',
    previousMatch: 'Voriger Treffer',
    onlyMatches: 'Nur passende Zeilen zeigen',
    filtering: 'Suche läuft …',
    applyFilter: 'Mit der Eingabetaste wird daraus ein Filter.',
    sides: 'Seiten',
    side: { server: 'Server', client: 'Client', app: 'App', both: 'Beide' },
    minimumLevel: 'Mindeststufe',
    level: { debug: 'Alle Stufen', info: 'Ab Info', warn: 'Ab Warnung', error: 'Nur Fehler' },
    levelName: { debug: 'Debug', info: 'Info', warn: 'Warnung', error: 'Fehler' },
    event: 'Ereignis',
    allEvents: 'Ereignisse',
    sessionFilter: 'Sitzung',
    allSessions: 'Sitzungen',
    noMatch: 'Keine Zeile passt zu diesen Filtern.',
    onlyTechnical: 'Nur technische Zeilen passen.',
    showAll: 'Alle Zeilen zeigen',
    cleared: 'Geleert. Neue Zeilen erscheinen hier.',
    clearedNotice: 'Die Liste wurde geleert.',
    undoClear: 'Rückgängig',
    empty: 'Noch ist nichts geschehen. Drücken Sie auf das Mikrofon, um zu sehen, was Earshot tut.',
    emptyFile: 'Die Datei hat keine Zeilen.',
    newLines: ({ count }) => `${formatCount(count)} neu`,
    paused: 'Angehalten',
    older: ({ lines }) =>
      plural(lines, {
        one: '1 ältere Zeile ist hier nicht zu sehen. Die Protokolldatei enthält sie.',
        other: `${formatCount(lines)} ältere Zeilen sind hier nicht zu sehen. Die Protokolldatei enthält die neuesten davon.`,
      }),
    showLogFile: 'Zeigen',
    logFileIsAt: ({ path }) => `Die Protokolldatei ist ${path}`,
    notRecorded: 'noch nicht aufgezeichnet',
    unrecorded: ({ lines }) => `${unrecordedLines(lines)} noch nicht aufgezeichnet.`,
    unrecordedAndDropped: ({ lines, dropped }) =>
      `${unrecordedLines(lines)} noch nicht aufgezeichnet, und ${plural(dropped, {
        one: '1 ältere wurde verworfen',
        other: `${formatCount(dropped)} ältere wurden verworfen`,
      })}.`,
    audio: {
      length: 'Länge',
      level: 'Pegel',
      missing: 'fehlt',
      duplicates: 'doppelt',
      sent: 'Frames gesendet',
      received: 'Frames empfangen',
    },
    levelWords: { silent: 'Stille', quiet: 'sehr leise', good: 'guter Pegel', clipped: 'zu laut' },
    frames: ({ frames, length }) => `${frames} (${length})`,
    defaultMicrophone: 'das Standardgerät des Systems',
    moreFields: ({ fields }) => plural(fields, { one: 'weiteres Feld', other: 'weitere Felder' }),
    expand: ({ lines }) => `Die ${formatCount(lines)} Zeilen einblenden`,
    collapse: ({ lines }) => `Die ${formatCount(lines)} Zeilen ausblenden`,
    session: ({ id }) => `Sitzung ${id}`,
    showSession: ({ id }) => `Sitzung ${id} zeigen`,
    showThisSession: 'Diese Sitzung zeigen',
    selected: 'Ausgewählte Protokollzeile',
    selectedRange: ({ lines, from, to }) => `${formatCount(lines)} Zeilen von ${from} bis ${to}`,
    fields: 'Felder der Zeile',
    facts: { time: 'Zeit', side: 'Seite', level: 'Stufe', window: 'Fenster', position: 'Nummer' },
    asText: 'Als Text',
    asJson: 'Als JSON',
    copyText: 'Als Text kopieren',
    copyJson: 'Als JSON kopieren',
    copyField: ({ name }) => `${name} kopieren`,
    copyLines: 'Diese Zeilen kopieren',
    closeLine: 'Einzelheiten schließen',
    dropHere: 'Protokolldatei hier ablegen, um sie zu lesen',
    readingFile: ({ name }) => `${name} wird gelesen …`,
    cancelReading: 'Abbrechen',
    fileShown: ({ name, lines }) => `Datei ${name}: ${logLines(lines)}.`,
    malformed: ({ count, firstLines }) =>
      plural(count, {
        one: `1 Zeile war nicht lesbar (Zeile ${lineNumbers(count, firstLines)}).`,
        other: `${formatCount(count)} Zeilen waren nicht lesbar (Zeilen ${lineNumbers(count, firstLines)}).`,
      }),
    backToLive: 'Zurück zum laufenden Protokoll',
    oneFile: 'Legen Sie eine Protokolldatei auf einmal ab.',
    keyGroups: { move: 'Bewegen', line: 'Die ausgewählte Zeile', search: 'Suchen', list: 'Die Liste' },
    keyCommands: {
      down: 'Nächste Zeile',
      up: 'Vorige Zeile',
      pageDown: 'Eine Seite weiter',
      pageUp: 'Eine Seite zurück',
      first: 'Erste Zeile',
      last: 'Neueste Zeile, und folgen',
      open: 'Ihre Einzelheiten zeigen',
      close: 'Einzelheiten schließen, dann die Suche, dann die Sitzung',
      session: 'Ihre Sitzung zeigen',
      expand: 'Zeilen einer Tonzeile einblenden',
      collapse: 'Sie ausblenden',
      search: 'Suchen',
      nextMatch: 'Nächster Treffer',
      previousMatch: 'Voriger Treffer',
      detail: 'Einfach oder alles',
      pause: 'Anhalten oder folgen',
      selectAll: 'Alle Zeilen auswählen',
      copy: 'Ausgewählte Zeilen kopieren',
      undoClear: 'Leeren rückgängig machen',
      help: 'Diese Tasten',
    },
    keyNames: {
      Control: 'Strg',
      Enter: 'Eingabe',
      Escape: 'Esc',
      Home: 'Pos1',
      End: 'Ende',
      PageUp: 'Bild ↑',
      PageDown: 'Bild ↓',
    },
  },

  plainLog: plainLogDe,
  sessionView: sessionViewDe,

  logFilter: {
    session: ({ part }) => `„${part}“ ist keine Sitzung. Schreiben Sie den Anfang ihrer Kennung, etwa session:1a2b.`,
    side: ({ part }) => `„${part}“ ist keine Seite. Schreiben Sie server, client oder app, durch Kommas getrennt.`,
    level: ({ part }) => `„${part}“ ist keine Stufe. Schreiben Sie debug, info, warn oder error.`,
    event: ({ part }) =>
      `„${part}“ ist kein Ereignis des Protokolls. Schreiben Sie seinen Namen, etwa event:WS_CONNECT.`,
    repeated: ({ part }) => `„${part}“ kann nicht hinzukommen, weil der Filter nur eines davon haben kann.`,
  },

  settings: {
    title: 'Einstellungen',
    notSaved:
      'Der Host von Earshot ist nicht erreichbar, daher ist dies noch nicht gesichert. Es gilt in diesem Fenster und wird gesichert, sobald der Host wieder da ist.',
    changeFailed: 'Die Änderung wurde nicht gesichert. Versuchen Sie es erneut.',
    sectionList: 'Bereiche',
    sections: {
      general: 'Allgemein',
      microphone: 'Mikrofon',
      recordings: 'Aufnahmen',
      shortcuts: 'Tastenkürzel',
      computer: 'Dieser Computer',
      updates: 'Updates',
      advanced: 'Erweitert',
    },
    search: {
      label: 'Einstellung suchen',
      found: ({ fields }) =>
        plural(fields, { one: '1 Einstellung gefunden', other: `${formatCount(fields)} Einstellungen gefunden` }),
      none: ({ query }) => `Keine Einstellung passt zu „${query}“.`,
      showAll: 'Alle Einstellungen zeigen',
    },
    on: 'Ein',
    off: 'Aus',
    reset: {
      one: ({ name, value }) => `„${name}“ auf „${value}“ zurücksetzen`,
      oneDone: ({ name, value }) => `„${name}“ ist wieder „${value}“.`,
      undo: 'Rückgängig',
      undone: 'Die Einstellungen sind wie vorher.',
    },
    file: {
      damaged:
        'Ihre Einstellungsdatei war beschädigt. Earshot startet deshalb mit den Standardwerten. Die Datei ist unverändert aufbewahrt als',
      wrong_values:
        'Einige Werte in Ihrer Einstellungsdatei waren ungültig. Für sie gelten jetzt die Standardwerte. Die Datei ist aufbewahrt als',
      newer:
        'Ihre Einstellungen stammen von einer neueren Version von Earshot. Diese hier startet deshalb mit den Standardwerten. Die Datei ist unverändert aufbewahrt als',
      unsafe: 'Ihre Einstellungsdatei wurde nicht verwendet, weil andere sie ändern könnten. Sie wurde umbenannt in',
      unreadable:
        'Ihre Einstellungen konnten nicht gelesen werden. Earshot startet deshalb mit den Standardwerten. Prüfen Sie die Zugriffsrechte dieser Datei und starten Sie Earshot dann neu:',
      not_kept:
        'Ihre Einstellungsdatei ist unbrauchbar und ließ sich nicht umbenennen. Änderungen können deshalb nicht gesichert werden. Verschieben Sie diese Datei und starten Sie Earshot dann neu:',
    },
    resetAll: {
      label: 'Standardwerte',
      action: 'Alle Einstellungen zurücksetzen',
      hint: 'Ihre Aufnahmen und ihr Ordner bleiben, wie sie sind.',
      nothing: 'Alle Einstellungen haben ihre Standardwerte.',
      done: ({ settings }) =>
        `${plural(settings, { one: '1 Einstellung hat', other: `${formatCount(settings)} Einstellungen haben` })} wieder den Standardwert. Ihre Aufnahmen und ihr Ordner bleiben, wie sie sind.`,
    },
    theme: {
      label: 'Erscheinungsbild',
      system: 'System',
      light: 'Hell',
      dark: 'Dunkel',
      searchWords: 'Farben dunkel hell Design',
    },
    language: {
      label: 'Sprache',
      system: ({ language }) => `System (${language})`,
      names: { en: 'English', de: 'Deutsch' },
      hint: 'Datum und Zahlen behalten das Format der Region.',
      searchWords: 'Sprache language Englisch Deutsch Region Übersetzung',
    },
    userLabel: {
      label: 'Eigene Kennung',
      searchWords: 'Name Benutzer',
      hint: 'Wird mit jeder Sitzung und Aufnahme gesichert.',
      invalid: 'Verwenden Sie 1 bis 64 Buchstaben, Ziffern, Bindestriche oder Unterstriche, keine Leerzeichen.',
    },
    microphone: {
      label: 'Mikrofon',
      systemDefault: 'Systemstandard',
      searchWords: 'Eingang Gerät Kanal links rechts',
    },
    channel: {
      label: 'Kanal',
      automatic: 'Automatisch',
      hint: '„Automatisch“ nimmt den mit Ton. Aufnahmen haben einen Kanal. Änderungen gelten ab der nächsten Aufnahme.',
    },
    sounds: {
      label: 'Töne',
      searchWords: 'Signal Klang Piepen',
      hint: 'Ein kurzer Ton, wenn die Aufnahme beginnt, endet oder die Verbindung verliert. Über Lautsprecher kann der Ton am Anfang in der Aufnahme zu hören sein.',
    },
    shortRecordings: {
      label: 'Sehr kurze Aufnahmen behalten',
      hint: ({ seconds }) => `Auch Aufnahmen unter ${seconds}\u00a0s, etwa nach einem versehentlichen Doppelklick.`,
    },
    recordingsFolder: {
      label: 'Ordner der Aufnahmen',
      searchWords: 'Pfad Ort Laufwerk Festplatte verschieben Speicherort',
      open: 'Öffnen',
      choose: 'Anderen Ordner wählen …',
      useDefault: 'Standardordner verwenden',
      tryAgain: 'Erneut versuchen',
      copy: 'Pfad kopieren',
      cancel: 'Abbrechen',
      hint: 'Wenn Sie einen anderen Ordner wählen, werden Ihre Aufnahmen dorthin verschoben. Jede Kopie wird geprüft, bevor ihr Original entfernt wird.',
      tabHint: 'Die Desktop-App kann den Ordner öffnen oder einen anderen wählen.',
      moving: ({ to }) => `Ihre Aufnahmen werden nach ${to} verschoben`,
      progress: 'Kopierte Dateien',
      step: {
        copying: 'Die Originale bleiben, bis alles kopiert ist.',
        waiting: 'Alles ist kopiert. Das Verschieben endet, sobald nichts mehr aufgenommen oder geändert wird.',
        finishing: 'Gleich fertig.',
      },
      missing:
        'Dieser Ordner ist nicht verfügbar. Schließen Sie sein Laufwerk an und versuchen Sie es erneut, oder wählen Sie einen anderen Ordner. Bis dahin können Aufnahmen nicht gesichert werden.',
      failed: 'Der Ordner konnte nicht geändert werden. Versuchen Sie es erneut.',
      notOpened: 'Der Ordner konnte nicht geöffnet werden. Prüfen Sie, ob es ihn gibt.',
    },
    retention: {
      label: 'Aufnahmen behalten',
      searchWords: 'Aufbewahrung Speicher Platz automatisch löschen',
      policy: {
        all: 'Alle behalten',
        days: 'Die der letzten Tage',
        number: 'Die neuesten',
        size: 'Bis zu einer Größe',
        none: 'Keine behalten',
      },
      amount: { days: 'Tage', number: 'Anzahl der Aufnahmen', size: 'Größe in MB' },
      amountHint: {
        days: 'Ältere Aufnahmen werden gelöscht.',
        number: 'Sind es mehr, werden die ältesten gelöscht.',
        size: 'Belegen sie mehr, werden die ältesten gelöscht. Eine Stunde belegt etwa 115 MB.',
      },
      hint: {
        all: 'Earshot löscht von selbst keine Aufnahme.',
        none: 'Jede Aufnahme wird gelöscht, sobald sie fertig ist.',
      },
      outOfRange: ({ min, max }) => `Geben Sie eine ganze Zahl von ${formatCount(min)} bis ${formatCount(max)} ein.`,
      checking: 'Es wird geprüft, was gelöscht würde …',
      deletesNothing: 'Jetzt wird nichts gelöscht.',
      deletes: ({ recordings, length, size }) =>
        `${plural(recordings, {
          one: 'Jetzt wird eine Aufnahme gelöscht',
          other: `Jetzt werden ${formatCount(recordings)} Aufnahmen gelöscht`,
        })}: ${length}, ${size}.`,
      fromTo: ({ oldest, newest }) => `Vom ${oldest} bis zum ${newest}.`,
      previewFailed: 'Es ließ sich nicht feststellen, was gelöscht würde. Nichts wurde geändert.',
      save: 'Sichern',
      saveAndDelete: ({ recordings }) =>
        plural(recordings, {
          one: 'Sichern und 1 Aufnahme löschen',
          other: `Sichern und ${formatCount(recordings)} löschen`,
        }),
      cancel: 'Abbrechen',
    },
    windows: {
      label: 'Fenster',
      open: 'Neues Fenster',
      hint: 'Alle Fenster zeigen dieselben Aufnahmen und dasselbe Protokoll.',
    },
    computer: {
      loadFailed: 'Die Einstellungen für diesen Computer konnten nicht geladen werden.',
    },
    login: {
      label: 'Beim Anmelden starten',
      searchWords: 'Autostart Systemstart automatisch',
      unsupported: 'Das ist nur mit einem installierten Earshot möglich.',
      hint: 'Öffnet Earshot beim Anmelden.',
      onInSystem:
        'Das System startet Earshot beim Anmelden. Schalten Sie das in den Systemeinstellungen aus, oder hier ein und wieder aus.',
      offInSystem:
        'Das System startet Earshot nicht beim Anmelden. Schalten Sie das in den Systemeinstellungen ein, oder hier aus und wieder ein.',
    },
    overlay: {
      label: 'Kleines Fenster während der Aufnahme',
      searchWords: 'Overlay schwebend Vordergrund',
      hint: 'Während das Fenster von Earshot minimiert oder ausgeblendet ist, zeigt ein kleines über allen anderen Pegel und Zeit. Dort können Sie pausieren und beenden.',
    },
    notifications: {
      label: 'Benachrichtigungen',
      searchWords: 'Benachrichtigung',
      hint: 'Wenn eine Aufnahme gesichert wurde oder fehlschlug, während kein Fenster von Earshot sichtbar war.',
    },
    updates: {
      label: 'Nach Updates suchen',
      searchWords: 'Aktualisierung Version',
      hint: 'Beim Start von Earshot und einmal am Tag. Geladen wird erst, wenn Sie es wünschen.',
      not_packaged: 'Earshot läuft aus seinem Quelltext. Aktualisieren Sie stattdessen diesen.',
      not_signed:
        'Diese Fassung ist nicht signiert und kann Updates daher nicht prüfen. Installieren Sie neuere Versionen von Hand.',
      unsupported:
        'Diese Art von Paket kann Earshot nicht aktualisieren. Neuere Versionen erhalten Sie dort, wo Sie dieses herhaben.',
    },
    keyNames: {
      Ctrl: 'Strg',
      Shift: 'Umschalt',
      Space: 'Leertaste',
      Up: 'Pfeil hoch',
      Down: 'Pfeil runter',
      Left: 'Pfeil links',
      Right: 'Pfeil rechts',
      Home: 'Pos1',
      End: 'Ende',
      PageUp: 'Bild auf',
      PageDown: 'Bild ab',
      Insert: 'Einfg',
      Delete: 'Entf',
    },
    shortcut: {
      choose: 'Tasten wählen …',
      press: 'Tasten drücken …',
      remove: 'Tastenkürzel entfernen',
      recordingHint:
        'Halten Sie die Tasten zusammen gedrückt. Escape bricht ab, die Rücktaste entfernt das Tastenkürzel.',
      sameKeys: 'Diese Tasten sind bereits das Tastenkürzel. Drücken Sie andere, oder Escape, um sie zu behalten.',
      refused: 'Ein anderes Programm oder das System verwendet diese Tasten. Wählen Sie andere.',
      unusableKey:
        'Diese Taste ist nicht verwendbar. Wählen Sie einen Buchstaben, eine Ziffer, eine Pfeil- oder Funktionstaste.',
      needsModifier: ({ modifiers }) => `Halten Sie zusätzlich ${modifiers}: Diese Taste brauchen Sie zum Schreiben.`,
      modifiers: 'Strg oder Alt',
      macModifiers: '⌘, ⌃ oder ⌥',
      reserved: 'Jedes Programm braucht diese Tasten. Nehmen Sie eine weitere hinzu, etwa die Umschalttaste.',
      unusableTogether: 'Diese Tasten sind nicht zusammen verwendbar. Wählen Sie andere.',
    },
    shortcuts: {
      searchWords: 'Tasten Tastatur Kürzel Hotkeys',
      names: {
        shortcut: {
          label: 'Mikrofon, aus jedem Programm',
          hint: 'Jedes Drücken startet oder beendet die Aufnahme. Das System meldet das Loslassen nicht, daher ist Halten nicht möglich.',
        },
        key_talk: {
          label: 'Sprechen',
          hint: 'Kurz drücken startet oder beendet. Halten nimmt bis zum Loslassen auf.',
        },
        key_pause: {
          label: 'Pausieren oder fortsetzen',
          hint: 'Was Sie in einer Pause sagen, wird nicht aufgenommen.',
        },
        key_mute: { label: 'Stummschalten', hint: 'Nimmt Stille auf, während die Zeit weiterläuft.' },
        key_log: { label: 'Protokoll ein- oder ausblenden', hint: '' },
        key_new_window: { label: 'Neues Fenster', hint: '' },
        key_search: { label: 'Aufnahmen durchsuchen', hint: '' },
      },
      remove: ({ name }) => `Tasten von „${name}“ entfernen`,
      inUse: ({ names }) => `Diese Tasten gehören zu ${quoted(names)}. Drücken Sie andere, oder Escape zum Abbrechen.`,
      alsoUsed: ({ names }) => `Dieselben Tasten gehören zu ${quoted(names)}. Wählen Sie für eines davon andere.`,
      reset: 'Alle Tastenkürzel zurücksetzen',
      resetDone: 'Alle Tastenkürzel sind wieder auf dem Standard.',
    },
    turnLimit: {
      label: 'Maximale Länge',
      searchWords: 'maximale Dauer Zeit Timer',
      off: 'Aus',
      minutes: ({ minutes }) => plural(minutes, { one: '1 Minute', other: `${formatCount(minutes)} Minuten` }),
      offHint: 'Eine Aufnahme endet, wenn Sie sie beenden.',
      hint: 'Eine Aufnahme endet dann von selbst. 30\u00a0s vorher werden Sie gewarnt. Pausen zählen nicht.',
    },
    about: {
      label: 'Über Earshot',
      dataFolder: 'Datenordner',
      version: 'Version',
      desktop: ({ version }) => `Earshot ${version} (Desktop)`,
      tab: ({ version }) => `Earshot ${version} (Browser-Tab)`,
    },
  },

  updates: {
    note: 'Update',
    notNow: 'Nicht jetzt',
    progress: 'Laden',
    percent: ({ percent }) => formatShare(percent / 100),
    stopFirst: 'Beenden Sie zuerst die Aufnahme.',
    available: ({ version }) => `Earshot ${version} ist verfügbar.`,
    download: 'Laden',
    downloading: ({ version }) => `Earshot ${version} wird geladen.`,
    ready: ({ version }) => `Earshot ${version} ist bereit.`,
    postponed: ({ version }) => `Earshot ${version} ist bereit. Wegen einer Aufnahme wurde es nicht installiert.`,
    install: 'Neu starten und installieren',
    installing: ({ version }) =>
      `Earshot ${version} wird installiert. Earshot startet von selbst neu, sobald keine Aufnahme läuft.`,
    installingButton: 'Wird installiert …',
    stepFailed: 'Das Update ist fehlgeschlagen. Versuchen Sie es erneut.',
  },
};

function plural(count: number, forms: { one: string; other: string }): string {
  return PLURALS.select(count) === 'one' ? forms.one : forms.other;
}

function times(count: number): string {
  return plural(count, { one: 'einmal', other: `${formatCount(count)}-mal` });
}

function howLong(seconds: number | null): string {
  if (seconds === null) return '';
  return seconds > 0 ? ` noch ${seconds}\u00a0s` : ' während dieses letzten Versuchs';
}

function connectionBroke({ resumes, newSessions }: { resumes: number; newSessions: number }): string {
  const count = resumes + newSessions;
  const broke = `Die Verbindung brach${count === 1 ? '' : ` ${times(count)}`} ab`;
  const eachTime = count === 1 ? '' : ' jedes Mal';
  if (newSessions === 0) return `${broke} und wurde${eachTime} wiederhergestellt`;
  if (resumes === 0) return `${broke} und begann${eachTime} mit einer neuen Sitzung`;
  return `${broke}: ${times(resumes)} wurde sie wiederhergestellt, ${times(newSessions)} begann sie mit einer neuen Sitzung`;
}

function tabOrWindow(shell: 'tab' | 'desktop'): string {
  return shell === 'tab' ? 'der Tab' : 'das Fenster';
}

/** Sentences about stretches in which the microphone gave no usable sound, around the verb: `war … stummgeschaltet`. */
function flawText(verb: string, rest: string) {
  return {
    once: ({ at, length }: { at: string; length: string }) => `Das Mikrofon ${verb} ab ${at} für ${length} ${rest}.`,
    often: ({ places, length }: { places: number; length: string }) =>
      `Das Mikrofon ${verb} an ${formatCount(places)} Stellen, insgesamt für ${length}, ${rest}.`,
    always: `Das Mikrofon ${verb} die ganze Zeit ${rest}.`,
  };
}

function quoted(names: string[]): string {
  return names.map((name) => `„${name}“`).join(', ');
}

function recordingName(started: string | null): string {
  return started === null ? 'Aufnahme' : `Aufnahme vom ${started}`;
}

function lineNumbers(count: number, first: readonly number[]): string {
  return `${first.map(formatCount).join(', ')}${count > first.length ? ', …' : ''}`;
}

function logLines(lines: number): string {
  return plural(lines, { one: '1 Zeile', other: `${formatCount(lines)} Zeilen` });
}

function unrecordedLines(lines: number): string {
  return plural(lines, {
    one: '1 Zeile dieses Fensters ist',
    other: `${formatCount(lines)} Zeilen dieses Fensters sind`,
  });
}
