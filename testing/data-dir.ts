import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogRecord } from '../shared/log-event.ts';
import { RecordingInfo } from '../shared/recording.ts';
import { readWav, type Sound } from './audio/wav.ts';

/** Every record in the log's file, oldest first. A line that is no record fails: the log promises one a line. */
export function readLog(dataDir: string): LogRecord[] {
  const path = join(dataDir, 'logs', 'earshot.log');
  if (!existsSync(path)) return [];
  // A last line that is just being written has no end yet.
  const whole = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return whole.map((line) => LogRecord.parse(JSON.parse(line)));
}

export interface SavedRecording extends RecordingInfo {
  sound: Sound;
}

/** The finished recordings, oldest first. */
export function readRecordings(dataDir: string): SavedRecording[] {
  return readInfos(dataDir).flatMap((info) => (info.complete ? withSound(dataDir, info) : []));
}

/** Those that a killed host left behind and the next start made valid, oldest first. */
export function readRepairedRecordings(dataDir: string): SavedRecording[] {
  return readInfos(dataDir).flatMap((info) => (info.repaired ? withSound(dataDir, info) : []));
}

function readInfos(dataDir: string): RecordingInfo[] {
  const folder = join(dataDir, 'recordings');
  if (!existsSync(folder)) return [];
  return readdirSync(folder)
    .filter((name) => name.endsWith('.json'))
    .map((name) => RecordingInfo.parse(JSON.parse(readFileSync(join(folder, name), 'utf8'))))
    .sort((a, b) => a.started_at.localeCompare(b.started_at));
}

function withSound(dataDir: string, info: RecordingInfo): SavedRecording {
  return { ...info, sound: readWav(readFileSync(join(dataDir, 'recordings', `${info.id}.wav`))) };
}
