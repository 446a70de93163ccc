import { errors } from './errors.en.ts';

/**
 * Texts of the main process that a user reads, in English: menus, dialogs and notifications of the desktop app, and the
 * printed lines and pages of a browser tab's host. Plain strings, and functions of named values where a text has parts.
 * The window's texts are in `renderer/text/en.ts`, the log's in `shared/`.
 *
 * `&` in a menu label marks the next letter as the access key on Windows and Linux.
 */
export const en = {
  app: {
    name: 'Earshot',
    couldNotStart: 'Earshot could not start',
    ok: 'OK',
  },

  menu: {
    about: '&About Earshot',
    firstSteps: '&First Steps',
    copyDiagnostics: 'Copy &Diagnostics',
    file: '&File',
    newWindow: '&New Window',
    quit: '&Quit',
    /** Windows */
    exit: 'E&xit',
    /** macOS */
    quitEarshot: 'Quit Earshot',
    edit: '&Edit',
    undo: '&Undo',
    redo: '&Redo',
    cut: 'Cu&t',
    copy: '&Copy',
    paste: '&Paste',
    delete: '&Delete',
    selectAll: 'Select &All',
    talk: '&Talk',
    toggle: '&Start or Stop Listening',
    togglePause: '&Pause or Continue',
    toggleMute: '&Mute or Unmute',
    view: '&View',
    reload: '&Reload',
    forceReload: '&Force Reload',
    developerTools: 'Toggle &Developer Tools',
    actualSize: '&Actual Size',
    zoomIn: 'Zoom &In',
    zoomOut: 'Zoom &Out',
    fullScreen: 'Full &Screen',
    window: '&Window',
    minimize: 'Mi&nimize',
    close: '&Close',
    help: '&Help',
  },

  recordingsFolder: {
    choose: 'Choose the folder of your recordings',
    chooseButton: 'Use this folder',
  },
  tray: {
    listening: 'Earshot is listening',
    start: 'Start Listening',
    stop: 'Stop Listening',
    paused: 'Earshot is paused',
    pause: 'Pause',
    continue: 'Continue',
    showWindow: 'Show Window',
    newWindow: 'New Window',
    quit: 'Quit Earshot',
  },

  /** Read out by screen readers for the mark in the task bar of Windows. */
  taskBar: { recording: 'Recording', paused: 'Paused' },

  /** Files that a window saves. */
  downloads: {
    save: 'Save a Copy',
    chooseFolder: 'Choose a Folder for the Copies',
    chooseFolderButton: 'Save Here',
    full: 'The disk is full, so the copy was not saved. The recording is unchanged. Free some space, or choose another folder, then try again.',
    failed: 'The copy could not be written there. The recording is unchanged. Choose another folder, then try again.',
    dragDuringTurn: 'Files can’t be dragged out of the window during a recording. Finish it first, or save a copy.',
    dragLate: 'The files could not be read in time. Drag them again, or save a copy.',
    gone: 'The file is not there any more. It may have been moved, renamed or deleted.',
  },

  /** Questions before a window closes or the app quits during a turn. */
  confirmClose: {
    listening: {
      message: 'Earshot is listening',
      detail: 'Listening stops, and what was recorded until now is kept.',
      stay: 'Keep Listening',
    },
    undelivered: {
      message: 'Earshot has not saved all of what you said',
      detail: 'What has not reached the disk yet is lost with the window. Wait until it says that it is saved.',
      stay: 'Wait',
    },
    closeWindow: 'Close Window',
    quit: 'Quit',
  },

  about: {
    title: 'About Earshot',
    copyDiagnostics: 'Copy Diagnostics',
    copied: 'Copied',
    copiedDetail: 'The diagnostics are in the clipboard. Read them before you send them to anyone.',
  },

  notifications: {
    saved: 'Recording saved',
    /** Length of a recording: `4 s`, `3 min 5 s`. */
    length: ({ seconds }: { seconds: number }) =>
      seconds < 60 ? `${seconds} s` : `${Math.floor(seconds / 60)} min ${seconds % 60} s`,
    failed: 'A recording could not be kept',
    failedBody: 'Open Earshot to see what to do.',
  },

  /** Questions about a page that crashed or hangs. */
  recovery: {
    hangs: { message: 'Earshot’s window does not respond', detail: 'Wait, or reload it. What was recorded is kept.' },
    stoppedTwice: {
      message: 'Earshot’s window stopped twice',
      detail: 'Reload it, or close it. What was recorded is kept.',
    },
    wait: 'Wait',
    reload: 'Reload',
    close: 'Close',
  },

  unexpectedError: {
    message: 'Something in Earshot went wrong',
    detail: [
      'What was recorded is kept. If anything does not work now, quit Earshot and start it again.',
      'If this happens again, choose Help > Copy Diagnostics and report it with the copied text.',
    ].join('\n\n'),
  },

  startFailure: {
    unexpected: ({ error }: { error: string }) =>
      [
        'Something went wrong that Earshot did not expect. Start it again, or restart the computer.',
        'If that does not help, report it with this text:',
        error,
      ].join('\n\n'),
    switches: ({ names }: { names: readonly string[] }) =>
      `Earshot does not run with ${names.map((name) => `--${name}`).join(' and ')}. Start it without.`,
    quit: 'Quit',
  },

  updates: {
    checkFailed: 'Earshot could not look for a newer version. Check the network, then try again.',
    downloadFailed: ({ version }: { version: string }) =>
      `Earshot ${version} could not be downloaded. Check the network and the disk, then try again.`,
    installFailed: ({ version }: { version: string }) =>
      `Earshot ${version} could not be installed. Try again, or install it from its download page.`,
    busy: 'Earshot is listening. Stop the mic, then continue with the update.',
    nothingToDo: 'There is no update ready for this step. Check the settings again.',
  },

  /** The desktop app's options, and what it prints about them. */
  commandLine: {
    help: `Usage: earshot [option]

Starts Earshot, or shows its window if it runs already.

  --toggle          presses the mic, like the global shortcut
  --start           starts listening, unless it listens already
  --stop            stops listening and keeps the recording
  --cancel          stops listening and deletes the recording, which the
                    window can undo
  --show            shows the window
  --status [--json] prints what each window does, with --json as one line of JSON
  --help            prints this
  --version         prints the version

--toggle, --start and --show start Earshot if it does not run.

Exit codes: 0 done, 1 Earshot could not do it, 2 wrong arguments,
3 Earshot does not run.
`,
    version: ({ version }: { version: string }) => `Earshot ${version}`,
    noValue: ({ option }: { option: string }) => `${option} takes no value.`,
    unknown: ({ argument, meant }: { argument: string; meant: string }) =>
      `There is no option '${printable(argument)}'. Did you mean ${meant}? --help lists the options.`,
    several: ({ options }: { options: readonly string[] }) =>
      `Use one of ${options.slice(0, -1).join(', ')} and ${options.at(-1)}, not ${options.length > 2 ? 'several' : 'both'}.`,
    jsonAlone: '--json goes with --status.',
    word: ({ argument, option }: { argument: string; option: string }) =>
      `${option} takes no further words: '${printable(argument)}' means nothing to Earshot.`,
    notRunning: 'Earshot does not run.',
    noAnswer: ({ seconds }: { seconds: number }) =>
      `Earshot did not answer within ${seconds} s. Look at its window, or quit it and start it again.`,
    stopping: 'Earshot is ending. Try again when it has ended.',
    badReply: ({ error }: { error: string }) => `The answer of Earshot could not be read: ${error}`,
    noWindows: 'No window is open.',
    /** One line of the status: `Window 1 (current): listening for 12 s, -21 dBFS, session 3f2a.` */
    windowStatus: ({
      window,
      current,
      state,
      seconds,
      level,
      session,
    }: {
      window: number;
      current: boolean;
      state: string;
      seconds: number | null;
      level: number | null;
      session: string | null;
    }) =>
      [
        `Window ${window}${current ? ' (current)' : ''}: ${state.replace('_', ' ')}${seconds === null ? '' : ` for ${Math.floor(seconds)} s`}`,
        ...(level === null ? [] : [`${Math.round(level)} dBFS`]),
        ...(session === null ? [] : [`session ${session}`]),
      ].join(', '),
  },

  /** `npm run web`. */
  web: {
    usage: ({ defaultPort }: { defaultPort: number }) => `Usage: npm run web -- [options]

Runs Earshot in a browser tab, without Electron. Only this computer can reach it.

  --port N         port of the page, 0 to 65535; 0: any free port
                   (default ${defaultPort}, or any free port if that is taken)
  --data-dir DIR   where recordings, settings and logs are kept
                   (default: this system's place for an app's data)
  --numeric-address
                   serve the page at 127.0.0.1, for a browser that can't find
                   an address ending in .localhost; less protected
  --no-open        print the address, don't open the browser
  --json           print one line of JSON about the addresses, don't open the browser
  --help           print this
`,
    badPort: ({ port }: { port: string }) => `--port takes a number from 0 to 65535, not '${port}'.`,
    badOption: ({ problem }: { problem: string }) => `${problem}. Try --help.`,
    emptyDataDir: '--data-dir takes a folder, not an empty name.',
    running: ({ url }: { url: string }) => `Earshot is running at ${url}\nPress Ctrl-C to stop.`,
    numericAddressRisk:
      'The page is at 127.0.0.1: what another program left in the browser for this address and port, such as a service worker, ' +
      'can read the link’s secret and the recordings, and cookies of other local servers reach Earshot.',
    notBuilt: ({ dir }: { dir: string }) => `The window is not built: nothing to show in ${dir}. Run: npm run build`,
    portTaken: 'is in use by another program, or by another Earshot',
    portUnusable: "can't be used on this system",
    otherPort: ({ requestedPort, why, port }: { requestedPort: number; why: string; port: number }) =>
      `Port ${requestedPort} ${why}. This time Earshot is on port ${port}: ` +
      'the browser asks for the microphone again there, and tabs from earlier starts do not find it.',
    portInUse: ({ port }: { port: number }) =>
      `Port ${port} can't be used: another program may hold it. Close that program, or choose another with --port.`,
    browser: {
      notOpened: ({ why, url }: { why: string; url: string }) =>
        `No browser was opened (${why}). Open this address in one yourself: ${url}`,
      tryNumeric: 'If the browser can’t find it, start Earshot with --numeric-address.',
      ci: 'CI is set',
      ssh: 'this is an ssh session',
      noDisplay: 'there is no display',
      notWanted: '--no-open was given',
      none: 'the system has no browser to open it with',
      noOpener: 'the system has no program that opens addresses',
    },
    pageName: {
      none: ({ path }: { path: string }) => `There is no name in ${path}.`,
      unreadable: ({ path, error }: { path: string; error: string }) => `${path} can't be read: ${error}`,
      writtenByOther: ({ path }: { path: string }) => `Another program wrote ${path}.`,
      renewed: ({ why }: { why: string }) => `The page has a new name. ${NEW_NAME} ${why}`,
      notKept: ({ path }: { path: string }) =>
        `The name of the page can't be kept in ${path}, so the next start uses another one. ${NEW_NAME}`,
    },
  },

  /** By the host, shown by the windows. */
  errors,

  /** Answers to refused requests for the page. */
  refusal: {
    badRequest: 'Bad request.',
    forbidden: 'Forbidden.',
    notFound: 'Not found',
    webSocket: 'This is a WebSocket.',
    method: 'GET and HEAD only.',
    otherHost: ({ origin }: { origin: string }) => `Earshot answers at ${origin}/ only.`,
    notThePage:
      'This is not the address of Earshot’s page. Open the whole link that Earshot printed in the terminal when it started. ' +
      'If the browser can’t find that address, start Earshot with --numeric-address.',
    usedLink:
      'This link works once, and only for a minute. Open the address that Earshot printed when it started. ' +
      'If you have not used the link, another program on this computer has: stop Earshot and start it again.',
    cookies: {
      title: 'Earshot: too many cookies',
      heading: 'Your browser sent more cookies for this address than Earshot accepts',
      sentences: ({ name }: { name: string }) => [
        `They were set by other programs on this computer: a browser sends the cookies of ${name} to every port of it. Earshot itself sets none.`,
        `Delete the cookies of ${name} in your browser’s settings, then load this page again. Or open the link that Earshot printed in a private window, which sends none of them.`,
      ],
    },
  },
};

/** Every text of the main process. Each language has all of these entries, and no others. */
export type Text = typeof en;

const NEW_NAME =
  'The browser asks for the microphone again, and tabs and bookmarks from earlier starts do not find the page.';

/** The longest part of an argument that an error repeats. */
const SHOWN_ARGUMENT = 60;

/** An argument as part of a printed line: cut, and without control characters, which could change the terminal. */
export function printable(argument: string): string {
  const escaped = JSON.stringify(argument.slice(0, SHOWN_ARGUMENT))
    .slice(1, -1)
    .replaceAll('\\"', '"')
    // JSON escapes the other control characters.
    .replace(/[\u007f-\u009f\u2028-\u202e]/g, '?');
  return argument.length > SHOWN_ARGUMENT ? `${escaped}…` : escaped;
}
