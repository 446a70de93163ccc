/**
 * The sentences of the host's errors, in English: what happened, what was kept, what to do. The log has them too.
 * `why` is the system's reason, which is English in every language.
 */
export const errors = {
  /** The disk accepts nothing at the moment. */
  delayedFull: 'The disk is full. Free some space. In the meantime, the recording is kept in memory.',
  delayed: ({ why, dir }: Failure) =>
    `The recording can't be written at the moment (${why}). It is kept in memory and retried. Check the folder ${dir}.`,
  recordingFull:
    'The disk is full, so the recording has ended. Free some space, then press the mic to record again. The part ' +
    'that is on the disk is kept.',
  recordingFailed: ({ why, dir }: Failure) =>
    `The recording could not be written (${why}). Check the free space and the permissions of the folder ${dir}, then ` +
    'press the mic to record again. The part that is on the disk is kept.',
  recordingTooLong: ({ hours }: { hours: number }) =>
    `A recording ends after ${hours} hours: a WAV file holds no more. Press the mic to start a new one.`,
  recordingChanged: ({ path, removed }: { path: string; removed: boolean }) =>
    `Another program ${removed ? 'removed' : 'changed'} the file ${path} during the recording. Keep other programs ` +
    'away from the recordings folder, and press the mic to record again.',
  descriptionMissing: ({ why, dir }: Failure) =>
    `The recording is saved, but its description (the JSON beside it) could not be written (${why}). ` +
    `Check the folder ${dir}; Earshot writes it at its next start.`,

  importBusy: ({ files }: { files: number }) =>
    `${files} files are being imported already. Wait until one of them is finished, then import this file again.`,
  noSuchImport:
    'The import has ended before the whole file had arrived. Nothing of it was kept. Import the file again.',
  importEmpty: 'The file contains no sound, so nothing was imported. Choose another file.',
  importTooLong:
    'The file is longer than five hours, so nothing was imported. Cut it into shorter parts, then import them.',
  importPiece: ({ why }: { why: string }) => `The file could not be imported (${why}). Import it again.`,
  importFull: 'The disk is full, so the file was not imported. Free some space, then import it again.',
  importFailed: ({ why, dir }: Failure) =>
    `The file could not be imported (${why}). Check the free space and the permissions of the folder ${dir}, then ` +
    'import it again.',

  /** A change of recordings that failed: each says what was not done. */
  changes: {
    changed: 'the recording was not changed',
    deleted: 'the recording was not deleted',
    restored: 'the recording was not restored',
    noneRestored: 'nothing was restored',
    deletedRemoved: 'deleted recordings are still on the disk',
    oldDeleted: 'old recordings were not deleted',
    described: 'title and note were not changed',
    trimmed: 'the part was not saved; the original is unchanged',
    waveform: 'the waveform of the recording is missing',
  },
  changeFull: ({ change }: { change: string }) => `The disk is full, so ${change}. Free some space, then try again.`,
  changeFailed: ({ reason, change }: { reason: string; change: string }) =>
    `${reason}, so ${change}. Check the folder, then try again.`,
  reasons: {
    noAnswer: 'The disk does not answer',
    notAllowed: ({ dir }: { dir: string }) => `Earshot may not change the folder ${dir}`,
    readOnly: ({ dir }: { dir: string }) => `The folder ${dir} is read-only`,
    other: ({ why, dir }: Failure) => `The folder ${dir} could not be used (${why})`,
  },
  noSuchRecording: 'This recording no longer exists. It may have been removed from its folder; reload the list.',
  recordingInProgress: 'This recording is still being written. Stop it first, then try again.',
  recordingBusy: 'Another change of this recording, or its repair, has not ended yet. Try again in a moment.',
  recordingDamaged: ({ id }: { id: string }) =>
    `The description of this recording (${id}.json) is damaged. Restart Earshot: it keeps a copy and writes a new one.`,
  recordingShorter: ({ id }: { id: string }) => `The file of the recording ${id} became shorter while it was read.`,
  recordingsUnreadable: ({ dir }: { dir: string }) => `The folder ${dir} can't be read. Check its permissions.`,
  noteTooLong: 'This note is too long for this recording. Shorten it.',
  badWav: ({ why }: { why: string }) =>
    `Earshot can't read the audio of this recording: ${why}. Another program may have changed the file.`,
  wav: {
    noRiff: 'it does not start as RIFF/WAVE',
    notPcm16: 'its samples are not 16-bit PCM',
    dataFirst: 'its data come before their format',
    noSamples: 'it has no samples',
    tooShort: 'it is too short',
    becameShorter: 'it became shorter while it was read',
    otherFormat: (wav: { channels: number; rate: number; onlyChannels: number; onlyRate: number }) =>
      `it has ${wav.channels} channels at ${wav.rate} Hz, and only ${wav.onlyChannels} at ${wav.onlyRate} Hz can be trimmed`,
  },
  badRange: ({ least, seconds }: { least: number; seconds: number }) =>
    `Choose a part of at least ${least} s between 0 and ${seconds.toFixed(1)} s.`,
  tooManyParts: 'There are already 98 parts of this recording. Delete some, or trim one of them with another program.',
  restoreConflict:
    'A recording of the same name exists, so this one was not restored. Move the other one away, then try again.',
  notRestorable:
    'This recording can’t be restored any more: deleted recordings are kept for ten minutes, or until the next start.',
  deletedFolderUnsafe: ({ path }: { path: string }) =>
    `Earshot does not use ${path}: it is a link, or no folder of yours. Remove it, then try again.`,
  stopping: 'Earshot is ending. Try again after its next start.',

  /** The recordings folder. */
  folderMissing: ({ dir }: { dir: string }) =>
    `The recordings folder ${dir} is not there. Connect its drive and try again, or choose another folder in the settings.`,
  folderSame: ({ path }: { path: string }) => `Your recordings are already in ${path}.`,
  folderLinked: ({ path }: { path: string }) => `${path} is a link. Choose the folder that it leads to.`,
  folderLinkedInside: ({ path }: { path: string }) => `${path} is a link. Remove it, or choose another folder.`,
  noFolder: ({ path }: { path: string }) => `${path} is not a folder. Choose a folder.`,
  folderOfOther: ({ path }: { path: string }) => `${path} belongs to another user. Choose a folder of your own.`,
  folderInside: ({ path }: { path: string }) => `${path} is inside of the recordings folder. Choose another one.`,
  folderInData: ({ path }: { path: string }) => `Earshot keeps its own data in ${path}. Choose a folder outside of it.`,
  folderFull: ({ path }: { path: string }) =>
    `There is not enough free space in ${path} for your recordings. Free some space, or choose another folder.`,
  folderNotWritable: ({ path, why }: { path: string; why: string }) =>
    `Earshot can’t write to ${path} (${why}). Check its permissions, or choose another folder.`,
  folderInUse: 'Another Earshot uses the same recordings. Close it, or its browser tab’s program, then try again.',
  moveRunning: 'The recordings are being moved. Wait, or cancel that.',
  moveNotEnded: 'An earlier move has not ended. Connect both drives and restart Earshot, then try again.',
  moveUnfinished: ({ why, from }: { why: string; from: string }) =>
    `Not all recordings could be moved yet (${why}). Nothing is lost: some are still in ${from}. Restart Earshot to continue.`,
  moveFailed: ({ why, from }: { why: string; from: string }) =>
    `The recordings were not moved (${why}). They are still in ${from}. Check both folders and their free space, then try again.`,
  moveNameTaken: ({ name, to }: { name: string; to: string }) =>
    `There is another file named ${name} in ${to}. Move it away, then try again. Nothing was replaced.`,
  turnRunning: 'A recording is still waiting for its folder. End it first, or connect the drive of the folder.',

  /** Files and folders that Earshot does not use, because others control them. */
  unsafeFile: ({ name, flaw, remedy }: { name: string; flaw: string; remedy: string }) =>
    `Earshot does not use ${name}: it ${flaw}. ${remedy}`,
  fileFlaws: {
    notRegular: 'is not a regular file',
    notYours: 'is no regular file of yours',
    otherUser: 'belongs to another user',
    hardLink: 'has another name (a hard link)',
    linkOfOther: 'is a link of another user',
    brokenLink: 'is a broken link',
    linkToOpenFolder: 'is a link into a folder open to others',
    link: 'is a link',
  },
  fileTooLong: ({ bytes }: { bytes: number }) => `is longer than ${bytes} bytes`,
  remedies: {
    remove: 'Remove it or move it away.',
    replace: 'Put a copy in its place.',
    removeOrReplace: 'Remove it, or put a copy of your own in its place.',
    copyOfIt: 'Put a copy of it in its place.',
  },
  unsafeFolder: ({ path, flaw }: { path: string; flaw: string }) =>
    `Earshot does not keep its data in ${path}: it ${flaw}. Make it a folder of your own that nobody else may write to, ` +
    'or choose another data folder (--data-dir, in the desktop app EARSHOT_DATA_DIR).',
  folderFlaws: {
    otherUser: 'belongs to another user',
    forAll: 'is a folder for all users',
    writable: 'can be written by other users',
  },
  dataDirUnusable: ({ path }: { path: string }) =>
    `Earshot can't keep its data in ${path}. Check that it is a folder you may write to and that the disk has free space.`,

  settingsNewer: 'A newer Earshot has written the settings file meanwhile. Quit this one, and start the newer one.',
  badSetting: ({ name }: { name: string }) => `This value of "${name}" is not possible. Choose another one.`,
  settingsNotSaved: ({ why, dir }: Failure) =>
    `The setting applies until Earshot ends, but could not be saved (${why}). Check the permissions and the free space of the folder ${dir}, then change it again.`,

  /** Calls that a browser tab's host can't answer. */
  noDesktop: 'These settings belong to the desktop app.',
  noUpdateInTab: 'A browser tab is updated with the program that serves it.',
  noDragInTab: 'Only the desktop app can drag files out of its window. Save a copy instead.',
  noDownloadInTab: 'Your browser lists its downloads.',
  noFolderChoiceInTab: 'Only the desktop app can choose the folder.',
  unexpected: ({ call, why }: { call: string; why: string }) => `${call} failed: ${why}. The log has more.`,
};

interface Failure {
  /** The system's reason. */
  why: string;
  dir: string;
}
