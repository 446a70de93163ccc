import type { errors as en } from './errors.en.ts';

/** The sentences of the host's errors in German. What they are for is described in `errors.en.ts`. */
export const errors: typeof en = {
  delayedFull: 'Der Datenträger ist voll. Schaffen Sie Platz. Bis dahin bleibt die Aufnahme im Arbeitsspeicher.',
  delayed: ({ why, dir }) =>
    `Die Aufnahme kann zurzeit nicht gesichert werden (${why}). Sie bleibt im Arbeitsspeicher, und Earshot versucht es ` +
    `weiter. Prüfen Sie den Ordner ${dir}.`,
  recordingFull:
    'Der Datenträger ist voll, deshalb ist die Aufnahme beendet. Schaffen Sie Platz und drücken Sie dann erneut auf das ' +
    'Mikrofon. Was schon gesichert ist, bleibt erhalten.',
  recordingFailed: ({ why, dir }) =>
    `Die Aufnahme konnte nicht gesichert werden (${why}). Prüfen Sie den freien Platz und die Zugriffsrechte des ` +
    `Ordners ${dir} und drücken Sie dann erneut auf das Mikrofon. Was schon gesichert ist, bleibt erhalten.`,
  recordingTooLong: ({ hours }) =>
    `Eine Aufnahme endet nach ${hours} Stunden, mehr passt nicht in eine WAV-Datei. Drücken Sie für eine neue Aufnahme auf das Mikrofon.`,
  recordingChanged: ({ path, removed }) =>
    `Ein anderes Programm hat die Datei ${path} während der Aufnahme ${removed ? 'entfernt' : 'geändert'}. Halten Sie ` +
    'andere Programme vom Ordner der Aufnahmen fern und drücken Sie erneut auf das Mikrofon.',
  descriptionMissing: ({ why, dir }) =>
    `Die Aufnahme ist gesichert, aber ihre Beschreibung (die JSON-Datei daneben) nicht (${why}). Prüfen Sie den Ordner ` +
    `${dir}. Earshot schreibt sie beim nächsten Start.`,

  importBusy: ({ files }) =>
    `Es werden bereits ${files} Dateien importiert. Warten Sie, bis eine davon fertig ist, und importieren Sie diese dann erneut.`,
  noSuchImport:
    'Der Import endete, bevor die ganze Datei angekommen war. Es wurde nichts davon behalten. Importieren Sie die Datei erneut.',
  importEmpty: 'Die Datei enthält keinen Ton, daher wurde nichts importiert. Wählen Sie eine andere Datei.',
  importTooLong:
    'Die Datei ist länger als fünf Stunden, daher wurde nichts importiert. Schneiden Sie sie in kürzere Teile und importieren Sie diese.',
  importPiece: ({ why }) => `Die Datei konnte nicht importiert werden (${why}). Importieren Sie sie erneut.`,
  importFull:
    'Der Datenträger ist voll, daher wurde die Datei nicht importiert. Schaffen Sie Platz und importieren Sie sie erneut.',
  importFailed: ({ why, dir }) =>
    `Die Datei konnte nicht importiert werden (${why}). Prüfen Sie den freien Platz und die Zugriffsrechte des Ordners ` +
    `${dir} und importieren Sie sie erneut.`,

  changes: {
    changed: 'die Aufnahme wurde nicht geändert',
    deleted: 'die Aufnahme wurde nicht gelöscht',
    restored: 'die Aufnahme wurde nicht wiederhergestellt',
    noneRestored: 'es wurde nichts wiederhergestellt',
    deletedRemoved: 'gelöschte Aufnahmen sind noch auf dem Datenträger',
    oldDeleted: 'alte Aufnahmen wurden nicht gelöscht',
    described: 'Titel und Notiz wurden nicht geändert',
    trimmed: 'der Teil wurde nicht gesichert, das Original ist unverändert',
    waveform: 'die Wellenform der Aufnahme fehlt',
  },
  changeFull: ({ change }) => `Der Datenträger ist voll: ${change}. Schaffen Sie Platz und versuchen Sie es erneut.`,
  changeFailed: ({ reason, change }) => `${reason}: ${change}. Prüfen Sie den Ordner und versuchen Sie es erneut.`,
  reasons: {
    noAnswer: 'Der Datenträger antwortet nicht',
    notAllowed: ({ dir }) => `Earshot darf den Ordner ${dir} nicht ändern`,
    readOnly: ({ dir }) => `Der Ordner ${dir} ist schreibgeschützt`,
    other: ({ why, dir }) => `Der Ordner ${dir} ist nicht verwendbar (${why})`,
  },
  noSuchRecording:
    'Diese Aufnahme gibt es nicht mehr. Möglicherweise wurde sie aus ihrem Ordner entfernt. Laden Sie die Liste neu.',
  recordingInProgress: 'Diese Aufnahme läuft noch. Beenden Sie sie und versuchen Sie es dann erneut.',
  recordingBusy:
    'Eine andere Änderung oder die Reparatur dieser Aufnahme ist noch nicht beendet. Versuchen Sie es gleich noch einmal.',
  recordingDamaged: ({ id }) =>
    `Die Beschreibung dieser Aufnahme (${id}.json) ist beschädigt. Starten Sie Earshot neu: Es bewahrt eine Kopie auf und schreibt eine neue.`,
  recordingShorter: ({ id }) => `Die Datei der Aufnahme ${id} wurde während des Lesens kürzer.`,
  recordingsUnreadable: ({ dir }) => `Der Ordner ${dir} ist nicht lesbar. Prüfen Sie seine Zugriffsrechte.`,
  noteTooLong: 'Diese Notiz ist zu lang für diese Aufnahme. Kürzen Sie sie.',
  badWav: ({ why }) =>
    `Earshot kann die Datei dieser Aufnahme nicht lesen: ${why}. Möglicherweise hat ein anderes Programm sie geändert.`,
  wav: {
    noRiff: 'Sie beginnt nicht mit RIFF/WAVE',
    notPcm16: 'Ihre Abtastwerte sind kein PCM mit 16 Bit',
    dataFirst: 'Ihre Daten stehen vor ihrem Format',
    noSamples: 'Sie enthält keine Abtastwerte',
    tooShort: 'Sie ist zu kurz',
    becameShorter: 'Sie wurde während des Lesens kürzer',
    otherFormat: ({ channels, rate, onlyChannels, onlyRate }) =>
      `Sie hat ${channels} ${channels === 1 ? 'Kanal' : 'Kanäle'} mit ${rate} Hz, kürzen lässt sich nur ${onlyChannels} Kanal mit ${onlyRate} Hz`,
  },
  badRange: ({ least, seconds }) =>
    `Wählen Sie einen Teil von mindestens ${decimal(least)} s zwischen 0 und ${decimal(seconds)} s.`,
  tooManyParts:
    'Von dieser Aufnahme gibt es schon 98 Teile. Löschen Sie einige, oder kürzen Sie einen davon mit einem anderen Programm.',
  restoreConflict:
    'Es gibt schon eine Aufnahme mit diesem Namen, daher wurde diese nicht wiederhergestellt. Verschieben Sie die andere und versuchen Sie es erneut.',
  notRestorable:
    'Diese Aufnahme lässt sich nicht mehr wiederherstellen: Gelöschte Aufnahmen werden zehn Minuten oder bis zum nächsten Start aufbewahrt.',
  deletedFolderUnsafe: ({ path }) =>
    `Earshot verwendet ${path} nicht: Es ist ein Link oder kein eigener Ordner. Entfernen Sie es und versuchen Sie es erneut.`,
  stopping: 'Earshot wird gerade beendet. Versuchen Sie es nach dem nächsten Start erneut.',

  folderMissing: ({ dir }) =>
    `Der Ordner der Aufnahmen ${dir} ist nicht verfügbar. Schließen Sie sein Laufwerk an und versuchen Sie es erneut, oder wählen Sie in den Einstellungen einen anderen Ordner.`,
  folderSame: ({ path }) => `Ihre Aufnahmen liegen bereits in ${path}.`,
  folderLinked: ({ path }) => `${path} ist ein Link. Wählen Sie den Ordner, auf den er verweist.`,
  folderLinkedInside: ({ path }) => `${path} ist ein Link. Entfernen Sie ihn, oder wählen Sie einen anderen Ordner.`,
  noFolder: ({ path }) => `${path} ist kein Ordner. Wählen Sie einen Ordner.`,
  folderOfOther: ({ path }) => `${path} gehört einem anderen Benutzer. Wählen Sie einen eigenen Ordner.`,
  folderInside: ({ path }) => `${path} liegt im Ordner der Aufnahmen. Wählen Sie einen anderen.`,
  folderInData: ({ path }) => `In ${path} bewahrt Earshot eigene Daten auf. Wählen Sie einen Ordner außerhalb davon.`,
  folderFull: ({ path }) =>
    `In ${path} ist nicht genug Platz für die Aufnahmen. Schaffen Sie Platz, oder wählen Sie einen anderen Ordner.`,
  folderNotWritable: ({ path, why }) =>
    `Earshot kann in ${path} nicht schreiben (${why}). Prüfen Sie die Zugriffsrechte, oder wählen Sie einen anderen Ordner.`,
  folderInUse:
    'Ein anderes Earshot verwendet dieselben Aufnahmen. Schließen Sie es oder das Programm seines Browser-Tabs und versuchen Sie es erneut.',
  moveRunning: 'Die Aufnahmen werden gerade verschoben. Warten Sie, oder brechen Sie das ab.',
  moveNotEnded:
    'Ein früheres Verschieben ist noch nicht beendet. Schließen Sie beide Laufwerke an, starten Sie Earshot neu und versuchen Sie es erneut.',
  moveUnfinished: ({ why, from }) =>
    `Noch konnten nicht alle Aufnahmen verschoben werden (${why}). Es ist nichts verloren: Einige sind noch in ${from}. Starten Sie Earshot neu, um fortzufahren.`,
  moveFailed: ({ why, from }) =>
    `Die Aufnahmen wurden nicht verschoben (${why}). Sie sind noch in ${from}. Prüfen Sie beide Ordner und ihren freien Platz und versuchen Sie es erneut.`,
  moveNameTaken: ({ name, to }) =>
    `In ${to} gibt es eine andere Datei namens ${name}. Verschieben Sie sie und versuchen Sie es erneut. Es wurde nichts ersetzt.`,
  turnRunning:
    'Eine Aufnahme wartet noch auf ihren Ordner. Beenden Sie sie zuerst, oder schließen Sie das Laufwerk des Ordners an.',

  unsafeFile: ({ name, flaw, remedy }) => `Earshot verwendet ${name} nicht: Die Datei ${flaw}. ${remedy}`,
  fileFlaws: {
    notRegular: 'ist keine gewöhnliche Datei',
    notYours: 'ist keine gewöhnliche eigene Datei',
    otherUser: 'gehört einem anderen Benutzer',
    hardLink: 'hat einen weiteren Namen (einen Hardlink)',
    linkOfOther: 'ist ein Link eines anderen Benutzers',
    brokenLink: 'ist ein Link ohne Ziel',
    linkToOpenFolder: 'ist ein Link in einen Ordner, in den andere schreiben dürfen',
    link: 'ist ein Link',
  },
  fileTooLong: ({ bytes }) => `ist länger als ${bytes} Bytes`,
  remedies: {
    remove: 'Entfernen oder verschieben Sie sie.',
    replace: 'Legen Sie eine Kopie an ihre Stelle.',
    removeOrReplace: 'Entfernen Sie sie, oder legen Sie eine eigene Kopie an ihre Stelle.',
    copyOfIt: 'Legen Sie eine Kopie davon an ihre Stelle.',
  },
  unsafeFolder: ({ path, flaw }) =>
    `Earshot bewahrt seine Daten nicht in ${path} auf: Der Ordner ${flaw}. Verwenden Sie einen eigenen Ordner, in den ` +
    'sonst niemand schreiben darf, oder einen anderen Datenordner (--data-dir, in der Desktop-App EARSHOT_DATA_DIR).',
  folderFlaws: {
    otherUser: 'gehört einem anderen Benutzer',
    forAll: 'ist ein Ordner für alle Benutzer',
    writable: 'lässt andere Benutzer schreiben',
  },
  dataDirUnusable: ({ path }) =>
    `Earshot kann seine Daten nicht in ${path} aufbewahren. Prüfen Sie, ob das ein Ordner ist, in den Sie schreiben dürfen, und ob der Datenträger freien Platz hat.`,

  settingsNewer:
    'Inzwischen hat ein neueres Earshot die Einstellungsdatei geschrieben. Beenden Sie dieses hier und starten Sie das neuere.',
  badSetting: ({ name }) => `Dieser Wert von „${name}“ ist nicht möglich. Wählen Sie einen anderen.`,
  settingsNotSaved: ({ why, dir }) =>
    `Die Einstellung gilt, bis Earshot beendet wird, konnte aber nicht gesichert werden (${why}). Prüfen Sie die Zugriffsrechte und den freien Platz des Ordners ${dir} und ändern Sie sie dann erneut.`,

  noDesktop: 'Diese Einstellungen gehören zur Desktop-App.',
  noUpdateInTab: 'Ein Browser-Tab wird mit dem Programm aktualisiert, das ihn bereitstellt.',
  noDragInTab: 'Nur aus dem Fenster der Desktop-App lassen sich Dateien ziehen. Sichern Sie stattdessen eine Kopie.',
  noDownloadInTab: 'Der Browser führt die Liste seiner Downloads.',
  noFolderChoiceInTab: 'Nur in der Desktop-App lässt sich der Ordner wählen.',
  unexpected: ({ call, why }) => `${call} ist fehlgeschlagen: ${why}. Mehr steht im Protokoll.`,
};

/** With one decimal at most, and a comma. */
function decimal(value: number): string {
  return String(Math.round(value * 10) / 10).replace('.', ',');
}
