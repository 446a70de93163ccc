import { mkdtempSync, rmSync, writeFileSync } from 'node:fs';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { expect } from '@playwright/test';
import { run, startProgram } from './programs.ts';

/** Time limit (ms) for a reply, because some connections never reply. */
const REPLY_TIMEOUT_MS = 1_000;

/** An object on a bus, by its path and the bus name of its owner. */
interface BusObject {
  destination: string;
  path: string;
}

/** A private D-Bus session bus, separate from the user's, without service activation. */
export interface SessionBus {
  /** The environment that connects a program to this bus. */
  env: { DBUS_SESSION_BUS_ADDRESS: string };
  /**
   * Calls a method, `interface.Member`, with arguments in the format of dbus-send(1), e.g. `int32:1`.
   * @returns the reply, as dbus-send prints it
   */
  call(object: BusObject, method: string, ...args: string[]): Promise<string>;
  /** Reads a property of an object. @returns the reply, as dbus-send prints it */
  property(object: BusObject, of: string, name: string): Promise<string>;
  /** The bus names that are in use. */
  names(): Promise<string[]>;
  stop(): Promise<void>;
}

export async function startSessionBus(): Promise<SessionBus> {
  const folder = mkdtempSync(join(tmpdir(), 'earshot-bus-'));
  const config = join(folder, 'bus.conf');
  writeFileSync(
    config,
    `<busconfig><type>session</type><listen>unix:path=${folder}/bus</listen><auth>EXTERNAL</auth>
    <policy context="default"><allow send_destination="*"/><allow receive_sender="*"/><allow own="*"/></policy></busconfig>`,
  );
  const daemon = startProgram('dbus-daemon', ['--nofork', '--nopidfile', '--print-address', `--config-file=${config}`]);
  const stop = async () => {
    await daemon.stop();
    rmSync(folder, { recursive: true });
  };
  const address = () => /^unix:\S+/m.exec(daemon.output())?.[0];
  try {
    await expect.poll(address, { message: `dbus-daemon: ${daemon.output()}` }).toBeDefined();
  } catch (error) {
    await stop();
    throw error;
  }
  const env = { DBUS_SESSION_BUS_ADDRESS: address() ?? '' };
  const call: SessionBus['call'] = ({ destination, path }, method, ...args) =>
    run(
      'dbus-send',
      [
        '--session',
        '--print-reply',
        `--reply-timeout=${REPLY_TIMEOUT_MS}`,
        `--dest=${destination}`,
        path,
        method,
        ...args,
      ],
      env,
    );
  return {
    env,
    call,
    property: (object, of, name) =>
      call(object, 'org.freedesktop.DBus.Properties.Get', `string:${of}`, `string:${name}`),
    async names() {
      const bus = { destination: 'org.freedesktop.DBus', path: '/' };
      return strings(await call(bus, 'org.freedesktop.DBus.ListNames'));
    },
    stop,
  };
}

/** The strings and object paths in the output of dbus-send, in order. */
export function strings(printed: string): string[] {
  return [...printed.matchAll(/(?:string|object path) "([^"]*)"/g)].map(([, text = '']) => text);
}

/** The string values of one key in the dictionaries that dbus-send printed, in order. */
export function valuesOf(printed: string, key: string): string[] {
  return [...printed.matchAll(new RegExp(`string "${key}"\\s+variant\\s+string "([^"]*)"`, 'g'))].map(
    ([, text = '']) => text,
  );
}
