import { EarshotError } from '../../shared/errors.ts';
import type { OverlayBridge } from '../../shared/overlay.ts';
import '@fontsource-variable/inter/wght.css';
import '../ui/tokens.css';
import '../ui/base.css';
import './overlay.css';
import { drawOverlay } from './draw-overlay.ts';

const place = document.querySelector<HTMLElement>('.overlay');
const { earshotOverlay } = window as { earshotOverlay?: OverlayBridge };
if (!place || !earshotOverlay) throw new EarshotError('no_overlay', 'This page is only shown by the desktop app.');
drawOverlay(place, earshotOverlay);
