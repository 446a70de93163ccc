import { dates } from './dates.ts';
import type { Text } from './en.ts';
import { formatCount, formatShare } from './format.ts';

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
    needsJavaScript: 'Earshot benötigt JavaScript. Für diese Seite erlauben und neu laden.',
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
    startAgain: 'Earshot neu starten und den ausgegebenen Link öffnen.',
    full: 'Earshot hat keinen Platz für diesen Tab',
    restarted: 'Dieser Tab gehört zu einem früheren Start von Earshot',
    unproven: 'An der Stelle von Earshot antwortet ein anderes Programm',
    tooManyCookies: 'Zu viele Cookies für diese Adresse',
    controlled: 'Der Service Worker eines anderen Programms steuert diesen Tab',
  },

  host: {
    unreachable: 'Earshot antwortet diesem Tab nicht. Earshot neu starten und die ausgegebene Adresse öffnen.',
    unproven:
      'Unter dieser Adresse antwortet ein anderes Programm. Ihm wurde nichts gesendet. Earshot neu starten und den ausgegebenen Link öffnen.',
    tooManyCookies:
      'Der Browser sendet für diese Adresse mehr Cookies, als Earshot annimmt. Andere Programme auf diesem Computer setzen sie. Die Cookies dieser Adresse in den Einstellungen des Browsers löschen oder den Link von Earshot in einem privaten Fenster öffnen.',
    full: 'Es sind zu viele Earshot-Tabs geöffnet. Einen schließen und diese Seite neu laden.',
    restarted: 'Earshot wurde neu gestartet. Den im Terminal ausgegebenen Link öffnen.',
    lost: 'Die Verbindung zu Earshot ist abgebrochen. Erneut versuchen, sobald sie wieder besteht.',
    noAnswer: 'Earshot hat nicht geantwortet. Earshot neu starten.',
    badAnswer: ({ call }) =>
      `Der Host von Earshot hat auf ${call} so geantwortet, dass dieses Fenster es nicht versteht. Das Fenster neu laden.`,
    tooLarge: ({ call }) => `${call}: Die Argumente sind zu groß.`,
    noToken:
      'Dieser Tab wurde ohne seinen Schlüssel geöffnet. Die ganze Adresse öffnen, die Earshot beim Start ausgegeben hat.',
    elsewhere:
      'Das ist nicht die Adresse der Seite von Earshot. Den ganzen Link öffnen, den Earshot beim Start ausgegeben hat.',
    controlled:
      'Ein Service Worker, den ein anderes Programm in diesem Browser hinterlassen hat, steuert diese Seite und könnte ihre Daten lesen. Diesen Tab schließen und den Link von Earshot öffnen: Er entfernt den Service Worker. Wurde Earshot mit --numeric-address gestartet, zuerst die Daten dieser Website im Browser löschen.',
  },

  linkPage: {
    unreachable:
      'Earshot antwortet nicht. Diese Seite neu laden. Hilft das nicht, den ganzen Browser beenden, Earshot neu starten und den ausgegebenen Link öffnen.',
    unproven:
      'Unter der Adresse der Seite von Earshot antwortet ein anderes Programm. Ihm wurde nichts gesendet. Den ganzen Browser beenden, Earshot neu starten und den ausgegebenen Link öffnen.',
  },

  problems: {
    mic_denied: {
      title: 'Earshot darf das Mikrofon nicht verwenden',
      action: 'Das Mikrofon für Earshot erlauben und dann erneut auf das Mikrofon drücken.',
      where: {
        tab: 'Auf das Symbol neben der Adresse klicken, danach die Einstellungen des Systems prüfen.',
        darwin: 'Zu finden in den Systemeinstellungen unter „Datenschutz & Sicherheit“, „Mikrofon“.',
        win32:
          'Zu finden in den Einstellungen unter „Datenschutz und Sicherheit“, „Mikrofon“: Dort müssen Desktop-Apps zugelassen sein.',
        linux: 'Zu finden in den Einstellungen des Desktops unter „Datenschutz“ oder „Klang“.',
      },
    },
    mic_missing: {
      title: 'Kein Mikrofon gefunden',
      action:
        'Ein Mikrofon anschließen oder einschalten. Ist eines angeschlossen, kann es in den Ton- oder Datenschutzeinstellungen des Systems ausgeschaltet sein. Dann erneut auf das Mikrofon drücken.',
    },
    mic_no_devices: {
      title: 'Das System meldet keine Audiogeräte',
      action:
        'Ein Mikrofon anschließen oder die Toneinstellungen des Systems prüfen, dann erneut auf das Mikrofon drücken. Haben andere Programme Ton, Earshot oder den ganzen Browser beenden und neu öffnen.',
    },
    mic_busy: {
      title: 'Das Mikrofon konnte nicht geöffnet werden',
      action:
        'Möglicherweise verwendet es ein anderes Programm. Dieses Programm schließen oder in den Einstellungen ein anderes Mikrofon wählen. Dann erneut auf das Mikrofon drücken.',
    },
    mic_unplugged: {
      title: 'Das Mikrofon wurde getrennt',
      action:
        'Alles bis dahin Gesagte bleibt erhalten. Kein anderes Mikrofon ließ sich öffnen. Prüfen, ob eines angeschlossen ist, dann erneut auf das Mikrofon drücken.',
    },
    mic_no_sound: {
      title: 'Vom Mikrofon kommt kein Ton',
      action:
        'Prüfen, ob es eingeschaltet und angeschlossen ist, oder in den Einstellungen ein anderes wählen. Dann erneut auf das Mikrofon drücken.',
    },
    mic_failed: {
      title: 'Das Mikrofon konnte nicht gestartet werden',
      action: 'Das Mikrofon in den Einstellungen des Systems prüfen, dann erneut darauf drücken.',
    },
    part_not_loaded: {
      title: 'Ein Teil dieses Fensters konnte nicht geladen werden',
      action:
        'Das Mikrofon ließ sich öffnen. Erneut auf das Mikrofon drücken. Hilft das nicht, dieses Fenster schließen und ein neues öffnen. Im Browser den Link von Earshot öffnen.',
    },
    recording_ended: {
      title: 'Die Aufnahme ist beendet',
      action:
        'Weiteres kann nicht mehr gesichert werden. Die Meldung darunter nennt den Grund und was zu tun ist. Danach für eine neue Aufnahme erneut auf das Mikrofon drücken.',
    },
    server_gone: {
      title: 'Der Sprachserver antwortet nicht',
      action: 'Ab jetzt bleibt nichts mehr erhalten. Erneut versuchen oder Earshot neu starten.',
    },
    other_program: {
      title: 'An der Stelle von Earshot antwortet ein anderes Programm',
      action:
        'Ihm wurde kein Ton gesendet, und das Mikrofon ist aus. Erneut versuchen oder Earshot neu starten. Im Browser den ausgegebenen Link öffnen.',
    },
    server_full: {
      title: 'Zu viele Verbindungen sind geöffnet',
      action: 'Ein anderes Earshot-Fenster schließen, dann erneut auf das Mikrofon drücken.',
    },
    too_many_cookies: {
      title: 'Der Browser sendet für diese Adresse mehr Cookies, als Earshot annimmt',
      action:
        'Andere Programme auf diesem Computer setzen sie. Die Cookies dieser Adresse in den Einstellungen des Browsers löschen und erneut auf das Mikrofon drücken. Oder den Link von Earshot in einem privaten Fenster öffnen.',
    },
    refused_policy: {
      title: 'Der Sprachserver hat die Verbindung beendet, weil sie eine Regel verletzt hat',
      action: 'Welche, steht im Protokoll. Zum Neubeginn auf das Mikrofon drücken.',
    },
    refused_size: {
      title: 'Der Sprachserver hat eine zu große Nachricht abgelehnt',
      action: 'Zum Neubeginn auf das Mikrofon drücken.',
    },
    taken_over: {
      title: 'Diese Sitzung geht in einem anderen Fenster weiter',
      action: 'Für eine neue Sitzung hier auf das Mikrofon drücken.',
    },
  },

  audioFiles: {
    errors: {
      cancelled: 'Abgebrochen. Es wurde nichts geändert.',
      export_unsupported: 'Dieser Browser kann keine Opus-Dateien schreiben. FLAC oder WAV wählen.',
      export_failed:
        'Die Datei konnte nicht erstellt werden. Die Aufnahme ist unverändert. Erneut versuchen oder WAV wählen.',
      import_empty: 'Die Datei enthält keinen Ton, daher wurde nichts importiert. Eine andere Datei wählen.',
      import_not_audio:
        'Das ist keine Audiodatei, die Earshot lesen kann. Eine WAV-, FLAC-, MP3-, Opus- oder M4A-Datei wählen.',
      import_unsupported:
        'Diese Art von Audiodatei kann Earshot hier nicht lesen. Mit einem anderen Programm in WAV, FLAC oder MP3 umwandeln und erneut importieren.',
      import_damaged:
        'Die Datei ist beschädigt, daher wurde nichts importiert. Eine andere Kopie oder eine andere Datei wählen.',
      import_unreadable:
        'Die Datei ist nicht lesbar. Möglicherweise wurde sie verschoben, geändert oder gesperrt. Die Datei prüfen und erneut importieren.',
      import_too_long:
        'Die Datei ist länger als fünf Stunden, daher wurde nichts importiert. In kürzere Teile schneiden und diese importieren.',
      import_too_large:
        'Dateien dieser Art dürfen höchstens 4 MB groß sein. Mit einem anderen Programm in MP3, FLAC oder Opus umwandeln und erneut importieren.',
      import_busy:
        'In diesem Fenster wird gerade eine andere Datei importiert. Warten, bis sie fertig ist, und diese erneut importieren.',
      import_failed: 'Die Datei konnte nicht importiert werden, und nichts davon wurde behalten. Erneut importieren.',
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
    dragHint: 'Zum Teilen in einen Ordner oder eine Nachricht ziehen.',
    untitled: ({ when }) => `Aufnahme ${when}`,
    importFiles: 'Audiodateien importieren',
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
    folder: 'Das ist ein Ordner. Den Ordner öffnen und die Dateien darin hier ablegen.',
    tooManyImports: ({ files, most }) =>
      `Earshot importiert höchstens ${formatCount(most)} Dateien auf einmal: ${formatCount(files)} wurden ausgelassen und können danach importiert werden.`,
    tooManySaves: ({ files, most }) =>
      `Earshot sichert höchstens ${formatCount(most)} Dateien auf einmal: ${formatCount(files)} wurden ausgelassen. Diese auswählen und dann sichern.`,
    filesLeftOut: ({ files }) => plural(files, { one: '1 Datei', other: `${formatCount(files)} Dateien` }),
    failed: 'Die Datei wurde nicht gesichert. Die Aufnahme ist unverändert. Bitte erneut versuchen.',
    notDragged: 'Die Datei konnte nicht gezogen werden. Stattdessen eine Kopie sichern.',
    notShown: 'Die Datei konnte nicht gezeigt werden. Sie liegt dort, wo sie gesichert wurde.',
  },

  micButton: {
    label: 'Mikrofon',
    badge: '!',
  },

  status: {
    idle: { title: 'Bereit', detail: 'Auf das Mikrofon drücken und sprechen, oder es beim Sprechen gedrückt halten.' },
    allowMicrophone: { title: 'Mikrofon erlauben …', detail: 'Das System fragt, ob Earshot zuhören darf.' },
    connecting: { title: 'Verbinden …', detail: 'Zum Abbrechen erneut drücken.' },
    waitingForMicrophone: {
      title: 'Warten auf das Mikrofon …',
      detail: ({ microphone }) =>
        `Geöffnet ist ${microphone}, aber noch kam kein Ton. Sprechen, sobald „Aufnahme läuft“ erscheint.`,
    },
    listening: { title: 'Aufnahme läuft', detail: 'Zum Beenden erneut drücken.' },
    paused: {
      title: 'Pausiert',
      detail: 'Es wird nichts aufgenommen. Jederzeit fortsetzen oder zum Beenden auf das Mikrofon drücken.',
    },
    pausedAndLost: 'Pausiert, Verbindung unterbrochen',
    limitNear: ({ seconds }) => `Die Aufnahme endet in ${seconds}\u00a0s an ihrer Längengrenze.`,
    limitReached: {
      title: 'Aufnahme beendet',
      detail: ({ minutes }) =>
        `Sie hat die eingestellte Grenze von ${plural(minutes, { one: '1 Minute', other: `${formatCount(minutes)} Minuten` })} erreicht und wurde gesichert. Für eine neue Aufnahme auf das Mikrofon drücken.`,
    },
    connectionLost: 'Verbindung unterbrochen',
    retrying: 'Neuer Versuch …',
    retryIn: ({ seconds }) => `Neuer Versuch in ${seconds}\u00a0s.`,
    finishing: { title: 'Wird abgeschlossen …', detail: 'Die letzten Worte werden gesendet.' },
    waitingToFinish: {
      title: ({ recordings }) =>
        plural(recordings, {
          one: 'Die letzte Aufnahme wird abgeschlossen …',
          other: `${formatCount(recordings)} Aufnahmen werden abgeschlossen …`,
        }),
      detail: ({ retry }) => `Die Verbindung ist unterbrochen. ${retry}`,
      kept: ({ recordings, seconds }) =>
        `${plural(recordings, { one: 'Sie bleibt', other: 'Sie bleiben' })}${howLong(seconds)} erhalten. Sprechen ist inzwischen möglich: auf das Mikrofon drücken.`,
    },
    kept: ({ seconds }) => `Das Gesagte bleibt${howLong(seconds)} erhalten.`,
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
        `Es wird nur Stille aufgenommen. In den Toneinstellungen des Systems oder am Gerät wieder einschalten: ${name}.`,
    },
    muted_in_app: {
      title: 'Stummgeschaltet',
      detail: () => 'Es wird Stille aufgenommen. Stummschaltung aufheben, um gehört zu werden.',
    },
    stalled: {
      title: 'Das Mikrofon liefert nichts',
      detail: ({ name }) =>
        `Kein Ton von: ${name}. Aus- und wieder einschalten oder warten, bis es verbunden ist. Die Aufnahme geht dann weiter.`,
    },
    silent: {
      title: 'Nur Stille ist zu hören',
      detail: ({ name }) =>
        `Ausgeschaltet oder leise gestellt? Das betrifft ${name}. Den Schalter am Gerät prüfen oder in den Einstellungen ein anderes Mikrofon wählen.`,
    },
    noise: {
      title: 'Nur leises Rauschen ist zu hören',
      detail: ({ name }) =>
        `Ausgeschaltet oder leise gestellt? Das betrifft ${name}. Den Schalter am Gerät und den Pegel in den Toneinstellungen des Systems prüfen.`,
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
    asking: 'Warten auf die Antwort…',
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
      `${name} konnte nicht verwendet werden. Aufnahmen werden auf dem Standardgerät des Systems wiedergegeben. In den Einstellungen ein anderes Ausgabegerät wählen.`,
    outputUnsupported: 'Dieser Browser gibt Aufnahmen nur auf dem Standardgerät des Systems wieder.',
  },

  micTest: {
    label: 'Mikrofontest',
    start: 'Mikrofon testen',
    again: 'Erneut testen',
    stop: 'Test beenden',
    hint: ({ seconds }) => `${seconds} Sekunden lang etwas sagen und anhören. Nichts wird gesendet oder gesichert.`,
    opening: 'Warten auf das Mikrofon…',
    recording: 'Aufnahme: etwas so laut wie gewöhnlich sagen.',
    playing: 'So klingt es…',
    busy: 'Der Test geht nur, wenn das Mikrofon aus ist.',
    playFailed: 'Es konnte nicht wiedergegeben werden.',
    verdict: {
      good: 'Gute Lautstärke.',
      quiet: 'Sehr leise: näher herangehen oder die Eingangslautstärke erhöhen.',
      clipped: 'Zu laut: Teile sind abgeschnitten. Abstand halten oder die Eingangslautstärke senken.',
      silent: 'Stille: Ist das Mikrofon stumm, oder ist ein anderes gewählt?',
    },
  },

  firstSteps: {
    title: 'Willkommen bei Earshot',
    what: 'Auf das Mikrofon drücken und sprechen: Earshot nimmt es auf, nur auf diesem Computer.',
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
      hint: 'Entfernt, was die Lautsprecher wiedergeben, kann dabei aber auch die Stimme beschneiden.',
    },
    noiseSuppression: {
      label: 'Rauschunterdrückung',
      hint: 'Senkt gleichmäßige Geräusche wie einen Lüfter, kann aber auch leise Wörter verschlucken und verzerrt Musik.',
    },
    autoGainControl: {
      label: 'Automatische Verstärkung',
      hint: 'Hebt leise und senkt laute Sprache; in Pausen wächst das Rauschen, und der Pegel zeigt nicht mehr, wie laut gesprochen wurde.',
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
    lost: 'Was ohne Verbindung gesagt wurde, ist verloren.',
    saving: 'Das Gesagte wird gesichert …',
    stillSaving: 'Das Gesagte wird noch gesichert. Es erscheint unter „Aufnahmen“.',
    unknown: 'Was gesichert wurde, ist unter „Aufnahmen“.',
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
    emptyHint: 'Auf das Mikrofon drücken und sprechen. Das Gesagte wird hier gesichert und bleibt auf diesem Computer.',
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
      quiet: 'Die Aufnahme ist leise. Näher an das Mikrofon gehen oder es lauter stellen.',
      good: 'Der Pegel ist gut.',
      clipped: 'Die Aufnahme war stellenweise zu laut und ist dort verzerrt. Das Mikrofon leiser stellen.',
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
    selectOne: 'Eine Aufnahme auswählen, um sie abzuspielen und Titel oder Notiz hinzuzufügen.',
    rename: 'Umbenennen',
    titleField: 'Titel',
    note: 'Notiz',
    noteHint: 'Notiz hinzufügen',
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
    describeFailed: 'Die Änderung wurde nicht gesichert. Erneut versuchen.',
    deleteFailed: 'Die Aufnahmen wurden nicht gelöscht. Erneut versuchen.',
    restoreFailed: 'Die Aufnahmen wurden nicht wiederhergestellt. Erneut versuchen.',
    trimFailed: 'Der Teil wurde nicht gesichert. Das Original ist unverändert. Erneut versuchen.',
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
      'Die Aufnahme konnte nicht abgespielt werden. Erneut versuchen oder eine Kopie sichern und anderswo öffnen.',
  },

  health: {
    title: 'Verbindungsqualität',
    loadFailed: 'Die Verbindungswerte konnten nicht geladen werden.',
    empty: 'Noch keine Verbindung. Auf das Mikrofon drücken: Jede Verbindung wird hier gezählt.',
    lastConnections: ({ connections }) =>
      plural(connections, { one: 'Letzte Verbindung', other: `Letzte ${formatCount(connections)} Verbindungen` }),
    succeeded: 'Gelungen',
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
      'Der Host von Earshot ist nicht erreichbar. Nach einem Neustart von Earshot den ausgegebenen Link öffnen.',
    unproven:
      'An der Stelle von Earshot antwortet ein anderes Programm. Earshot neu starten und den ausgegebenen Link öffnen.',
  },

  log: {
    title: 'Protokoll',
    close: 'Protokoll ausblenden',
    lines: 'Protokollzeilen',
    shownOf: ({ shown, total }) => `${formatCount(shown)} von ${formatCount(total)}`,
    pause: 'Liste anhalten',
    follow: 'Neuen Zeilen folgen',
    copySelected: 'Ausgewählte Zeilen kopieren',
    copyShown: 'Alle gezeigten Zeilen kopieren',
    export: 'Gezeigte Zeilen als JSONL exportieren',
    clear: 'Ansicht dieses Fensters leeren (Protokolldatei und andere Fenster behalten alles)',
    search: 'Protokoll durchsuchen',
    searchHint: 'Suchen',
    sides: 'Seiten',
    side: { server: 'Server', client: 'Client', app: 'App' },
    minimumLevel: 'Mindeststufe',
    level: { debug: 'Alle Stufen', info: 'Ab Info', warn: 'Ab Warnung', error: 'Nur Fehler' },
    event: 'Ereignis',
    allEvents: 'Alle Ereignisse',
    noMatch: 'Keine Zeile passt zu diesen Filtern.',
    showAll: 'Alle Zeilen zeigen',
    cleared: 'Geleert. Neue Zeilen erscheinen hier.',
    empty: 'Noch ist nichts geschehen. Auf das Mikrofon drücken, um zu sehen, was Earshot tut.',
    newLines: ({ count }) => `${formatCount(count)} neu`,
    paused: 'Angehalten',
    notRecorded: 'noch nicht aufgezeichnet',
    unrecorded: ({ lines }) => `${unrecordedLines(lines)} noch nicht aufgezeichnet.`,
    unrecordedAndDropped: ({ lines, dropped }) =>
      `${unrecordedLines(lines)} noch nicht aufgezeichnet, und ${plural(dropped, {
        one: '1 ältere wurde verworfen',
        other: `${formatCount(dropped)} ältere wurden verworfen`,
      })}.`,
    audio: {
      length: ({ length }) => `AUDIO ${length}`,
      silence: 'Stille',
      peak: ({ level }) => `Spitze ${level} dBFS`,
      missing: ({ length }) => `${length} fehlen`,
      duplicates: ({ frames }) =>
        plural(frames, { one: '1 doppelter Frame', other: `${formatCount(frames)} doppelte Frames` }),
    },
    expand: ({ lines }) => `Die ${formatCount(lines)} Zeilen einblenden`,
    collapse: ({ lines }) => `Die ${formatCount(lines)} Zeilen ausblenden`,
    session: ({ id }) => `Sitzung ${id}`,
    selected: 'Ausgewählte Protokollzeile',
    selectedSession: ({ id }) => ` · Sitzung ${id}`,
    selectedRange: ({ lines, from, to }) => `${formatCount(lines)} Zeilen von ${from} bis ${to}`,
    copyLine: 'Diese Zeile kopieren',
    copyLines: 'Diese Zeilen kopieren',
    closeLine: 'Zeile schließen',
  },

  settings: {
    title: 'Einstellungen',
    notSaved:
      'Der Host von Earshot ist nicht erreichbar, daher ist dies noch nicht gesichert. Es gilt in diesem Fenster und wird gesichert, sobald der Host wieder da ist.',
    changeFailed: 'Die Änderung wurde nicht gesichert. Erneut versuchen.',
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
        'Die Einstellungsdatei war beschädigt. Earshot startet deshalb mit den Standardwerten. Die Datei ist unverändert aufbewahrt als',
      wrong_values:
        'Einige Werte in der Einstellungsdatei waren nicht möglich und sind jetzt die Standardwerte. Die Datei ist aufbewahrt als',
      newer:
        'Die Einstellungen stammen von einer neueren Version von Earshot. Diese hier startet deshalb mit den Standardwerten. Die Datei ist unverändert aufbewahrt als',
      unsafe: 'Die Einstellungsdatei wurde nicht benutzt, weil andere sie ändern können. Sie wurde umbenannt in',
      unreadable:
        'Die Einstellungen konnten nicht gelesen werden. Earshot startet deshalb mit den Standardwerten. Die Zugriffsrechte dieser Datei prüfen, dann Earshot neu starten:',
      not_kept:
        'Die Einstellungsdatei ist unbrauchbar und ließ sich nicht umbenennen. Änderungen können deshalb nicht gespeichert werden. Diese Datei verschieben, dann Earshot neu starten:',
    },
    resetAll: {
      label: 'Vorgaben',
      action: 'Alle Einstellungen zurücksetzen',
      hint: 'Die Aufnahmen und ihr Ordner bleiben, wie sie sind.',
      nothing: 'Alle Einstellungen haben ihre Vorgaben.',
      done: ({ settings }) =>
        `${plural(settings, { one: '1 Einstellung hat', other: `${formatCount(settings)} Einstellungen haben` })} wieder die Vorgabe. Die Aufnahmen und ihr Ordner bleiben, wie sie sind.`,
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
      invalid: '1 bis 64 Buchstaben, Ziffern, Bindestriche oder Unterstriche verwenden; keine Leerzeichen.',
    },
    microphone: {
      label: 'Mikrofon',
      systemDefault: 'Systemstandard',
      searchWords: 'Eingang Gerät Kanal links rechts',
    },
    channel: {
      label: 'Kanal',
      automatic: 'Automatisch (der mit Ton)',
      hint: 'Aufnahmen haben einen Kanal. Änderungen gelten ab dem nächsten Druck.',
    },
    sounds: {
      label: 'Töne',
      searchWords: 'Signal Klang Piepen',
      hint: 'Ein kurzer Ton, wenn die Aufnahme beginnt, endet oder die Verbindung verliert. Über Lautsprecher kann der Ton am Anfang in der Aufnahme zu hören sein.',
    },
    shortRecordings: {
      label: 'Sehr kurze Aufnahmen behalten',
      hint: ({ seconds }) => `Auch Aufnahmen unter ${seconds}\u00a0s, etwa nach einem versehentlichen Doppeldruck.`,
    },
    recordingsFolder: {
      label: 'Ordner der Aufnahmen',
      searchWords: 'Pfad Ort Laufwerk Festplatte verschieben Speicherort',
      open: 'Öffnen',
      choose: 'Wählen…',
      useDefault: 'Standardordner verwenden',
      tryAgain: 'Erneut versuchen',
      copy: 'Pfad kopieren',
      cancel: 'Abbrechen',
      hint: 'Wird ein anderer Ordner gewählt, ziehen die Aufnahmen dorthin um. Jede Kopie wird geprüft, bevor ihr Original entfernt wird.',
      tabHint: 'Die Desktop-App kann den Ordner öffnen oder einen anderen wählen.',
      moving: ({ to }: { to: string }) => `Die Aufnahmen werden nach ${to} verschoben`,
      progress: 'Kopierte Dateien',
      step: {
        copying: 'Die Originale bleiben, bis alles kopiert ist.',
        waiting: 'Alles ist kopiert. Der Umzug endet, sobald nichts mehr aufgenommen oder geändert wird.',
        finishing: 'Gleich fertig.',
      },
      missing:
        'Dieser Ordner ist nicht da. Sein Laufwerk anschließen und erneut versuchen, oder einen anderen Ordner wählen. Bis dahin können Aufnahmen nicht gespeichert werden.',
      failed: 'Der Ordner konnte nicht geändert werden. Erneut versuchen.',
      notOpened: 'Der Ordner konnte nicht geöffnet werden. Prüfen, ob es ihn gibt.',
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
      outOfRange: ({ min, max }) => `Eine ganze Zahl von ${formatCount(min)} bis ${formatCount(max)} eingeben.`,
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
      unsupported: 'Das kann nur ein installiertes Earshot.',
      hint: 'Öffnet Earshot beim Anmelden.',
      onInSystem:
        'Das System startet Earshot beim Anmelden. In den Systemeinstellungen ausschalten, oder hier ein- und ausschalten.',
      offInSystem:
        'Das System startet Earshot nicht beim Anmelden. In den Systemeinstellungen einschalten, oder hier aus- und einschalten.',
    },
    overlay: {
      label: 'Kleines Fenster während der Aufnahme',
      searchWords: 'Overlay schwebend Vordergrund',
      hint: 'Während das Fenster von Earshot minimiert oder ausgeblendet ist, zeigt ein kleines über den anderen Pegel und Zeit und kann pausieren und stoppen.',
    },
    notifications: {
      label: 'Mitteilungen',
      searchWords: 'Benachrichtigung',
      hint: 'Wenn eine Aufnahme gesichert wird oder scheitert, während kein Fenster von Earshot sichtbar ist.',
    },
    updates: {
      label: 'Nach Updates suchen',
      searchWords: 'Aktualisierung Version',
      hint: 'Beim Start von Earshot und einmal am Tag. Geladen wird nur auf Wunsch.',
      not_packaged: 'Earshot läuft aus seinem Quelltext. Stattdessen den Quelltext aktualisieren.',
      not_signed:
        'Diese Fassung ist nicht signiert und kann Updates daher nicht prüfen. Neuere Versionen von Hand installieren.',
      unsupported:
        'Diese Art von Paket kann Earshot nicht aktualisieren. Neuere Versionen gibt es dort, wo dieses herkommt.',
    },
    shortcut: {
      choose: 'Tasten wählen …',
      press: 'Tasten drücken …',
      remove: 'Tastenkürzel entfernen',
      recordingHint: 'Tasten zusammen halten. Escape bricht ab, die Rücktaste entfernt das Tastenkürzel.',
      sameKeys: 'Diese Tasten sind bereits das Tastenkürzel. Andere drücken, oder Escape, um sie zu behalten.',
      refused: 'Ein anderes Programm oder das System verwendet diese Tasten. Andere wählen.',
      unusableKey:
        'Diese Taste ist nicht verwendbar. Einen Buchstaben, eine Ziffer, eine Pfeil- oder Funktionstaste wählen.',
      needsModifier: ({ modifiers }) => `Zusätzlich ${modifiers} halten: Diese Taste wird zum Schreiben gebraucht.`,
      modifiers: 'Strg oder Alt',
      macModifiers: '⌘, ⌃ oder ⌥',
      reserved: 'Jedes Programm braucht diese Tasten. Eine weitere hinzunehmen, etwa die Umschalttaste.',
      unusableTogether: 'Diese Tasten sind nicht zusammen verwendbar. Andere wählen.',
    },
    shortcuts: {
      searchWords: 'Tasten Tastatur Kürzel Hotkeys',
      names: {
        shortcut: {
          label: 'Mikrofon, aus jedem Programm',
          hint: 'Jeder Druck startet oder beendet. Das System meldet das Loslassen nicht, daher ist Halten nicht möglich.',
        },
        key_talk: {
          label: 'Sprechen',
          hint: 'Ein kurzer Druck startet oder beendet. Gehalten wird bis zum Loslassen aufgenommen.',
        },
        key_pause: {
          label: 'Pausieren oder fortsetzen',
          hint: 'Was in einer Pause gesagt wird, wird nicht aufgenommen.',
        },
        key_mute: { label: 'Stummschalten', hint: 'Nimmt Stille auf, während die Zeit weiterläuft.' },
        key_log: { label: 'Protokoll ein- oder ausblenden', hint: '' },
        key_new_window: { label: 'Neues Fenster', hint: '' },
        key_search: { label: 'Aufnahmen durchsuchen', hint: '' },
      },
      remove: ({ name }) => `Tasten von „${name}“ entfernen`,
      inUse: ({ names }) => `Diese Tasten gehören zu ${quoted(names)}. Andere drücken, oder Escape zum Abbrechen.`,
      alsoUsed: ({ names }) => `Dieselben Tasten gehören zu ${quoted(names)}. Für eines davon andere wählen.`,
      reset: 'Alle Tastenkürzel zurücksetzen',
      resetDone: 'Alle Tastenkürzel haben wieder ihre Vorgaben.',
    },
    turnLimit: {
      label: 'Längengrenze',
      searchWords: 'maximale Dauer Zeit Timer',
      off: 'Aus',
      minutes: ({ minutes }) => plural(minutes, { one: '1 Minute', other: `${formatCount(minutes)} Minuten` }),
      offHint: 'Eine Aufnahme endet, wenn sie beendet wird.',
      hint: 'Eine Aufnahme endet dann von selbst. 30\u00a0s vorher erscheint eine Warnung. Pausen zählen nicht.',
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
    stopFirst: 'Zuerst die Aufnahme beenden.',
    available: ({ version }) => `Earshot ${version} ist verfügbar.`,
    download: 'Laden',
    downloading: ({ version }) => `Earshot ${version} wird geladen.`,
    ready: ({ version }) => `Earshot ${version} ist bereit.`,
    postponed: ({ version }) => `Earshot ${version} ist bereit. Wegen einer Aufnahme wurde es nicht installiert.`,
    install: 'Neu starten und installieren',
    installing: ({ version }) =>
      `Earshot ${version} wird installiert. Earshot startet von selbst neu, sobald keine Aufnahme läuft.`,
    installingButton: 'Wird installiert …',
    stepFailed: 'Das Update ist fehlgeschlagen. Erneut versuchen.',
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

function unrecordedLines(lines: number): string {
  return plural(lines, {
    one: '1 Zeile dieses Fensters ist',
    other: `${formatCount(lines)} Zeilen dieses Fensters sind`,
  });
}
