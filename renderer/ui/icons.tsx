import type { ReactNode } from 'react';

/** Line drawings on a 24 × 24 grid. */
const SHAPES = {
  mic: (
    <>
      <rect x="9" y="2.75" width="6" height="11.5" rx="3" />
      <path d="M5.5 11.5a6.5 6.5 0 0 0 13 0M12 18v3.25M9 21.25h6" />
    </>
  ),
  micOff: (
    <>
      <path d="M9 9v2.25a3 3 0 0 0 4.9 2.3M15 10.5V5.75a3 3 0 0 0-5.9-.8" />
      <path d="M5.5 11.5a6.5 6.5 0 0 0 10.6 5.05M18.5 11.5a6.5 6.5 0 0 1-.6 2.7M12 18v3.25M9 21.25h6M3.5 3.5l17 17" />
    </>
  ),
  stop: <rect x="5.5" y="5.5" width="13" height="13" rx="3" fill="currentColor" />,
  retry: (
    <>
      <path d="M4 12a8 8 0 0 1 13.9-5.4L20 8.75M20 4v4.75h-4.75" />
      <path d="M20 12a8 8 0 0 1-13.9 5.4L4 15.25M4 20v-4.75h4.75" />
    </>
  ),
  play: <path d="M8 5.5v13l10.5-6.5z" fill="currentColor" />,
  pause: <path d="M8.5 5.5v13M15.5 5.5v13" strokeWidth="3" />,
  download: <path d="M12 4v11M7.5 10.75 12 15.25l4.5-4.5M5 19.75h14" />,
  copy: (
    <>
      <rect x="9" y="9" width="11" height="11" rx="2.5" />
      <path d="M15 9V6.5A2.5 2.5 0 0 0 12.5 4h-6A2.5 2.5 0 0 0 4 6.5v6A2.5 2.5 0 0 0 6.5 15H9" />
    </>
  ),
  check: <path d="m5 12.75 4.5 4.5L19 7.25" />,
  settings: (
    <>
      <path d="M4 7.5h9M17.5 7.5H20M4 16.5h2.5M11 16.5h9" />
      <circle cx="15.25" cy="7.5" r="2.25" />
      <circle cx="8.75" cy="16.5" r="2.25" />
    </>
  ),
  newWindow: (
    <>
      <path d="M13 4.75H7A2.25 2.25 0 0 0 4.75 7v10A2.25 2.25 0 0 0 7 19.25h10A2.25 2.25 0 0 0 19.25 17v-6" />
      <path d="M19.25 2.5v5M16.75 5h5" />
    </>
  ),
  pulse: <path d="M2.75 12.5h4l2.75-7 5 13 2.75-6h4" />,
  clear: <path d="M4.5 6.75h15M10 4h4M6.5 6.75l.9 12.5h9.2l.9-12.5M10.25 10.5v5M13.75 10.5v5" />,
  search: (
    <>
      <circle cx="10.75" cy="10.75" r="6" />
      <path d="m19.75 19.75-4.6-4.6" />
    </>
  ),
  close: <path d="m6 6 12 12M18 6 6 18" />,
  chevron: <path d="m7 10 5 5 5-5" />,
  arrowDown: <path d="M12 5v14M6 13l6 6 6-6" />,
  alert: (
    <>
      <path d="M12 4 2.75 19.75h18.5z" />
      <path d="M12 10v4.5M12 17v.01" />
    </>
  ),
  error: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7.75v5M12 16v.01" />
    </>
  ),
  info: <circle cx="12" cy="12" r="2.5" fill="currentColor" stroke="none" />,
  debug: <circle cx="12" cy="12" r="2.5" />,
  /** Earshot's mark: a voice, and how far it is heard. */
  mark: (
    <>
      <circle cx="7" cy="12" r="2.75" fill="currentColor" stroke="none" />
      <path d="M12.25 7.25a7.1 7.1 0 0 1 0 9.5M16.25 4.25a12 12 0 0 1 0 15.5" strokeWidth="2.25" />
    </>
  ),
} as const satisfies Record<string, ReactNode>;

export type IconName = keyof typeof SHAPES;

interface IconProps {
  name: IconName;
  /** Width and height in CSS pixels. */
  size?: number;
}

/** A drawing in the colour of the text around it; never the only name of a thing. */
export function Icon({ name, size = 18 }: IconProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox="0 0 24 24"
      fill="none"
      stroke="currentColor"
      strokeWidth="1.75"
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {SHAPES[name]}
    </svg>
  );
}
