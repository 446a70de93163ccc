import { app } from 'electron';

/**
 * Runs every page in the operating system's sandbox, regardless of the options of its window (Electron's security
 * checklist, item 4). Call before `ready`. Does nothing with `--no-sandbox` (needed as root on Linux): enabling the
 * sandbox would remove the switch after the browser process has started without a zygote, and no page could start.
 */
export function setupSandbox(): void {
  if (!app.commandLine.hasSwitch('no-sandbox')) app.enableSandbox();
}
