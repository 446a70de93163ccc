import { expect } from '@playwright/test';
import { type Program, startProgram } from './programs.ts';
import { type SessionBus, valuesOf } from './session-bus.ts';

const NAME = 'org.freedesktop.Notifications';
const NOTIFICATIONS = { destination: NAME, path: '/org/freedesktop/Notifications' };
/** The D-Bus interface of dunstctl(1). */
const DUNST = 'org.dunstproject.cmd0';

/** Dunst, which shows notifications on the display and lists them over D-Bus. */
export interface NotificationDaemon {
  /** The number of notifications that it shows now. */
  shown(): Promise<number>;
  /** Closes all notifications. @returns title and text of every closed notification, newest first */
  closeAll(): Promise<{ title: string; body: string }[]>;
  /** Clicks the newest notification. */
  click(): Promise<void>;
  stop(): Promise<void>;
}

export async function startNotificationDaemon(bus: SessionBus): Promise<NotificationDaemon> {
  // Ignore the settings of the user who runs the test.
  const program: Program = startProgram('dunst', ['-conf', '/dev/null'], bus.env);
  try {
    await expect.poll(bus.names, { message: `dunst: ${program.output()}` }).toContain(NAME);
  } catch (error) {
    await program.stop();
    throw error;
  }
  return {
    async shown() {
      return Number(/uint32 (\d+)/.exec(await bus.property(NOTIFICATIONS, DUNST, 'displayedLength'))?.[1]);
    },
    async closeAll() {
      await bus.call(NOTIFICATIONS, `${DUNST}.NotificationCloseAll`);
      const history = await bus.call(NOTIFICATIONS, `${DUNST}.NotificationListHistory`);
      const bodies = valuesOf(history, 'body');
      return valuesOf(history, 'summary').map((title, n) => ({ title, body: bodies[n] ?? '' }));
    },
    async click() {
      await bus.call(NOTIFICATIONS, `${DUNST}.NotificationAction`, 'uint32:0');
    },
    stop: program.stop,
  };
}
