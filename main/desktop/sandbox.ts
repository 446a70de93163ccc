import { app } from 'electron';

/**
 * Puts every page into the operating system's sandbox, whatever a window asks for (Electron's security checklist,
 * item 4). Before `ready` only.
 * Not where the command line says --no-sandbox (as root on Linux): this call would take the switch away after the
 * browser process has started without its zygote, and no page could start.
 */
export function setupSandbox(): void {
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
}
