import { MIC_TEST_S, type MicTestState } from '../../state/mic-test-store.ts';
import { text } from '../../text/text.ts';

export interface MicTestResult {
  sentence: string;
  tone: 'plain' | 'good' | 'bad';
}

/** What the test does, or what came out of it. */
export function micTestResult({ step, verdict, problem, playFailed }: MicTestState): MicTestResult {
  if (step === 'idle') return { sentence: text.micTest.hint({ seconds: MIC_TEST_S }), tone: 'plain' };
  if (step === 'opening') return { sentence: text.micTest.opening, tone: 'plain' };
  if (step === 'recording') return { sentence: text.micTest.recording, tone: 'plain' };
  if (step === 'playing') return { sentence: text.micTest.playing, tone: 'plain' };
  if (problem !== null) return { sentence: text.devices.problem(text.problems[problem]), tone: 'bad' };
  if (verdict === null) return { sentence: '', tone: 'plain' };
  const sentence = [text.micTest.verdict[verdict], playFailed ? text.micTest.playFailed : ''].filter(Boolean).join(' ');
  return { sentence, tone: verdict === 'good' ? 'good' : 'bad' };
}
