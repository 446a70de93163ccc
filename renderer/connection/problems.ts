/**
 * The problems that can end a turn, each with a title that says what happened and an action that says what to do.
 * The mic button retries after any of them.
 */
export const PROBLEMS = {
  mic_denied: {
    title: 'Earshot may not use the microphone',
    action: 'Allow the microphone for Earshot, then press the mic again.',
    /** In a browser tab, and in the desktop app by `process.platform`. */
    where: {
      tab: 'Look at the icon beside the address, then in the system’s settings.',
      darwin: 'Look in System Settings under Privacy & Security, Microphone.',
      win32: 'Look in Settings under Privacy & security, Microphone: desktop apps must be allowed there.',
      linux: 'Look in your desktop’s settings under Privacy or Sound.',
    },
  },
  mic_missing: {
    title: 'No microphone was found',
    action:
      'Plug one in or switch it on. If there is one, it may be switched off in the system’s sound or privacy settings. Then press the mic again.',
  },
  /** Neither input nor output: the sound server is not running, or the browser lost it when it restarted. */
  mic_no_devices: {
    title: 'The system reports no sound devices',
    action:
      'Plug a microphone in, or check the system’s sound settings, then press the mic again. If other programs have sound, quit Earshot, or the whole browser, and open it again.',
  },
  mic_busy: {
    title: 'The microphone could not be opened',
    action:
      'Another program may be using it: close that program, or choose another microphone in the settings. Then press the mic again.',
  },
  mic_unplugged: {
    title: 'The microphone went away',
    action:
      'What you said until then is kept. No other microphone could be opened. Check that one is connected, then press the mic again.',
  },
  mic_no_sound: {
    title: 'No sound comes from the microphone',
    action:
      'Check that it is switched on and connected, or choose another one in the settings, then press the mic again.',
  },
  mic_failed: {
    title: 'The microphone could not be started',
    action: 'Check it in the system settings, then press the mic again.',
  },
  /** A file of the window that a microphone needs, its worker or worklet, was refused, is missing or timed out. */
  part_not_loaded: {
    title: 'A part of this window could not be loaded',
    action:
      'The microphone could be opened. Press the mic to try again. If that does not help, close this window and open another one; in a browser, open the link that Earshot printed.',
  },
  recording_ended: {
    title: 'The recording has ended',
    action:
      'Earshot can’t save any more audio. The reason and what to do are shown below. Then press the mic to record again.',
  },
  server_gone: {
    title: 'The voice server does not answer',
    action: 'Nothing more is kept. Try again, or restart Earshot.',
  },
  /** The peer could not prove that it knows the secret of this launch. */
  other_program: {
    title: 'Another program answers in Earshot’s place',
    action:
      'No sound was sent to it, and the microphone is off. Try again, or restart Earshot and, in a browser, open the link it prints.',
  },
  server_full: {
    title: 'Too many connections are open',
    action: 'Close another Earshot window, then press the mic again.',
  },
  /** In a browser tab: the socket's request was refused with 431 because its headers are too large. */
  too_many_cookies: {
    title: 'Your browser sends more cookies for this address than Earshot accepts',
    action:
      'Other programs on this computer set them. Delete the cookies of this address in the browser’s settings, then press the mic again. Or open the link that Earshot printed in a private window.',
  },
  refused_policy: {
    title: 'The voice server closed the connection because of a policy violation',
    action: 'The log has the details. Press the mic to start again.',
  },
  refused_size: {
    title: 'The voice server refused a message that was too large',
    action: 'Press the mic to start again.',
  },
  taken_over: {
    title: 'This session continues in another window',
    action: 'Press the mic to start a new one here.',
  },
} as const satisfies Record<string, { title: string; action: string; where?: Record<string, string> }>;

export type ProblemCode = keyof typeof PROBLEMS;
/** The problems that concern the microphone. */
export type MicProblem = Extract<ProblemCode, `mic_${string}` | 'part_not_loaded'>;

/** Whether an error code is a `MicProblem`. */
export function isMicProblem(code: string): code is MicProblem {
  return Object.hasOwn(PROBLEMS, code) && (code.startsWith('mic_') || code === 'part_not_loaded');
}
