import { formatCount } from './format.ts';

/** The view of one session in the log. Values with a unit arrive formatted. */
export const sessionViewEn = {
  label: 'Session',
  /** Headings by the kind of entry. */
  session: 'Session',
  press: 'Press without a session',
  refused: 'Refused connection',
  /** In the voice panel. */
  showInLog: 'Show this connection in the log',
  save: 'Save as JSON',
  saveHint: 'Saves what this view shows, to keep it or to send it',
  allLines: 'All lines',
  allLinesHint: 'Shows the lines of all sessions again',
  missing: 'The log holds no lines of this session any more.',

  /** One sentence each; the header joins them. */
  outcome: {
    connecting: 'Not connected yet.',
    connected: ({ time }: { time: string }) => `Connected in ${time}.`,
    repeatedWelcome: ({ welcomes }: { welcomes: number }): string =>
      welcomes === 2 ? 'The welcome needed a second attempt.' : 'The welcome needed a third attempt.',
    failedFirst: ({ attempts }: { attempts: number }) =>
      attempts === 1 ? '1 attempt to connect failed.' : `${formatCount(attempts)} attempts to connect failed.`,
    listened: ({ time }: { time: string }) => `Listened for ${time}.`,
    lostAndResumed: ({ times, time }: { times: number; time: string }) =>
      times === 1
        ? `The connection was lost once and was back after ${time}.`
        : `The connection was lost ${formatCount(times)} times, for ${time} in all.`,
    lostNow: 'The connection was lost and did not come back.',
    nothingMissing: 'No sound is missing.',
    missing: ({ time }: { time: string }) => `${time} of sound are missing.`,
    endings: {
      live: 'It goes on.',
      user: 'Ended by you.',
      limit: 'Ended at the limit of the settings.',
      window_closed: 'Ended, because its window was closed.',
      refused: 'No session began.',
      not_connected: 'No connection was made.',
      expired: 'Ended, because the connection did not come back in time.',
      taken_over: 'A newer connection took it over.',
      closed: 'The connection was closed.',
    },
    refusedWindow: ({ why }: { why: string }) => `The server refused the connection: ${why}.`,
    refusedStranger: ({ why }: { why: string }) => `The server refused a connection: ${why}.`,
    nothingSent: 'Nothing was sent to it.',
  },

  handshake: {
    first: 'How the connection was made',
    again: ({ number }: { number: number }) => `Attempt ${formatCount(number)}`,
    resume: ({ number }: { number: number }) => `Attempt ${formatCount(number)}: back to the session`,
    window: 'Window',
    server: 'Server',
    step: 'Step',
    bar: 'When',
    took: 'Took',
    at: 'At',
    longest: ({ step, time }: { step: string; time: string }) => `Longest: ${step}, ${time}`,
    hidden: ({ connections }: { connections: number }) =>
      connections === 1 ? 'Show 1 more attempt' : `Show ${formatCount(connections)} more attempts`,
    results: {
      open: ({ time }: { time: string }) => `Connected after ${time}`,
      closed: ({ time }: { time: string }) => `Connected after ${time}`,
      lost: ({ time }: { time: string }) => `Connected after ${time}, lost later`,
      refused: () => 'Refused',
      failed: () => 'Failed',
    },
    running: 'Under way',
    steps: {
      pressed: 'Mic pressed',
      microphone: 'Microphone open',
      connecting: 'Connection requested',
      refused: ({ why, code }: { why: string; code: string }) => `Refused: ${why}${code}`,
      accepted: 'Request accepted',
      welcome_sent: 'Welcome sent',
      welcome_again: ({ attempt }: { attempt: number }) => `Welcome sent, ${attempt} of 3`,
      socket_open: 'Connection open',
      welcome_received: 'Welcome received',
      welcome_received_nth: ({ attempt }: { attempt: number }) => `Welcome received, ${attempt} of 3`,
      ready_sent: 'Welcome answered',
      ready_received: 'Answer received',
      start_sent: 'Start sent',
      recording: 'Recording began',
      listening: 'Listening',
      closed: ({ why }: { why: string }) => `Connection ended: ${why}`,
      ended: 'Connection ended',
      given_up: 'No answer, given up',
    },
  },

  life: {
    title: 'The whole session',
    window: 'What the window did',
    audio: 'Sound that reached the server',
    noAudio: 'No sound has reached the server.',
    marks: 'Events',
    phases: {
      connecting: 'Connecting',
      listening: 'Listening',
      paused: 'Paused',
      reconnecting: 'Without a connection',
      stopping: 'Finishing',
    },
    phase: ({ phase, from, to }: { phase: string; from: string; to: string }) => `${phase}, from ${from} to ${to}`,
    received: 'Sound received',
    gap: 'Sound missing',
    legend: 'Legend',
  },

  marks: {
    title: 'What happened',
    none: 'Nothing out of the ordinary.',
    lost: 'The server lost the connection. It keeps the session for 30 s.',
    resumed: ({ time }: { time: string }) => `The session was resumed ${time} after it was lost.`,
    stopped: 'The mic was pressed to stop.',
    server_stopped: 'The voice server was stopped.',
    server_started: 'The voice server is running again.',
    welcomeRepeated: ({ attempt }: { attempt: number }) => `Welcome ${attempt} of 3 was not answered within 0.25 s.`,
  },
};
