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
  folder: (
    <path d="M3.5 7.25A1.75 1.75 0 0 1 5.25 5.5h3.6l2 2.25h7.9a1.75 1.75 0 0 1 1.75 1.75v7.75A1.75 1.75 0 0 1 18.75 19H5.25a1.75 1.75 0 0 1-1.75-1.75z" />
  ),
  exportFile: <path d="M12 15V4M7.75 8 12 3.75 16.25 8M7 11.5H5.5v8.25h13V11.5H17" />,
  importFile: <path d="M12 3.75V15M7.75 11 12 15.25 16.25 11M7 8.5H5.5v11.25h13V8.5H17" />,
  more: <path d="M5.5 12h.01M12 12h.01M18.5 12h.01" strokeWidth="3" />,
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
  back5: (
    <>
      <path d="M5.2 9A7.75 7.75 0 1 1 4.25 12.75" />
      <path d="M4.75 4.25V9H9.5" />
      <path d="M13.9 9.75h-3.2l-.3 2.6c1.6-.7 3.7-.1 3.7 1.7 0 1.9-2.4 2.4-3.9 1.3" strokeWidth="1.5" />
    </>
  ),
  forward5: (
    <>
      <path d="M18.8 9a7.75 7.75 0 1 0 .95 3.75" />
      <path d="M19.25 4.25V9H14.5" />
      <path d="M13.9 9.75h-3.2l-.3 2.6c1.6-.7 3.7-.1 3.7 1.7 0 1.9-2.4 2.4-3.9 1.3" strokeWidth="1.5" />
    </>
  ),
  reset: (
    <>
      <path d="M5.2 9A7.75 7.75 0 1 1 4.25 12.75" />
      <path d="M4.75 4.25V9H9.5" />
    </>
  ),
  loop: (
    <>
      <path d="M4.5 11.5V10A3.5 3.5 0 0 1 8 6.5h11.5M16.25 3.25l3.25 3.25-3.25 3.25" />
      <path d="M19.5 12.5V14a3.5 3.5 0 0 1-3.5 3.5H4.5M7.75 20.75 4.5 17.5l3.25-3.25" />
    </>
  ),
  pencil: <path d="m4.5 19.5.9-4L16.25 4.65a2.2 2.2 0 0 1 3.1 3.1L8.5 18.6zM14 7l3 3" />,
  trim: (
    <>
      <circle cx="6.5" cy="17.5" r="2.75" />
      <circle cx="17.5" cy="17.5" r="2.75" />
      <path d="M8 15.2 16.5 3.5M16 15.2 7.5 3.5" />
    </>
  ),
  log: <path d="M4 6.5h16M4 12h16M4 17.5h10" />,
  list: (
    <>
      <path d="M4 8v8M7.5 5.5v13M11 9.5v5" />
      <path d="M14.5 8.5h6M14.5 15.5h6" />
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
  filter: <path d="M4 6h16M7 12h10M10 18h4" />,
  keyboard: (
    <>
      <rect x="2.75" y="6" width="18.5" height="12" rx="2.25" />
      <path d="M6.5 10h.01M10 10h.01M13.5 10h.01M17 10h.01M8 14h8" />
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
  power: (
    <>
      <path d="M12 3.5v8" />
      <path d="M7.25 6.5a7.5 7.5 0 1 0 9.5 0" />
    </>
  ),
  window: (
    <>
      <rect x="3.5" y="5" width="17" height="14" rx="2.25" />
      <path d="M3.5 9.5h17" />
    </>
  ),
  repair: (
    <path d="M19.5 7.5a5 5 0 0 1-6.75 5.5L7 18.75A2.3 2.3 0 0 1 3.75 15.5L9.5 9.75A5 5 0 0 1 15 3L12.5 6.5l3.5 3.5z" />
  ),
  arrowUp: <path d="M12 19V5M6 11l6-6 6 6" />,
  wave: <path d="M3.5 10.5v3M7.75 7v10M12 3.75v16.5M16.25 7v10M20.5 10.5v3" />,
  server: (
    <>
      <rect x="3.5" y="4.5" width="17" height="6.25" rx="1.75" />
      <rect x="3.5" y="13.25" width="17" height="6.25" rx="1.75" />
    </>
  ),
  plug: <path d="M9 3v5M15 3v5M6 8h12v2.5a6 6 0 0 1-12 0zM12 16.5V21" />,
  unplug: (
    <path d="M9 3v3M15 3v5M10.5 8H18v2.5c0 .7-.1 1.4-.4 2M15.5 15.4A6 6 0 0 1 6 10.5V8M12 16.5V21M3.5 3.5l17 17" />
  ),
  link: (
    <>
      <path d="M10 13.5a4 4 0 0 0 5.7.3l3-3a4 4 0 0 0-5.7-5.7l-1 1" />
      <path d="M14 10.5a4 4 0 0 0-5.7-.3l-3 3a4 4 0 0 0 5.7 5.7l1-1" />
    </>
  ),
  clock: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <path d="M12 7v5l3.25 2" />
    </>
  ),
  swap: <path d="M4 8.5h15M15 4.5l4 4-4 4M20 15.5H5M9 11.5l-4 4 4 4" />,
  gap: <path d="M3.5 9v6M7.5 6v12M16.5 6v12M20.5 9v6M11 12h.01M13.5 12h.01" />,
  record: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <circle cx="12" cy="12" r="3.5" fill="currentColor" stroke="none" />
    </>
  ),
  press: (
    <>
      <circle cx="12" cy="12" r="8.5" />
      <circle cx="12" cy="12" r="4" />
    </>
  ),
  /** Earshot's logo: a dot with two sound waves. */
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

/** Line width in CSS pixels for icons of up to 24 pixels. */
const STROKE = 1.5;
/** Width and height of the grid. */
const GRID = 24;

/**
 * An icon in the current text colour, hidden from screen readers. Up to 24 pixels its lines are 1.5 pixels wide; in
 * larger icons they grow with the size.
 */
export function Icon({ name, size = 18 }: IconProps) {
  return (
    <svg
      width={size}
      height={size}
      viewBox={`0 0 ${GRID} ${GRID}`}
      fill="none"
      stroke="currentColor"
      strokeWidth={(STROKE * GRID) / Math.min(size, GRID)}
      strokeLinecap="round"
      strokeLinejoin="round"
      aria-hidden="true"
    >
      {SHAPES[name]}
    </svg>
  );
}
