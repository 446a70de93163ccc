import { dates } from './dates.ts';
import { capital, formatCount, formatShare } from './format.ts';
import { plainLogEn } from './plain-log.en.ts';
import { sessionViewEn } from './session-view.en.ts';

const PLURALS = new Intl.PluralRules('en');

/**
 * Every text that the window shows or has a screen reader say, in English, grouped by feature: plain strings, and
 * functions of named values where a text has parts. Values with a unit (lengths, levels, percentages) arrive formatted
 * by `format.ts`; counts arrive as numbers, because their plural depends on the language.
 *
 * Read texts from `text` in `text.ts`, which is in the user's language. Only what is logged is read from here.
 */
export const en = {
  app: {
    name: 'Earshot',
    settings: 'Settings',
    /** The parts of the window; tabs in a narrow window. */
    parts: 'Parts of the window',
    talk: 'Talk',
    recordings: 'Recordings',
    log: 'Log',
    showLog: 'Show the log',
    hideLog: 'Hide the log',
    /** On the log’s button while it is closed. */
    warnings: ({ warnings }: { warnings: number }) =>
      plural(warnings, { one: '1 new warning', other: `${formatCount(warnings)} new warnings` }),
    notConnected: 'not connected',
    needsJavaScript: 'Earshot needs JavaScript. Allow it for this page, then reload.',
  },

  common: {
    close: 'Close',
    dismiss: 'Dismiss',
    tryAgain: 'Try again',
    copied: 'Copied',
    copyFailed: 'Copying is not allowed here',
    loading: 'Loading…',
    none: '–',
  },

  /** Shown instead of the window when the page cannot connect to its host. */
  errorScreen: {
    unreachable: 'Earshot’s host can’t be reached',
    startAgain: 'Start Earshot again and open the link it prints.',
    full: 'Earshot has no room for this tab',
    restarted: 'This tab is from an earlier start of Earshot',
    unproven: 'Another program answers in Earshot’s place',
    tooManyCookies: 'Too many cookies for this address',
    controlled: 'Another program’s service worker controls this tab',
  },

  /** Why the connection to the host failed or ended, and what to do. */
  host: {
    unreachable: 'Earshot does not answer this tab. Start Earshot again and open the address that it prints.',
    unproven:
      'Another program answers at this address. Nothing was sent to it. Start Earshot again and open the link that it prints.',
    tooManyCookies:
      'Your browser sends more cookies for this address than Earshot accepts. Other programs on this computer set them. Delete the cookies of this address in the browser’s settings, or open the link that Earshot printed in a private window.',
    full: 'Too many Earshot tabs are open. Close one, then reload this page.',
    restarted: 'Earshot was started again. Open the link it printed in the terminal.',
    lost: 'The connection with Earshot was lost. Try again when it is back.',
    noAnswer: 'Earshot did not answer. Restart Earshot.',
    badAnswer: ({ call }: { call: string }) =>
      `Earshot’s host answered ${call} in a way this window does not understand. Reload the window.`,
    busy: 'This window makes more calls than its host can answer. Wait a moment, then try again.',
    tooLarge: ({ call }: { call: string }) => `${call}: the arguments are too large.`,
    noToken: 'This tab was opened without its key. Open the whole address that Earshot printed when it started.',
    elsewhere: 'This is not the address of Earshot’s page. Open the whole link that Earshot printed when it started.',
    controlled:
      'A service worker that another program left in this browser controls this page and could read its data. Close this tab and open the link that Earshot printed, which removes the worker. If Earshot was started with --numeric-address, first delete the data of this site in the browser.',
  },

  /** Errors of the link page, which cannot redirect to the window's page. The titles are those of `errorScreen`. */
  linkPage: {
    unreachable:
      'Earshot does not answer. Reload this page; if that does not help, quit the whole browser, start Earshot again and open the link that it prints.',
    unproven:
      'Another program answers at the address of Earshot’s page. Nothing was sent to it. Quit the whole browser, start Earshot again and open the link that it prints.',
  },

  /** What can stop a turn: what happened, and what to do. The mic button retries after each of them. */
  problems: {
    mic_denied: {
      title: 'Earshot may not use the microphone',
      action: 'Allow the microphone for Earshot, then press the mic again.',
      /** In a browser tab, and in the desktop app by `process.platform`. */
      where: {
        tab: 'Click the icon next to the address, then check the system’s settings.',
        darwin: 'Look in System Settings under Privacy & Security, Microphone.',
        win32: 'Look in Settings under Privacy & security, Microphone: desktop apps must be allowed there.',
        linux: 'Look in your desktop’s settings under Privacy or Sound.',
      },
    },
    mic_missing: {
      title: 'No microphone was found',
      action:
        'Plug one in or switch it on. If one is connected, it may be turned off in the system’s sound or privacy settings. Then press the mic again.',
    },
    mic_no_devices: {
      title: 'The system reports no sound devices',
      action:
        'Plug in a microphone, or check the system’s sound settings, then press the mic again. If other programs have sound, quit Earshot, or the whole browser, and open it again.',
    },
    mic_busy: {
      title: 'The microphone could not be opened',
      action:
        'Another program may be using it. Close that program, or choose another microphone in the settings. Then press the mic again.',
    },
    mic_unplugged: {
      title: 'The microphone was disconnected',
      action:
        'What you said until then is kept. No other microphone could be opened. Check that one is connected, then press the mic again.',
    },
    mic_no_sound: {
      title: 'No sound comes from the microphone',
      action:
        'Check that it is switched on and connected, or choose another one in the settings, then press the mic again.',
    },
    mic_failed: {
      title: 'The microphone could not be started',
      action: 'Check it in the system settings, then press the mic again.',
    },
    part_not_loaded: {
      title: 'A part of this window could not be loaded',
      action:
        'The microphone could be opened. Press the mic to try again. If that does not help, close this window and open a new one. In a browser, open the link that Earshot printed.',
    },
    recording_ended: {
      title: 'The recording has ended',
      action:
        'What you say can no longer be saved. The message below says why and what to do. Then press the mic to record again.',
    },
    server_gone: {
      title: 'The voice server does not answer',
      action: 'Nothing more is kept. Try again, or restart Earshot.',
    },
    other_program: {
      title: 'Another program answers in Earshot’s place',
      action:
        'No sound was sent to it, and the microphone is off. Try again, or restart Earshot. In a browser, open the link it prints.',
    },
    server_full: {
      title: 'Too many connections are open',
      action: 'Close another Earshot window, then press the mic again.',
    },
    too_many_cookies: {
      title: 'Your browser sends more cookies for this address than Earshot accepts',
      action:
        'Other programs on this computer set them. Delete the cookies of this address in the browser’s settings, then press the mic again. Or open the link that Earshot printed in a private window.',
    },
    refused_policy: {
      title: 'The voice server ended the connection because it broke a rule',
      action: 'The log says which one. Press the mic to start again.',
    },
    refused_size: {
      title: 'The voice server refused a message that was too large',
      action: 'Press the mic to start again.',
    },
    taken_over: {
      title: 'This session continues in another window',
      action: 'Press the mic to start a new one here.',
    },
  },

  /** Exports and imports of audio files. */
  audioFiles: {
    /** By error code: what happened, what was kept, what to do. */
    errors: {
      cancelled: 'Cancelled. Nothing was changed.',
      export_unsupported: 'This browser can’t write Opus files. Choose FLAC or WAV.',
      export_failed: 'The file could not be made. The recording is unchanged. Try again, or choose WAV.',
      import_empty: 'The file contains no sound, so nothing was imported. Choose another file.',
      import_not_audio: 'This is not an audio file that Earshot can read. Choose a WAV, FLAC, MP3, Opus or M4A file.',
      import_unsupported:
        'Earshot can’t read this kind of audio file here. Convert it to WAV, FLAC or MP3 with another program, then import it again.',
      import_damaged: 'The file is damaged, so nothing was imported. Get another copy of it, or choose another file.',
      import_unreadable:
        'The file can’t be read. It may have been moved, changed or locked. Check it, then import it again.',
      import_too_long:
        'The file is longer than five hours, so nothing was imported. Cut it into shorter parts, then import them.',
      import_too_large:
        'Files of this kind can be at most 4 MB. Convert it to MP3, FLAC or Opus with another program, then import it again.',
      import_busy:
        'Another file is being imported in this window. Wait until it is finished, then import this one again.',
      import_failed: 'The file could not be imported, and nothing of it was kept. Import it again.',
    },
  },

  /** Reading a log file. */
  logFile: {
    /** By error code: what happened and what to do. */
    errors: {
      log_file_too_large:
        'The file is larger than 128 MB, so it was not opened. Split it into parts by lines, then open them.',
      log_file_unreadable:
        'The file can’t be read. It may have been moved, changed or locked. Check it, then open it again.',
      not_a_log:
        'This is not a log of Earshot. Choose a file that was exported from a log, or earshot.log in the data folder.',
    },
  },

  /** What can be done with recordings as files. */
  recordingFiles: {
    saveCopy: 'Save a copy',
    saveCopies: ({ recordings }: { recordings: number }) =>
      plural(recordings, { one: 'Save a copy', other: `Save copies of ${formatCount(recordings)} recordings` }),
    exportAs: 'Export',
    exportSeveral: ({ recordings }: { recordings: number }) =>
      plural(recordings, { one: 'Export', other: `Export ${formatCount(recordings)} recordings` }),
    formats: {
      wav: { label: 'WAV', menu: 'Export as WAV', hint: 'As it was recorded. Every program plays it.' },
      flac: { label: 'FLAC', menu: 'Export as FLAC', hint: 'The same sound in about half the size.' },
      opus: { label: 'Opus', menu: 'Export as Opus', hint: 'Small enough to send: 14\u00a0MB an hour.' },
    },
    notOffered: 'This browser can’t write such files.',
    more: 'More actions',
    showInFolder: 'Show in folder',
    copyPath: 'Copy the path of the file',
    pathCopied: ({ path }: { path: string }) => `Copied: ${path}`,
    dragHint: 'Drag it into a folder or a message to share it.',
    /** The name of a file, without its ending, of a recording without a title. `when`: `2026-11-22 19-26-03`. */
    untitled: ({ when }: { when: string }) => `Recording ${when}`,
    importFiles: 'Import audio files…',
    dropHere: 'Drop audio files to import them',
    dropKinds: 'WAV, FLAC, MP3, Opus and others',
    tasks: 'Files in progress',
    waiting: 'Waiting',
    making: ({ format, share }: { format: string; share: string }) => `Making the ${format} file, ${share}`,
    preparing: ({ format }: { format: string }) => `Making the ${format} file`,
    saving: 'Saving',
    importing: ({ share }: { share: string }) => `Importing, ${share}`,
    reading: 'Reading the file',
    cancel: ({ name }: { name: string }) => `Cancel “${name}”`,
    saved: ({ name, files }: { name: string; files: number }) =>
      plural(files, { one: `“${name}” was saved.`, other: `${formatCount(files)} files were saved.` }),
    inDownloads: ({ name }: { name: string }) => `“${name}” is in your browser’s downloads.`,
    imported: ({ files }: { files: number }) =>
      plural(files, { one: '1 file was imported.', other: `${formatCount(files)} files were imported.` }),
    importedMark: 'imported',
    importedFrom: ({ name }: { name: string }) => `Imported from the file “${name}”.`,
    folder: 'This is a folder. Open it, and drop the files that are in it.',
    tooManyImports: ({ files, most }: { files: number; most: number }) =>
      `Earshot imports at most ${formatCount(most)} files at once: ${formatCount(files)} were left out. Import them afterwards.`,
    tooManySaves: ({ files, most }: { files: number; most: number }) =>
      `Earshot saves at most ${formatCount(most)} files at once: ${formatCount(files)} were left out. Select them, then save them.`,
    filesLeftOut: ({ files }: { files: number }) =>
      plural(files, { one: '1 file', other: `${formatCount(files)} files` }),
    failed: 'The file was not saved. The recording is unchanged. Try again.',
    notDragged: 'The file could not be dragged. Save a copy instead.',
    notShown: 'The file could not be shown. Look for it where you saved it.',
  },

  micButton: {
    label: 'Microphone',
    /** On the button's badge, where something is wrong. */
    badge: '!',
  },

  status: {
    idle: { title: 'Ready', detail: 'Press the mic and speak, or hold it while you speak.' },
    allowMicrophone: { title: 'Allow the microphone…', detail: 'Your system is asking whether Earshot may listen.' },
    connecting: { title: 'Connecting…', detail: 'Press again to cancel.' },
    waitingForMicrophone: {
      title: 'Waiting for the microphone…',
      detail: ({ microphone }: { microphone: string }) =>
        `${capital(microphone)} is open and has sent no sound yet. Speak when “Listening” appears.`,
    },
    listening: { title: 'Listening', detail: 'Press again to stop.' },
    paused: {
      title: 'Paused',
      detail: 'Nothing is recorded. Continue when you are ready, or press the mic to finish.',
    },
    pausedAndLost: 'Paused, connection lost',
    limitNear: ({ seconds }: { seconds: number }) => `The recording ends in ${seconds}\u00a0s, at its length limit.`,
    limitReached: {
      title: 'Recording ended',
      detail: ({ minutes }: { minutes: number }) =>
        `It reached the limit of ${plural(minutes, { one: '1 minute', other: `${formatCount(minutes)} minutes` })} in the settings, and was saved. Press the mic to record again.`,
    },
    connectionLost: 'Connection lost',
    retrying: 'Trying again…',
    retryIn: ({ seconds }: { seconds: number }) => `Trying again in ${seconds}\u00a0s.`,
    finishing: { title: 'Finishing…', detail: 'Your last words are being sent.' },
    waitingToFinish: {
      title: ({ recordings }: { recordings: number }) =>
        plural(recordings, {
          one: 'Finishing the last recording…',
          other: `Finishing ${formatCount(recordings)} recordings…`,
        }),
      detail: ({ retry }: { retry: string }) => `The connection is lost. ${retry}`,
      kept: ({ recordings, seconds }: { recordings: number } & KeptFor) =>
        `${plural(recordings, { one: 'It is', other: 'They are' })} kept${howLong(seconds)}. You can press the mic and speak meanwhile.`,
    },
    kept: ({ seconds }: KeptFor) => `What you say is kept${howLong(seconds)}.`,
    /** Recordings of earlier turns, when there is no other sentence about what is kept. */
    earlierWaiting: ({ recordings }: { recordings: number }) =>
      plural(recordings, {
        one: 'The last recording waits for a connection.',
        other: 'The last recordings wait for a connection.',
      }),
    /** The same, after a sentence about the current turn. */
    earlierAlsoWaiting: ({ recordings }: { recordings: number }) =>
      plural(recordings, { one: 'The last recording waits as well.', other: 'The last recordings wait as well.' }),
    /** A sentence made of a title. */
    sentence: ({ title }: { title: string }) => (/[.…]$/.test(title) ? title : `${title}.`),
    tryNow: 'Try now',
    openSystemSettings: 'Open system settings',
    systemSettingsFailed: 'Earshot could not open the settings.',
  },

  microphone: {
    systemDefault: 'System default microphone',
    /** In a sentence, when the name of the default microphone is unknown. */
    unnamedDefault: 'the system’s default microphone',
    /** In a sentence. */
    unnamed: 'the microphone',
    quoted: ({ name }: { name: string }) => `“${name}”`,
    replacementInUse: ({ chosen, name }: { chosen: string; name: string }) =>
      `${chosen} is not connected. Listening with ${name}.`,
    replacementWillBeUsed: ({ chosen, name }: { chosen: string; name: string }) =>
      `${chosen} is not connected. ${capital(name)} will be used.`,
    muted: {
      title: 'The microphone is muted',
      detail: ({ name }: { name: string }) =>
        `Only silence is being recorded. Unmute ${name} in the system’s sound settings or with its own button.`,
    },
    muted_in_app: {
      title: 'Muted',
      detail: () => 'Silence is being recorded. Unmute to be heard again.',
    },
    stalled: {
      title: 'The microphone sends nothing',
      detail: ({ name }: { name: string }) =>
        `No sound comes from ${name}. Switch it off and on, or wait until it is connected. Recording then continues.`,
    },
    silent: {
      title: 'Only silence is heard',
      detail: ({ name }: { name: string }) =>
        `Is ${name} switched off or turned down? Check its own switch, or choose another microphone in the settings.`,
    },
    noise: {
      title: 'Only faint noise is heard',
      detail: ({ name }: { name: string }) =>
        `Is ${name} switched off or turned down? Check its own switch and its level in the system’s sound settings.`,
    },
  },

  /** The choice of microphones and output devices. */
  devices: {
    microphone: 'Microphone',
    output: 'Play recordings on',
    outputSearchWords: 'loudspeakers speakers headphones output device',
    /** `name`: the default device; empty if it is not known. */
    systemDefault: ({ name }: { name: string }) => (name === '' ? 'System default' : `System default (${name})`),
    numberedMicrophone: ({ number }: { number: number }) => `Microphone ${number}`,
    numberedOutput: ({ number }: { number: number }) => `Output device ${number}`,
    chosenMicrophone: 'Microphone chosen earlier',
    chosenOutput: 'Output device chosen earlier',
    notConnected: ({ name }: { name: string }) => `${name} (not connected)`,
    /** The device has a new id, as after a change of the browser’s profile. */
    foundByName: ({ name }: { name: string }) => `${name} was recognised by its name.`,
    namesHidden: 'Microphones have names here once you have allowed the microphone.',
    outputNamesHidden: 'Output devices have names here once you have allowed the microphone.',
    allow: 'Allow the microphone',
    asking: 'Waiting for your answer…',
    /** `title` and `action` of a problem. */
    problem: ({ title, action }: { title: string; action: string }) => `${title}. ${action}`,
    microphoneHint: 'A change during a recording applies at once, and nothing is lost.',
    channelShort: 'Channel',
    channelOf: {
      automatic: 'Automatic channel',
      left: 'Left channel',
      right: 'Right channel',
      numbered: ({ number }: { number: number }) => `Channel ${number}`,
    },
    outputHint: 'Recordings and the test play there.',
    outputMissing: ({ name }: { name: string }) =>
      `${name} is not connected. Recordings play on the system’s default device.`,
    outputFailed: ({ name }: { name: string }) =>
      `${name} could not be used. Recordings play on the system’s default device. Choose another output device in the settings.`,
    outputUnsupported: 'This browser plays recordings on the system’s default device only.',
  },

  /** Three seconds of sound, recorded, played back and judged. */
  micTest: {
    label: 'Microphone test',
    start: 'Test the microphone',
    again: 'Test again',
    stop: 'Stop the test',
    hint: ({ seconds }: { seconds: number }) =>
      `Say something for ${seconds} seconds and hear it. Nothing is sent or saved.`,
    opening: 'Waiting for the microphone…',
    recording: 'Recording: say something as loud as you usually speak.',
    playing: 'This is how it sounds…',
    busy: 'The test works when the microphone is off.',
    playFailed: 'It could not be played back.',
    verdict: {
      good: 'Good level.',
      quiet: 'Very quiet: move closer or raise the input volume.',
      clipped: 'Too loud: parts were cut off. Move away or lower the input volume.',
      silent: 'Silence: is it muted, or is another microphone chosen?',
    },
  },

  /** What a new user should know. */
  firstSteps: {
    title: 'Welcome to Earshot',
    what: 'Press the mic and speak: Earshot records what you say, on this computer only.',
    folder: 'Recordings are saved in',
    keys: 'Keys',
    talkKey: ({ keys }: { keys: string }) => `${keys} works like the mic.`,
    shortcut: ({ keys }: { keys: string }) => `${keys} works from any program.`,
    start: 'Got it',
    skip: 'Skip the first steps',
    again: 'The settings show this again.',
    field: 'First steps',
    show: 'Show the first steps',
  },

  /** What the browser does to the sound of the microphone. */
  processing: {
    label: 'Sound processing by the browser',
    hint: 'All off: the recording is what the microphone delivers. Changes apply from the next recording.',
    echoCancellation: {
      label: 'Echo cancellation',
      hint: 'Removes what your loudspeakers play, but can also cut into your voice while they play.',
    },
    noiseSuppression: {
      label: 'Noise suppression',
      hint: 'Lowers steady noise such as a fan, but can also swallow quiet words and distorts music.',
    },
    autoGainControl: {
      label: 'Automatic gain',
      hint: 'Raises quiet and lowers loud speech, so noise grows in pauses and the level no longer shows how loud you were.',
    },
    unsupported: 'This browser has no such switch.',
    reportedOn: ({ name }: { name: string }) => `The browser reports that it is on for ${name}.`,
    reportedOff: ({ name }: { name: string }) => `The browser reports that it is off for ${name}.`,
  },

  /** What happened to the connection and the microphone during a turn. */
  recovery: {
    broke: (count: Interruptions) => `${connectionBroke(count)}.`,
    brokeWithoutLoss: (count: Interruptions) => `${connectionBroke(count)}; nothing was lost.`,
    brokeWithLoss: ({ lost, ...count }: Interruptions & { lost: string }) =>
      `${connectionBroke(count)}; about ${lost} were lost.`,
    lost: ({ lost }: { lost: string }) => `About ${lost} were lost.`,
    lostSoFar: ({ lost }: { lost: string }) => `About ${lost} were lost so far.`,
    microphoneStalled: ({ length }: { length: string }) =>
      `About ${length} were not recorded, because the microphone sent nothing.`,
    microphoneChanged: ({ length }: { length: string }) =>
      `About ${length} were not recorded, because the microphone was disconnected until another one was opened.`,
    audioDelayed: ({ length }: { length: string }) =>
      `About ${length} were not recorded, because Earshot or the system’s audio was held up.`,
    slept: ({ length }: { length: string }) =>
      `The computer slept for about ${length}, or its clock was set forward. Nothing is recorded while it sleeps.`,
  },

  instruments: {
    elapsed: 'Elapsed time',
    session: 'Session',
    copySessionId: 'Copy the session ID',
    level: 'Microphone level',
    /** How loud the microphone is now. */
    words: { none: 'no sound', very_quiet: 'very quiet', good: 'good level', too_loud: 'too loud' },
    /** Tooltip and value of the meter. `level`: a number. */
    levelValue: ({ word, level }: { word: string; level: string }) => `${word}, peak ${level} dBFS`,
    silence: 'no sound',
  },

  /** Title of the window, also in the task bar and on the tab. Nothing in front of the name: no turn. */
  windowTitle: {
    recording: ({ app }: { app: string }) => `● Recording · ${app}`,
    no_sound: ({ app }: { app: string }) => `● Recording, no sound · ${app}`,
    muted: ({ app }: { app: string }) => `● Recording, muted · ${app}`,
    paused: ({ app }: { app: string }) => `○ Paused · ${app}`,
    reconnecting: ({ app }: { app: string }) => `● Recording, not connected · ${app}`,
  },

  turnControls: {
    pause: 'Pause',
    pauseHint: 'Pause: nothing is recorded until you continue',
    continue: 'Continue',
    continueHint: 'Continue this recording',
    mute: 'Mute',
    muteHint: 'Mute: silence is recorded',
    unmute: 'Unmute',
    unmuteHint: 'Unmute the microphone',
  },

  /** The small window above the others while Earshot's own can't be seen. */
  overlay: {
    states: {
      waiting: 'Waiting…',
      recording: 'Recording',
      no_sound: 'No sound',
      muted: 'Muted',
      paused: 'Paused',
      reconnecting: 'Connection lost',
    },
    stop: 'Stop',
  },

  interruptedTurn: {
    listening: {
      reloaded: ({ shell }: { shell: Shell }) => `Listening stopped because the ${tabOrWindow(shell)} was reloaded.`,
      left: () => 'Listening stopped because the page was left.',
      crashed: ({ shell }: { shell: Shell }) => `Listening stopped because the ${tabOrWindow(shell)} stopped working.`,
    },
    stopping: {
      reloaded: ({ shell }: { shell: Shell }) =>
        `The ${tabOrWindow(shell)} was reloaded while your last words were being saved.`,
      left: () => 'The page was left while your last words were being saved.',
      crashed: ({ shell }: { shell: Shell }) =>
        `The ${tabOrWindow(shell)} stopped working while your last words were being saved.`,
    },
    waiting: {
      reloaded: ({ shell }: { shell: Shell }) =>
        `The ${tabOrWindow(shell)} was reloaded while there was no connection.`,
      left: () => 'The page was left while there was no connection.',
      crashed: ({ shell }: { shell: Shell }) =>
        `The ${tabOrWindow(shell)} stopped working while there was no connection.`,
    },
    lost: 'What you said without a connection is lost.',
    saving: 'Saving what you said…',
    stillSaving: 'What you said is still being saved. It will appear under Recordings.',
    unknown: 'What was saved is under Recordings.',
    saved: ({ length }: { length: string }) => `${length} was saved.`,
    nothingRecorded: 'Nothing was recorded.',
    nothingSaved: ({ failure }: { failure: string }) => `Nothing was saved. ${failure}`,
    restNotSaved: ({ saved, failure }: { saved: string; failure: string }) => `${saved} The rest was not: ${failure}`,
  },

  unsavedAudio: {
    title: ({ length }: { length: string }) => `${length} is not saved`,
    savedTitle: 'Do you have the file?',
    inThisWindow: 'It is only in this window.',
    savedAs: ({ length, file }: { length: string; file: string }) => `${length} as ${file}`,
    cutShort: ({ minutes }: { minutes: number }) =>
      plural(minutes, {
        one: 'Only the last minute was kept.',
        other: `Only the last ${formatCount(minutes)} minutes were kept.`,
      }),
    save: 'Save as a file',
    saveAgain: 'Save again',
    discard: 'Discard',
  },

  recordings: {
    title: 'Recordings',
    count: ({ recordings }: { recordings: number }) =>
      plural(recordings, { one: '1 recording', other: `${formatCount(recordings)} recordings` }),
    shownOf: ({ shown, total }: { shown: number; total: number }) => `${formatCount(shown)} of ${formatCount(total)}`,
    empty: 'No recordings yet',
    emptyHint: 'Press the mic and speak. What you say is saved here, and stays on this computer.',
    noMatch: 'No recordings match.',
    showAll: 'Show all recordings',
    listFailed: 'The recordings could not be listed.',
    search: 'Search title, note and date',
    searchHint: 'Search',
    filters: 'Filters',
    filter: { gaps: 'Gaps', repaired: 'Repaired', clipped: 'Clipped' },
    filterHint: {
      gaps: 'Only recordings with missing audio',
      repaired: 'Only recordings that were cut short or repaired',
      clipped: 'Only recordings that were too loud',
    },
    sort: 'Sort by',
    sortBy: { newest: 'Newest first', oldest: 'Oldest first', longest: 'Longest first', title: 'By title' },
    untitled: ({ time }: { time: string }) => `Recording at ${time}`,
    inProgress: 'recording now',
    level: { silent: 'silent', quiet: 'quiet', good: 'good level', clipped: 'clipped' },
    levelHint: {
      silent: 'Nothing but silence was recorded. Is the right microphone selected?',
      quiet: 'The recording is quiet. Move closer to the microphone or turn it up.',
      good: 'The level is good.',
      clipped: 'The recording was too loud in places and is distorted there. Turn the microphone down.',
    },
    otherMicrophone: {
      mark: 'other microphone',
      sentence: ({ chosen, used }: { chosen: string; used: string }) =>
        `Recorded with ${used}, because ${chosen} was not connected.`,
      unnamed: 'another microphone',
    },
    selected: ({ recordings }: { recordings: number }) => `${formatCount(recordings)} selected`,
    clearSelection: 'Clear the selection',
    details: 'Details of the recording',
    closeDetails: 'Close the details',
    selectOne: 'Select a recording to play it, and to add a title or a note.',
    rename: 'Rename',
    titleField: 'Title',
    note: 'Note',
    noteHint: 'Add a note',
    noteState: { unsaved: 'Not saved yet', saving: 'Saving…', saved: 'Saved', failed: 'Not saved' },
    speed: 'Speed',
    speedOf: ({ speed }: { speed: number }) => `${formatCount(speed)}×`,
    loop: 'Repeat',
    skipBack: ({ seconds }: { seconds: number }) => `Back ${seconds} seconds`,
    skipForward: ({ seconds }: { seconds: number }) => `Forward ${seconds} seconds`,
    positionOf: ({ at, length }: { at: string; length: string }) => `${at} of ${length}`,
    waveformFailed: 'The waveform could not be loaded.',
    trim: 'Trim',
    trimHint: 'The selected part is saved as a new recording. The original stays as it is.',
    trimStart: 'Start of the part',
    trimEnd: 'End of the part',
    trimLength: ({ length }: { length: string }) => `${length} selected`,
    saveTrim: 'Save the part',
    savingTrim: 'Saving…',
    cancel: 'Cancel',
    delete: 'Delete',
    deleteSelected: ({ recordings }: { recordings: number }) =>
      plural(recordings, { one: 'Delete the recording', other: `Delete ${formatCount(recordings)} recordings` }),
    deleted: ({ recordings }: { recordings: number }) =>
      plural(recordings, { one: 'Recording deleted.', other: `${formatCount(recordings)} recordings deleted.` }),
    undo: 'Undo',
    describeFailed: 'The change was not saved. Try again.',
    deleteFailed: 'The recordings were not deleted. Try again.',
    restoreFailed: 'The recordings were not restored. Try again.',
    trimFailed: 'The part was not saved. The original is unchanged. Try again.',
    someFailed: ({ count, first }: { count: number; first: string }) =>
      plural(count, { one: first, other: `${formatCount(count)} recordings were not changed. ${first}` }),
    delayedTitle: 'Not saved to disk yet',
    savedWithoutDetailsTitle: 'Saved without its details',
    notAllSavedTitle: 'Not everything was saved',
    saved: ({ length }: { length: string }) => `Recording saved, ${length}`,
    silent: 'Silence only. Is the right microphone selected?',
    levels: ({ peak, rms }: { peak: string; rms: string }) => `Peak ${peak} · RMS ${rms} dBFS`,
    missing: ({ length }: { length: string }) => `${length} missing`,
    missingAt: ({ length, at }: { length: string; at: string }) => `${length} missing at ${at}; it is silent there`,
    missingInPlaces: ({ length, places }: { length: string; places: number }) =>
      `${length} missing in ${formatCount(places)} places; it is silent there`,
    discarded: ({ length }: { length: string }) => `Too short to keep (${length}).`,
    muted: flawText('was muted'),
    mutedInApp: flawText('was muted in Earshot'),
    paused: {
      once: ({ at, length }: { at: string; length: string }) => `Paused at ${at} for ${length}.`,
      often: ({ places, length }: { places: number; length: string }) =>
        `Paused in ${formatCount(places)} places, for ${length} in all.`,
    },
    stalled: flawText('sent nothing'),
    microphoneSilent: flawText('sent only silence'),
    noise: flawText('sent only faint noise'),
    microphoneMark: 'microphone not heard',
    diskFull: { mark: 'disk full', sentence: 'The disk was full, so the recording ended early' },
    endedEarly: {
      mark: 'ended early',
      sentence: ({ code }: { code: string }) => `The recording ended early (${code}); the log says why`,
    },
    cutShort: {
      mark: 'cut short',
      sentence: 'Earshot closed before the recording was finished; everything saved until then is here',
    },
    detailsLost: {
      mark: 'details lost',
      sentence: 'The file with its details was lost: its label and what is missing are unknown',
    },
    /** The day and minute a recording began, local: `Nov 22, 7:41 PM`. */
    started: (date: Date) => dates.short(date, new Date()),
    play: ({ started }: StartedAt) => `Play ${recordingName(started)}`,
    pause: ({ started }: StartedAt) => `Pause ${recordingName(started)}`,
    playsWhenMicIsOff: 'Recordings play when the microphone is off',
    position: 'Position in the recording',
    playFailed: 'The recording could not be played. Try again, or save a copy and open it elsewhere.',
  },

  health: {
    title: 'Connection health',
    loadFailed: 'The connection figures could not be loaded.',
    empty: 'No connection yet. Press the mic: each one is counted here.',
    lastConnections: ({ connections }: { connections: number }) =>
      plural(connections, { one: 'Last connection', other: `Last ${formatCount(connections)} connections` }),
    succeeded: 'Succeeded',
    retried: 'Needed a retry',
    manyRetries: 'Many retries',
    manyRetriesShare: ({ share }: { share: string }) => `, ${share}`,
    warningName: ({ share }: { share: string }) => `Many retries${share}: connection health`,
    warningHint: ({ share }: { share: string }) => `Connection health: many retries${share}`,
    warning: ({ above, at }: { above: string; at: string }) =>
      `Too many connections need a retry. This warning appears above ${above} and clears at ${at}. The log lists each one (WELCOME_RETRY).`,
    warningAnnouncement: 'Many connections need more than one try. Open Connection health for details.',
    timeToConnect: 'Time to connect',
    timeUnit: 'up to … ms',
    time: 'Time',
    connections: 'Connections',
    barHint: ({ range, count }: { range: string; count: number }) => `${range}: ${formatCount(count)}`,
    slowerMark: 'more',
    secondsMark: ({ seconds }: { seconds: number }) => `${seconds}\u00a0s`,
    anyTime: 'any time',
    over: ({ time }: { time: string }) => `over ${time}`,
    upTo: ({ time }: { time: string }) => `up to ${time}`,
    between: ({ over, upTo }: { over: string; upTo: string }) => `over ${over}, up to ${upTo}`,
    times: 'Times',
    connecting: 'Connecting',
    resuming: 'Resuming',
    eventLoopDelay: 'Event-loop delay',
    sinceStart: 'Since Earshot started',
    resumed: 'Lost connections resumed',
    resumedOf: ({ resumed, lost }: { resumed: number; lost: number }) =>
      `${formatCount(resumed)} of ${formatCount(lost)}`,
    noneLost: 'none was lost',
    frames: 'Audio frames received',
    missingFrames: 'Missing frames',
    missingLength: ({ frames, length }: { frames: number; length: string }) => `${formatCount(frames)} (${length})`,
    duplicateFrames: 'Duplicate frames',
    settleDelay: 'Settle delay now',
  },

  /** The window has no connection to its host. */
  link: {
    down: 'Not connected with Earshot’s host. Its lines appear when it is back.',
    unreachable: 'Earshot’s host can’t be reached. If you started it again, open the link it prints.',
    unproven: 'Another program answers in Earshot’s place. Start Earshot again and open the link it prints.',
  },

  log: {
    title: 'Log',
    close: 'Hide the log',
    lines: 'Log lines',
    shownOf: ({ shown, total }: { shown: number; total: number }) =>
      shown === total ? logLines(total) : `${formatCount(shown)} of ${logLines(total)}`,
    detail: 'Level of detail',
    plain: 'Plain',
    everything: 'Everything',
    /** Below the plain log. */
    hidden: ({ lines }: { lines: number }) =>
      plural(lines, {
        one: '1 technical line is hidden.',
        other: `${formatCount(lines)} technical lines are hidden.`,
      }),
    showEverything: 'Show everything',
    pause: 'Pause the list',
    pauseHint: 'Pause the list. It stays as it is; new lines are kept and counted.',
    follow: 'Follow new lines',
    followHint: 'Follow new lines. They are shown as they come.',
    copySelected: 'Copy the selected lines',
    copyShown: 'Copy all lines shown',
    clear: 'Clear this window’s view (the log file and other windows keep everything)',
    more: 'More',
    export: 'Export the lines shown',
    exportHint: 'As a JSONL file',
    openFile: 'Open a log file…',
    openFileHint: 'An exported or saved one, also of another computer',
    copyFilter: 'Copy the filter',
    copyFilterHint: 'As text, to paste into a search field',
    keys: 'Keys of the log',
    keysHint: 'They work while the log has the focus, but not while you type in a field.',
    search: 'Search the log',
    searchHint: 'Search',
    clearSearch: 'Clear the search',
    matchOf: ({ position, count }: { position: number; count: number }) =>
      position === 0 ? formatCount(count) : `${formatCount(position)} of ${formatCount(count)}`,
    matches: ({ count }: { count: number }) =>
      plural(count, { one: '1 line matches', other: `${formatCount(count)} lines match` }),
    noMatches: 'No match',
    nextMatch: 'Next match',
    previousMatch: 'Previous match',
    onlyMatches: 'Show only the lines that match',
    filtering: 'Searching…',
    applyFilter: 'Press Enter to use this as a filter.',
    sides: 'Sides',
    side: { server: 'Server', client: 'Client', app: 'App', both: 'Both' },
    minimumLevel: 'Minimum level',
    level: { debug: 'All levels', info: 'Info and up', warn: 'Warnings and up', error: 'Errors only' },
    levelName: { debug: 'Debug', info: 'Info', warn: 'Warning', error: 'Error' },
    event: 'Event',
    allEvents: 'All events',
    sessionFilter: 'Session',
    allSessions: 'All sessions',
    noMatch: 'No lines match these filters.',
    onlyTechnical: 'Only technical lines match.',
    showAll: 'Show all lines',
    cleared: 'Cleared. New lines will appear here.',
    clearedNotice: 'The list was cleared.',
    undoClear: 'Undo',
    empty: 'Nothing has happened yet. Press the mic to see what Earshot does.',
    emptyFile: 'The file has no lines.',
    newLines: ({ count }: { count: number }) => `${formatCount(count)} new`,
    paused: 'Paused',
    older: ({ lines }: { lines: number }) =>
      plural(lines, {
        one: '1 older line is not shown here. The log file has it.',
        other: `${formatCount(lines)} older lines are not shown here. The log file has the newest of them.`,
      }),
    showLogFile: 'Show it',
    logFileIsAt: ({ path }: { path: string }) => `The log file is ${path}`,
    notRecorded: 'not yet recorded',
    /** This window's own lines while the host is away. */
    unrecorded: ({ lines }: { lines: number }) => `${unrecordedLines(lines)} not yet recorded.`,
    unrecordedAndDropped: ({ lines, dropped }: { lines: number; dropped: number }) =>
      `${unrecordedLines(lines)} not yet recorded, and ${plural(dropped, {
        one: '1 older one was dropped',
        other: `${formatCount(dropped)} older ones were dropped`,
      })}.`,
    /** Names of the totals of AUDIO lines. */
    audio: {
      length: 'length',
      level: 'level',
      missing: 'missing',
      duplicates: 'duplicates',
      sent: 'frames sent',
      received: 'frames received',
    },
    levelWords: { silent: 'silence', quiet: 'very quiet', good: 'good level', clipped: 'too loud' },
    frames: ({ frames, length }: { frames: string; length: string }) => `${frames} (${length})`,
    defaultMicrophone: 'the system’s default',
    moreFields: ({ fields }: { fields: number }) => plural(fields, { one: 'more field', other: 'more fields' }),
    expand: ({ lines }: { lines: number }) => `Show the ${formatCount(lines)} lines`,
    collapse: ({ lines }: { lines: number }) => `Hide the ${formatCount(lines)} lines`,
    session: ({ id }: { id: string }) => `Session ${id}`,
    showSession: ({ id }: { id: string }) => `Show session ${id}`,
    showThisSession: 'Show this session',
    selected: 'Selected log line',
    selectedRange: ({ lines, from, to }: { lines: number; from: string; to: string }) =>
      `${formatCount(lines)} lines from ${from} to ${to}`,
    fields: 'Fields of the line',
    facts: { time: 'time', side: 'side', level: 'level', window: 'window', position: 'number' },
    asText: 'As text',
    asJson: 'As JSON',
    copyText: 'Copy as text',
    copyJson: 'Copy as JSON',
    copyField: ({ name }: { name: string }) => `Copy ${name}`,
    copyLines: 'Copy these lines',
    closeLine: 'Close the details',
    dropHere: 'Drop a log file here to read it',
    readingFile: ({ name }: { name: string }) => `Reading ${name}…`,
    cancelReading: 'Cancel',
    fileShown: ({ name, lines }: { name: string; lines: number }) => `File ${name}: ${logLines(lines)}.`,
    malformed: ({ count, firstLines }: { count: number; firstLines: number[] }) =>
      plural(count, {
        one: `1 line could not be read (line ${lineNumbers(count, firstLines)}).`,
        other: `${formatCount(count)} lines could not be read (lines ${lineNumbers(count, firstLines)}).`,
      }),
    backToLive: 'Back to the live log',
    oneFile: 'Drop one log file at a time.',
    keyGroups: { move: 'Move', line: 'The selected line', search: 'Search', list: 'The list' },
    keyCommands: {
      down: 'Next line',
      up: 'Previous line',
      pageDown: 'One page down',
      pageUp: 'One page up',
      first: 'First line',
      last: 'Newest line, and follow',
      open: 'Show its details',
      close: 'Close the details, then the search, then the session',
      session: 'Show its session',
      expand: 'Show the lines of a row of audio',
      collapse: 'Hide them',
      search: 'Search',
      nextMatch: 'Next match',
      previousMatch: 'Previous match',
      detail: 'Plain or everything',
      pause: 'Pause or follow',
      selectAll: 'Select all lines',
      copy: 'Copy the selected lines',
      undoClear: 'Undo clearing the list',
      help: 'These keys',
    },
    keyNames: {
      Control: 'Ctrl',
      Enter: 'Enter',
      Escape: 'Esc',
      Home: 'Home',
      End: 'End',
      PageUp: 'Page Up',
      PageDown: 'Page Down',
    },
  },

  /** What the plain level of the log says. */
  plainLog: plainLogEn,
  sessionView: sessionViewEn,

  /** Why a text can't be read as a filter of the log. `part` is the part that is wrong. */
  logFilter: {
    session: ({ part }: { part: string }) =>
      `“${part}” is no session. Write the start of its ID, such as session:1a2b.`,
    side: ({ part }: { part: string }) => `“${part}” is no side. Write server, client or app, separated by commas.`,
    level: ({ part }: { part: string }) => `“${part}” is no level. Write debug, info, warn or error.`,
    event: ({ part }: { part: string }) =>
      `“${part}” is no event of the log. Write its name, such as event:WS_CONNECT.`,
    repeated: ({ part }: { part: string }) =>
      `“${part}” can’t be added, because the filter can have only one of these.`,
  },

  settings: {
    title: 'Settings',
    notSaved:
      'Earshot’s host can’t be reached, so this is not saved yet. It applies in this window, and is saved when the host is back.',
    changeFailed: 'The change was not saved. Try again.',
    sectionList: 'Sections',
    sections: {
      general: 'General',
      microphone: 'Microphone',
      recordings: 'Recordings',
      shortcuts: 'Shortcuts',
      computer: 'This computer',
      updates: 'Updates',
      advanced: 'Advanced',
    },
    search: {
      label: 'Search the settings',
      found: ({ fields }: { fields: number }) =>
        plural(fields, { one: '1 setting found', other: `${formatCount(fields)} settings found` }),
      none: ({ query }: { query: string }) => `No setting matches “${query}”.`,
      showAll: 'Show all settings',
    },
    on: 'On',
    off: 'Off',
    reset: {
      one: ({ name, value }: { name: string; value: string }) => `Reset “${name}” to “${value}”`,
      oneDone: ({ name, value }: { name: string; value: string }) => `“${name}” is “${value}” again.`,
      undo: 'Undo',
      undone: 'The settings are as before.',
    },
    /** Why the settings file was not used as it is. The path of the file follows. */
    file: {
      damaged: 'Your settings file was damaged, so Earshot starts with the defaults. The file is kept, unchanged, as',
      wrong_values: 'Some values in your settings file were not possible and are the defaults now. The file is kept as',
      newer:
        'Your settings are from a newer version of Earshot, so this one starts with the defaults. The file is kept, unchanged, as',
      unsafe: 'Your settings file was not used, because other people could change it. It was renamed to',
      unreadable:
        'Your settings could not be read, so Earshot starts with the defaults. Check the permissions of this file, then start Earshot again:',
      not_kept:
        'Your settings file can’t be used and could not be renamed, so changes can’t be saved. Move this file elsewhere, then start Earshot again:',
    },
    resetAll: {
      label: 'Defaults',
      action: 'Reset all settings',
      hint: 'Your recordings and their folder stay as they are.',
      nothing: 'All settings have their defaults.',
      done: ({ settings }: { settings: number }) =>
        `${plural(settings, { one: '1 setting has its default', other: `${formatCount(settings)} settings have their defaults` })} again. Your recordings and their folder stay as they are.`,
    },
    /** `searchWords` in a field: more words by which the search finds it. */
    theme: {
      label: 'Theme',
      system: 'System',
      light: 'Light',
      dark: 'Dark',
      searchWords: 'appearance colours dark mode',
    },
    language: {
      label: 'Language',
      /** The first choice, with the language that the system has. */
      system: ({ language }: { language: string }) => `System (${language})`,
      /** Each in itself. */
      names: { en: 'English', de: 'Deutsch' },
      hint: 'Dates and numbers keep the format of your region.',
      searchWords: 'language Sprache English Deutsch German region translation',
    },
    userLabel: {
      label: 'Your label',
      searchWords: 'name user',
      hint: 'Stored with every session and recording.',
      invalid: 'Use 1 to 64 letters, digits, hyphens or underscores; no spaces.',
    },
    microphone: {
      label: 'Microphone',
      systemDefault: 'System default',
      searchWords: 'input device channel left right',
    },
    channel: {
      label: 'Channel',
      automatic: 'Automatic',
      hint: '“Automatic” takes the one with sound. Recordings have one channel. Changes apply from the next press.',
    },
    sounds: {
      label: 'Sounds',
      searchWords: 'beep tone signal',
      hint: 'A short sound when recording starts, stops or loses its connection. Through loudspeakers, the one at the start can be heard in the recording.',
    },
    shortRecordings: {
      label: 'Keep very short recordings',
      hint: ({ seconds }: { seconds: number }) =>
        `Also keep those under ${seconds}\u00a0s, such as from an accidental double press.`,
    },
    recordingsFolder: {
      label: 'Recordings folder',
      searchWords: 'path place drive disk move location',
      open: 'Open',
      choose: 'Choose another folder…',
      useDefault: 'Use the default folder',
      tryAgain: 'Try again',
      copy: 'Copy the path',
      cancel: 'Cancel',
      hint: 'If you choose another folder, your recordings move there. Each copy is checked before its original is removed.',
      tabHint: 'The desktop app can open the folder or choose another one.',
      moving: ({ to }: { to: string }) => `Moving your recordings to ${to}`,
      progress: 'Files copied',
      step: {
        copying: 'The originals stay until everything is copied.',
        waiting: 'Everything is copied. The move ends when nothing is being recorded or changed.',
        finishing: 'Almost done.',
      },
      missing:
        'This folder is not there. Connect its drive and try again, or choose another folder. Until then, recordings can’t be saved.',
      failed: 'The folder could not be changed. Try again.',
      notOpened: 'The folder could not be opened. Check that it exists.',
    },
    retention: {
      label: 'Recordings to keep',
      searchWords: 'retention storage disk space automatically',
      policy: {
        all: 'Keep all',
        days: 'Keep the last days',
        number: 'Keep the newest',
        size: 'Keep up to a size',
        none: 'Don’t keep recordings',
      },
      amount: { days: 'Days', number: 'Number of recordings', size: 'Size in MB' },
      amountHint: {
        days: 'Older recordings are deleted.',
        number: 'When there are more, the oldest are deleted.',
        size: 'When they take up more, the oldest are deleted. An hour takes about 115 MB.',
      },
      hint: {
        all: 'Earshot deletes no recording by itself.',
        none: 'Each recording is deleted as soon as it is finished.',
      },
      outOfRange: ({ min, max }: { min: number; max: number }) =>
        `Enter a whole number from ${formatCount(min)} to ${formatCount(max)}.`,
      checking: 'Checking what would be deleted…',
      deletesNothing: 'Nothing is deleted now.',
      deletes: ({ recordings, length, size }: { recordings: number; length: string; size: string }) =>
        `${plural(recordings, {
          one: 'One recording is deleted now',
          other: `${formatCount(recordings)} recordings are deleted now`,
        })}: ${length}, ${size}.`,
      fromTo: ({ oldest, newest }: { oldest: string; newest: string }) => `From ${oldest} to ${newest}.`,
      previewFailed: 'What would be deleted could not be determined. Nothing was changed.',
      save: 'Save',
      saveAndDelete: ({ recordings }: { recordings: number }) =>
        plural(recordings, { one: 'Save and delete 1 recording', other: `Save and delete ${formatCount(recordings)}` }),
      cancel: 'Cancel',
    },
    windows: {
      label: 'Windows',
      open: 'New window',
      hint: 'All windows show the same recordings and the same log.',
    },
    computer: {
      loadFailed: 'The settings for this computer could not be loaded.',
    },
    login: {
      label: 'Start at login',
      searchWords: 'startup autostart launch boot automatically',
      unsupported: 'Only an installed Earshot can do this.',
      hint: 'Opens Earshot when you log in.',
      onInSystem:
        'The system starts Earshot at login. Switch it off in the system’s settings, or switch it on and off here.',
      offInSystem:
        'The system does not start Earshot at login. Switch it on in the system’s settings, or switch it off and on here.',
    },
    overlay: {
      label: 'Small window while recording',
      searchWords: 'overlay floating always on top',
      hint: 'While Earshot’s window is minimised or hidden, a small one above the others shows level and time, and can pause and stop.',
    },
    notifications: {
      label: 'Notifications',
      searchWords: 'messages alerts',
      hint: 'When a recording is saved or fails while no Earshot window is visible.',
    },
    updates: {
      label: 'Check for updates',
      searchWords: 'version newer',
      hint: 'When Earshot starts and once a day. Nothing is downloaded until you ask for it.',
      not_packaged: 'Earshot runs from its source. Update the source instead.',
      not_signed: 'This build is not signed, so it cannot verify updates. Install newer versions by hand.',
      unsupported: 'Earshot cannot update this kind of package. Get newer versions where you got this one.',
    },
    /** Keys as they are labelled, apart from letters, digits and function keys. */
    keyNames: {
      Ctrl: 'Ctrl',
      Shift: 'Shift',
      Space: 'Space',
      Up: 'Up',
      Down: 'Down',
      Left: 'Left',
      Right: 'Right',
      Home: 'Home',
      End: 'End',
      PageUp: 'Page Up',
      PageDown: 'Page Down',
      Insert: 'Insert',
      Delete: 'Delete',
    },
    shortcut: {
      choose: 'Choose keys…',
      press: 'Press the keys…',
      remove: 'Remove the shortcut',
      recordingHint: 'Hold them together. Escape cancels, Backspace removes the shortcut.',
      sameKeys: 'These keys are already the shortcut. Press others, or Escape to keep them.',
      refused: 'Another program or the system uses these keys. Choose others.',
      unusableKey: 'This key can’t be used. Choose a letter, a digit, an arrow or a function key.',
      needsModifier: ({ modifiers }: { modifiers: string }) =>
        `Hold ${modifiers} as well: you need this key for typing.`,
      modifiers: 'Ctrl or Alt',
      macModifiers: '⌘, ⌃ or ⌥',
      reserved: 'Every program needs these keys. Add another one, such as Shift.',
      unusableTogether: 'These keys can’t be used together. Choose others.',
    },
    shortcuts: {
      /** Finds all of them. */
      searchWords: 'keys keyboard hotkeys shortcuts',
      names: {
        shortcut: {
          label: 'Mic, from any program',
          hint: 'Each press starts or stops. The system does not report the release, so it can’t be held.',
        },
        key_talk: { label: 'Talk', hint: 'A short press starts or stops. Hold it to talk until you let go.' },
        key_pause: { label: 'Pause or continue', hint: 'What you say during a pause is not recorded.' },
        key_mute: { label: 'Mute', hint: 'Records silence while the time goes on.' },
        key_log: { label: 'Show or hide the log', hint: '' },
        key_new_window: { label: 'New window', hint: '' },
        key_search: { label: 'Search the recordings', hint: '' },
      },
      remove: ({ name }: { name: string }) => `Remove the keys of “${name}”`,
      inUse: ({ names }: { names: string[] }) => `${quoted(names)} has these keys. Press others, or Escape to cancel.`,
      alsoUsed: ({ names }: { names: string[] }) =>
        `${quoted(names)} has the same keys. Choose others for one of them.`,
      reset: 'Reset all shortcuts',
      resetDone: 'All shortcuts have their defaults again.',
    },
    turnLimit: {
      label: 'Length limit',
      searchWords: 'maximum duration timer',
      off: 'Off',
      minutes: ({ minutes }: { minutes: number }) =>
        plural(minutes, { one: '1 minute', other: `${formatCount(minutes)} minutes` }),
      offHint: 'A recording ends when you stop it.',
      hint: 'A recording then ends by itself. You are warned 30\u00a0s before. Pauses do not count.',
    },
    about: {
      label: 'About Earshot',
      dataFolder: 'Data folder',
      version: 'Version',
      desktop: ({ version }: { version: string }) => `Earshot ${version} (desktop)`,
      tab: ({ version }: { version: string }) => `Earshot ${version} (browser tab)`,
    },
  },

  updates: {
    note: 'Update',
    notNow: 'Not now',
    progress: 'Download',
    percent: ({ percent }: { percent: number }) => formatShare(percent / 100),
    stopFirst: 'Stop the mic first.',
    available: ({ version }: { version: string }) => `Earshot ${version} is available.`,
    download: 'Download',
    downloading: ({ version }: { version: string }) => `Downloading Earshot ${version}.`,
    ready: ({ version }: { version: string }) => `Earshot ${version} is ready.`,
    postponed: ({ version }: { version: string }) =>
      `Earshot ${version} is ready. It was not installed, because Earshot was listening.`,
    install: 'Restart and install',
    installing: ({ version }: { version: string }) =>
      `Earshot ${version} will be installed. Earshot restarts by itself when it is not listening.`,
    installingButton: 'Installing…',
    stepFailed: 'The update failed. Try again.',
  },
};

/** Every text of the window. Each language has all of these entries, and no others. */
export type Text = typeof en;

/** How the page is shown: in a browser tab or in a window of the desktop app. */
type Shell = 'tab' | 'desktop';

/** How long audio is still kept, in s. Null: long enough that no time is named; 0 or less: during the last try. */
interface KeptFor {
  seconds: number | null;
}

/**
 * How often the connection was restored, and how often it came back as a new session. At least one of them is not 0.
 */
interface Interruptions {
  resumes: number;
  newSessions: number;
}

/** When the recording began, for a list; null: the only recording shown. */
interface StartedAt {
  started: string | null;
}

function plural(count: number, forms: { one: string; other: string }): string {
  return PLURALS.select(count) === 'one' ? forms.one : forms.other;
}

function times(count: number): string {
  return count === 2 ? 'twice' : plural(count, { one: 'once', other: `${formatCount(count)} times` });
}

function howLong(seconds: number | null): string {
  if (seconds === null) return '';
  return seconds > 0 ? ` for ${seconds}\u00a0s more` : ' during this last try';
}

function connectionBroke({ resumes, newSessions }: Interruptions): string {
  const count = resumes + newSessions;
  const brokeText = `The connection broke${count === 1 ? '' : ` ${times(count)}`}`;
  const eachTime = count === 1 ? '' : ' each time';
  if (newSessions === 0) return `${brokeText} and was restored${eachTime}`;
  if (resumes === 0) return `${brokeText} and came back as a new session${eachTime}`;
  return `${brokeText}: it was restored ${times(resumes)} and came back as a new session ${times(newSessions)}`;
}

function tabOrWindow(shell: Shell): string {
  return shell === 'tab' ? 'tab' : 'window';
}

/** Sentences about stretches in which the microphone gave no usable sound. */
function flawText(did: string) {
  return {
    once: ({ at, length }: { at: string; length: string }) => `The microphone ${did} from ${at} for ${length}.`,
    often: ({ places, length }: { places: number; length: string }) =>
      `The microphone ${did} in ${formatCount(places)} places, for ${length} in all.`,
    always: `The microphone ${did} the whole time.`,
  };
}

/** Names in quotation marks, joined. */
function quoted(names: string[]): string {
  return names.map((name) => `“${name}”`).join(', ');
}

function recordingName(started: string | null): string {
  return started === null ? 'the recording' : `the recording of ${started}`;
}

/** Numbers of lines, and a mark if there are more. */
function lineNumbers(count: number, first: readonly number[]): string {
  return `${first.map(formatCount).join(', ')}${count > first.length ? ', …' : ''}`;
}

function logLines(lines: number): string {
  return plural(lines, { one: '1 line', other: `${formatCount(lines)} lines` });
}

function unrecordedLines(lines: number): string {
  return plural(lines, { one: '1 line of this window is', other: `${formatCount(lines)} lines of this window are` });
}
