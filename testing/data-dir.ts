import { existsSync, readdirSync, readFileSync } from 'node:fs';
import { join } from 'node:path';
import { LogLine } from '../shared/log-line.ts';
import { RecordingInfo } from '../shared/recording.ts';
import { readWav, type Sound } from './audio/wav.ts';

/** Reads the log file, oldest record first. @throws {z.ZodError} if a complete line is not a log line */
export function readLog(dataDir: string): LogLine[] {
  const path = join(dataDir, 'logs', 'earshot.log');
  if (!existsSync(path)) return [];
  // Skip the last line, which may be incomplete.
  const lines = readFileSync(path, 'utf8').split('\n').slice(0, -1);
  return lines.map((line) => LogLine.parse(JSON.parse(line)));
}

export interface SavedRecording extends RecordingInfo {
  sound: Sound;
}

/** Reads the finished recordings, oldest first. */
export function readRecordings(dataDir: string): SavedRecording[] {
  return readInfos(dataDir).flatMap((info) => (info.complete ? withSound(dataDir, info) : []));
}

/** Reads the recordings that were repaired after the host was killed, oldest first. */
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
