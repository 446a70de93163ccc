import { join } from 'node:path';
import { app, dialog, session } from 'electron';
import { describeError } from '../shared/errors.ts';
import { NO_SHELL } from './bridge-handlers.ts';
import { contentSecurityPolicy, securityHeaders } from './csp.ts';
import { setupDevices } from './desktop/devices.ts';
import { notifyWindows, setupIpc } from './desktop/ipc.ts';
import { setupLifecycle } from './desktop/lifecycle.ts';
import { setupMenu } from './desktop/menu.ts';
import { setupNavigation } from './desktop/navigation.ts';
import { setupNetwork, setupOffline } from './desktop/network.ts';
import { ORIGIN } from './desktop/origin.ts';
import { setupPermissions } from './desktop/permissions.ts';
import { readyAnnouncer } from './desktop/ready-line.ts';
import { setupSandbox } from './desktop/sandbox.ts';
import { registerScheme, setupScheme } from './desktop/scheme.ts';
import { claimInstance, setupSecondInstance } from './desktop/single-instance.ts';
import { createWindow, focusWindow } from './desktop/window.ts';
import { startHost } from './host.ts';

/** The desktop app: the host, and around it the shell that gives it windows. */
async function start(): Promise<void> {
  const dist = join(app.getAppPath(), 'dist');
  const onShown = readyAnnouncer();
  // Not in a package: what they can read, the token among it, is one pasted line away from whoever talks a person into it.
  const devTools = !app.isPackaged;
  const openWindow = () => {
    createWindow({ preload: join(dist, 'preload/index.cjs'), devTools, log: host.log, onShown });
    return true;
  };
  const host = await startHost({
    dataDir: process.env.EARSHOT_DATA_DIR || join(app.getPath('userData'), 'data'),
    origin: ORIGIN,
    version: app.getVersion(),
    shell: 'desktop',
    shellCalls: { ...NO_SHELL, openWindow },
  });

  const headers = securityHeaders(contentSecurityPolicy(host.voicePorts));
  setupScheme(join(dist, 'renderer'), headers);
  setupNetwork(session.defaultSession, { ports: host.voicePorts, devTools }, host.log);
  setupPermissions(session.defaultSession);
  setupDevices(session.defaultSession);
  setupIpc(host.handlers, host.log);
  host.subscribe(notifyWindows);
  setupMenu({ openWindow, devTools });
  setupSecondInstance(focusWindow, openWindow);
  setupLifecycle({ openWindow, stop: () => host.stop(), log: host.log });
  openWindow();
}

function fail(error: unknown): void {
  // On stderr for whoever started it, in a box for whoever clicked it.
  console.error(`Earshot could not start: ${describeError(error)}`);
  dialog.showErrorBox('Earshot could not start', describeError(error));
  app.exit(1);
}

// Before `ready`, in this order. Nothing here may await: Electron holds `ready` back until this module has been evaluated.
registerScheme();
setupSandbox();
setupOffline();
setupNavigation();
if (claimInstance()) app.whenReady().then(start).catch(fail);
