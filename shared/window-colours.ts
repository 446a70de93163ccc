/** The background of the window in each theme: `--bg` of `renderer/ui/tokens.css`. */
export const BACKGROUND = { light: '#fcfcfa', dark: '#141617' } as const;
