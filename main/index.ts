import { join } from 'node:path';
import { app, powerMonitor, session, type WebContents } from 'electron';
import { type BridgeCallName, type BridgeHandlers, type BridgePayload, TurnReport } from '../shared/bridge.ts';
import { describeError, EarshotError } from '../shared/errors.ts';
import { chooseLanguage } from '../shared/language.ts';
import { createAbout, versions } from './desktop/about.ts';
import { setupAppCommands } from './desktop/app-commands.ts';
import { appIcon } from './desktop/app-icon.ts';
import { appImagePath } from './desktop/app-image-path.ts';
import { setupSettings } from './desktop/apply-settings.ts';
import { createAudioProcess } from './desktop/audio-process.ts';
import { beginStart } from './desktop/begin-start.ts';
import { type AppCommand, ownArguments, parseCommandLine } from './desktop/command-line.ts';
import { setupCloseConfirmation } from './desktop/confirm-close.ts';
import { createDesktopStore } from './desktop/desktop-state.ts';
import { setupDevices } from './desktop/devices.ts';
import { diagnosticsText } from './desktop/diagnostics.ts';
import { setupDownloads } from './desktop/downloads.ts';
import { setupHeldMenuKeys } from './desktop/held-keys.ts';
import { notifyWindows, setupIpc } from './desktop/ipc.ts';
import { keepAwake } from './desktop/keep-awake.ts';
import { HOST_STOP_LIMIT_MS, setupExitWatchdog, setupLifecycle } from './desktop/lifecycle.ts';
import { createLoginItem } from './desktop/login-item.ts';
import { setupMenu } from './desktop/menu.ts';
import { createMicCommands } from './desktop/mic-commands.ts';
import { openMicrophoneSettings } from './desktop/microphone-settings.ts';
import { setupNavigation } from './desktop/navigation.ts';
import { setupNetwork, setupOffline } from './desktop/network.ts';
import { createNotifications, setupAppId } from './desktop/notifications.ts';
import { ORIGIN } from './desktop/origin.ts';
import { setupOverlay } from './desktop/overlay.ts';
import { createOverlaySession, overlayHeaders } from './desktop/overlay-session.ts';
import { readPackageMetadata } from './desktop/package-metadata.ts';
import { setupPermissions } from './desktop/permissions.ts';
import { createReadySignal } from './desktop/ready-signal.ts';
import { recordingFileCalls, showFile } from './desktop/recording-files.ts';
import { createFolderCalls } from './desktop/recordings-folder.ts';
import { setupRecovery } from './desktop/recovery.ts';
import { refuseSwitches } from './desktop/refused-switches.ts';
import { removeOldReplies, writeReply } from './desktop/reply-file.ts';
import { setupSandbox } from './desktop/sandbox.ts';
import { FETCHED_URLS, registerScheme, setupOverlayScheme, setupScheme } from './desktop/scheme.ts';
import { createShortcut } from './desktop/shortcut.ts';
import type { OtherStarts } from './desktop/single-instance.ts';
import { showStartFailure } from './desktop/start-failure.ts';
import { createTalkReports } from './desktop/talk-reports.ts';
import { setupTaskBar } from './desktop/task-bar.ts';
import { applyTheme, setupTheme } from './desktop/theme.ts';
import { setupTray } from './desktop/tray.ts';
import { hasStatusNotifier } from './desktop/tray-host.ts';
import { setupUnexpectedErrors } from './desktop/unexpected-errors.ts';
import { type BuildFacts, createUpdates, whyNoUpdates } from './desktop/updates.ts';
import { createWindow } from './desktop/window.ts';
import { createWindowState } from './desktop/window-state.ts';
import { createWindowStatuses } from './desktop/window-status.ts';
import { trackWindows } from './desktop/windows.ts';
import { contentSecurityPolicy, securityHeaders } from './guard/csp.ts';
import { beginLog } from './host/begin-log.ts';
import type { Host } from './host/host.ts';
import { setLanguage, text } from './text/text.ts';

const appPath = app.getAppPath();
const metadata = readPackageMetadata(appPath);
/** How this build was made. */
const build: BuildFacts = {
  // `app.isPackaged` goes by the program's name, which a copy can change; only packages use an .asar archive.
  packaged: app.isPackaged || appPath.endsWith('.asar'),
  signed: metadata.signed,
  platform: process.platform,
  env: { ...process.env, APPIMAGE: appImagePath(process.env, process.execPath) },
};

// These run before `ready`, in this order. Nothing here may await: Electron delays `ready` until this module has been
// evaluated.
const unexpectedErrors = setupUnexpectedErrors();
setupExitWatchdog();
setLanguage(chooseLanguage({ languages: app.getPreferredSystemLanguages() }));
const switches = build.packaged
  ? refuseSwitches(app.commandLine, { forTests: metadata.remoteDebugging })
  : { refused: [], tooLate: [] };
registerScheme();
setupSandbox();
setupOffline({ updates: whyNoUpdates(build) === null });
setupNavigation();
setupHeldMenuKeys();
setupAppId();
if (switches.tooLate.length > 0) showStartFailure(switchError(switches.tooLate));
else {
  const line = parseCommandLine(ownArguments(process.argv, { fromSource: process.defaultApp === true }));
  const otherStarts = beginStart(line);
  const command = line.run === 'app' ? line.command : null;
  if (otherStarts !== null) {
    app
      .whenReady()
      .then(() => start(otherStarts, command))
      .catch(showStartFailure);
  }
}

/**
 * Opens the first window and starts the host while Chromium starts the page's process. The page is loaded once the host
 * runs, with everything of the desktop app that needs it.
 * @param command of the command line that started the app
 */
async function start(otherStarts: OtherStarts, command: AppCommand | null): Promise<void> {
  const dist = join(appPath, 'dist');
  const dataDir = process.env.EARSHOT_DATA_DIR || join(app.getPath('userData'), 'data');
  const home = app.getPath('home');
  const profile = app.getPath('userData');
  const icon = appIcon(dist);
  const { packaged } = build;
  // Off in packages: in DevTools one pasted line can read the token, and users can be talked into pasting one.
  const devTools = !packaged;
  const shell = { version: app.getVersion(), shell: 'desktop' } as const;
  const begunLog = beginLog(shell);
  const { log } = begunLog;
  unexpectedErrors.logTo(log);

  /** None until the voice server runs. */
  let voicePorts: readonly number[] = [];
  const network = {
    devTools,
    get ports() {
      return voicePorts;
    },
  };
  const servePage = setupScheme(join(dist, 'renderer'));
  setupNetwork(session.defaultSession, network, log);
  setupPermissions(session.defaultSession);
  setupDevices(session.defaultSession);
  setupTheme();
  const windows = trackWindows();
  const windowState = createWindowState({ dir: dataDir, log });
  const { shown, onShown } = createReadySignal();
  const openWindow = () => {
    // At the limit, show the window used last instead.
    if (windows.full) return windows.show();
    const initial = windowState.nextBounds(windows.current());
    const preload = join(dist, 'preload/index.cjs');
    windowState.track(createWindow({ preload, devTools, initial, icon, log, onShown }));
    return true;
  };
  openWindow();

  // Known from `ready` on. On Windows and macOS, the region's formats are a setting of their own.
  const system = { languages: app.getPreferredSystemLanguages(), locale: app.getSystemLocale() };
  // A file of its own, so that it is loaded after the window was created.
  const { startHost } = await import('./host/host.ts');
  const host: Host = await startHost({
    dataDir,
    origin: ORIGIN,
    ...shell,
    begunLog,
    system,
    stopLimitMs: HOST_STOP_LIMIT_MS,
  });
  voicePorts = host.voicePorts;
  const { activeTurns } = host;
  let settings = await host.handlers.getSettings();
  if (switches.refused.length > 0) log('WARNING', { type: 'switches_refused', names: switches.refused.join(' ') });

  const desktop = createDesktopStore((state) => notifyWindows('onDesktop', state));
  const audio = createAudioProcess(log);
  const showWindow = () => {
    if (!windows.show()) openWindow();
  };
  const commands = createMicCommands({ windows, openWindow });
  const login = createLoginItem({ packaged, log, home, linkFolder: profile });
  const updates = createUpdates({
    log,
    isBusy: () => activeTurns.turns() > 0,
    onChange: (update) => desktop.change({ update }),
    ...build,
  });
  const handlers: BridgeHandlers = {
    ...host.handlers,
    openWindow,
    getDesktop() {
      // Read again at each call: the login item also changes in the system's settings, without an event.
      desktop.change({ login: login.state() });
      return desktop.get();
    },
    ...createFolderCalls(host.recordingsFolder),
    async showLogFile() {
      const { path } = await host.handlers.showLogFile();
      if (path !== null) showFile(path);
      return { path: null };
    },
    restartAudio: audio.restart,
    openMicrophoneSettings: () => openMicrophoneSettings(log),
    stepUpdate: updates.step,
  };
  const about = createAbout(
    async () =>
      diagnosticsText(
        {
          versions: versions(),
          packaged,
          settings,
          desktop: desktop.get(),
          health: await handlers.getHealth(),
          log: await handlers.getLogHistory(),
        },
        { secrets: [host.token], home },
      ),
    icon,
  );

  const { isStopping } = setupLifecycle({
    openWindow,
    stop() {
      updates.stop();
      windowState.flush();
      return host.stop();
    },
  });
  const closeConfirmation = setupCloseConfirmation({ isStopping });
  const statuses = createWindowStatuses({ windows });
  const talkReports = createTalkReports();
  setupTaskBar({ reports: talkReports, dist });
  const downloads = setupDownloads(session.defaultSession, { log, showFile });
  const dragIcon = join(dist, 'icons', '128x128.png');
  const onCall = (call: BridgeCallName, contents: WebContents, args: unknown) => {
    // A page makes this call once it has subscribed to events.
    if (call === 'getDesktop') commands.onSubscribed(contents);
    if (call === 'reportTurn') {
      const turn = TurnReport.catch('none').parse(args);
      closeConfirmation.setTurn(contents, turn);
      commands.setTurn(contents, turn);
    }
    if (call === 'reportTalk') talkReports.onReport(contents, args);
    if (call === 'reportLevel') overlay.onLevel(contents, args);
    if (call === 'reportStatus') statuses.onReport(contents, args);
  };
  setupIpc(handlers, log, onCall, (contents) => ({
    ...downloads.callsOf(contents),
    ...recordingFileCalls(contents, {
      pathOf: host.pathOfRecording,
      dragIcon,
      isRecording: () => activeTurns.turns() > 0,
    }),
  }));
  servePage({ headers: securityHeaders(contentSecurityPolicy(voicePorts, FETCHED_URLS)), host });
  setupRecovery({ log, wasAudioEnded: audio.wasEndedByUs, isStopping });
  const updateTray = setupTray({
    icons: join(dist, 'tray'),
    activeTurns,
    send: commands.send,
    showWindow,
    openWindow,
    quit: closeConfirmation.quit,
    log,
    // Starts a program, which the first window should not wait for.
    trayHost: () => shown.then(() => hasStatusNotifier()),
  });
  keepAwake(activeTurns);
  const overlaySession = createOverlaySession();
  setupOverlayScheme(overlaySession, join(dist, 'renderer'), overlayHeaders());
  setupNetwork(overlaySession, { ports: [], devTools }, log);
  const overlay = setupOverlay({
    reports: talkReports,
    isEnabled: () => settings.overlay,
    session: overlaySession,
    preload: join(dist, 'preload/overlay.cjs'),
    devTools,
    dataDir,
    log,
  });
  powerMonitor.on('resume', host.onSystemResume);

  const applySettings = setupSettings(settings, {
    theme: applyTheme,
    language(language) {
      setLanguage(chooseLanguage(system, language));
      updateTray();
    },
    menu: (newWindowKeys) =>
      setupMenu({
        openWindow,
        newWindowKeys,
        send: commands.send,
        quit: closeConfirmation.quit,
        showAbout: about.show,
        showFirstSteps() {
          showWindow();
          // The setting shows them in every window, also if it could not be saved.
          Promise.resolve({ first_steps_done: false })
            .then(handlers.changeSettings)
            .catch((error: unknown) => log('WARNING', { type: 'first_steps', detail: describeError(error) }));
        },
        copyDiagnostics: about.copyDiagnostics,
        devTools,
      }),
    shortcut: createShortcut({
      onPress: () => commands.send('toggle'),
      onChange: (shortcut) => desktop.change({ shortcut }),
      log,
    }),
    login,
    desktop,
    watchForUpdates: (on) => void updates.watch(on),
  });
  desktop.change({ why_no_updates: updates.disabledReason });
  host.subscribe(notifyWindows);
  host.subscribe(createNotifications({ isEnabled: () => settings.notifications, showWindow, icon }));
  host.subscribe((event, payload) => {
    if (event !== 'onSettings') return;
    settings = payload as BridgePayload<'onSettings'>;
    applySettings(settings);
    overlay.update();
  });
  if (command === 'toggle' || command === 'start') commands.send(command);
  void removeOldReplies(profile);
  // Last, so that the commands of other starts meet the first window.
  setupAppCommands({
    otherStarts,
    version: app.getVersion(),
    commands,
    statuses,
    showWindow,
    isStopping,
    writeReply: (name, reply) => writeReply(profile, name, reply),
    log,
  });
}

function switchError(names: readonly string[]): EarshotError {
  return new EarshotError('switch_refused', text.startFailure.switches({ names }));
}
