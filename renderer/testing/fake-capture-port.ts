import type { CaptureReport, CaptureRequest } from '../capture/capture-processor.ts';

/** The port of a capture's worker or worklet, whose other end is the test. */
export class FakeCapturePort {
  readonly reports: CaptureReport[] = [];
  /** Bytes of frames that were copied instead of transferred. */
  copiedBytes = 0;
  closed = false;
  onmessage: ((event: { data: CaptureRequest }) => void) | null = null;

  /** Transfers like the browser: the sender's buffer is detached. */
  postMessage(report: CaptureReport, transfer: ArrayBuffer[]): void {
    this.reports.push(structuredClone(report, { transfer }));
    if (report.type === 'frame') this.copiedBytes += report.pcm.byteLength;
  }
  close(): void {
    this.closed = true;
  }

  /** Sends a request to the worker or worklet. */
  send(request: CaptureRequest): void {
    this.onmessage?.({ data: request });
  }
  /** Samples of each frame. */
  get lengths(): number[] {
    return this.reports.flatMap((report) => (report.type === 'frame' ? [report.pcm.length] : []));
  }
  get types(): string[] {
    return this.reports.map((report) => report.type);
  }
}
