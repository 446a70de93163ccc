import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { VOICE_PATH } from '../../shared/protocol.ts';
import { matchesSecret } from '../guard/compare-secret.ts';
import { headerValues } from '../guard/headers.ts';
import { createRefusalLog, type LogRefusal } from '../guard/refusal-log.ts';
import { checkRequest, type RequestOrigin, requestInfo } from '../guard/request-checks.ts';

const METRICS_PATH = '/metrics';
/** The Prometheus text exposition format. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface HttpPolicy {
  /** What `Host` may be: `127.0.0.1:<port>`, and the server's own name. */
  hosts: readonly string[];
  /** The one page that may ask; a request of no page has no `Origin`. */
  origin: string;
  /** The token of the metrics (`LaunchProofs`): not the launch's secret, which never travels. */
  token: string;
}

/**
 * Decides on a request for the metrics: pure, cheapest check first. The door, as for an upgrade, and the
 * token of the metrics as a bearer token (RFC 6750 section 2.1).
 */
export function guardMetrics(
  request: RequestOrigin & { method?: string | undefined },
  policy: HttpPolicy,
): { status: 200 | 401 | 403 | 405; why: string } {
  if (request.method !== 'GET') return { status: 405, why: 'method' };
  const atDoor = checkRequest(request, { ...policy, page: 'optional' });
  if (atDoor !== null) return { status: 403, why: atDoor };
  const { authorization } = headerValues(request.rawHeaders, ['authorization']);
  // The scheme's case is free (RFC 9110 section 11.1), the token's is not.
  const bearer = /^bearer ([A-Za-z0-9_-]{1,128})$/i.exec(authorization[0] ?? '')?.[1];
  if (authorization.length !== 1 || bearer === undefined || !matchesSecret(bearer, policy.token)) {
    return { status: 401, why: 'token' };
  }
  return { status: 200, why: '' };
}

/** What each refusal says beyond its status: RFC 9110 sections 15.5.2, 15.5.6 and 15.5.22. */
const EXTRA: Record<number, Record<string, string>> = {
  401: { 'WWW-Authenticate': 'Bearer' },
  405: { Allow: 'GET' },
  426: { Upgrade: 'websocket' },
};

function answer(response: ServerResponse, status: number, headers: Record<string, string> = {}, body = ''): void {
  response.writeHead(status, {
    Connection: 'close',
    'Cache-Control': 'no-store',
    'Content-Length': Buffer.byteLength(body),
    ...EXTRA[status],
    ...headers,
  });
  response.end(body);
}

/**
 * Answers plain HTTP on the voice server's port: `GET /metrics` for whoever has its token, 426 on the voice path, 404
 * elsewhere. No answer has a CORS header, and no refusal a detail.
 * @param policy null while the server is down
 * @param refused told of what asks for anything but the metrics
 * @param metricsText the figures as text; without it there is no such path
 */
export function createHttpHandler(options: {
  policy: () => HttpPolicy | null;
  log: Log;
  refused: LogRefusal;
  metricsText?: () => Promise<string>;
}): RequestListener {
  const { log, metricsText } = options;
  const refusedMetrics = createRefusalLog(log, 'metrics');

  async function answerMetrics(
    request: IncomingMessage,
    response: ServerResponse,
    text: () => Promise<string>,
  ): Promise<void> {
    const policy = options.policy();
    const { status, why } =
      policy === null ? { status: 404, why: 'not running' } : guardMetrics(requestInfo(request), policy);
    if (status !== 200) {
      refusedMetrics(status, why);
      return answer(response, status);
    }
    try {
      answer(response, 200, { 'Content-Type': METRICS_TYPE, 'X-Content-Type-Options': 'nosniff' }, await text());
    } catch (error) {
      log('WARNING', { type: 'metrics_failed', detail: describeError(error) });
      answer(response, 500);
    }
  }

  return (request, response) => {
    if (metricsText && request.url === METRICS_PATH) return void answerMetrics(request, response, metricsText);
    const isVoice = request.url === VOICE_PATH || request.url?.startsWith(`${VOICE_PATH}?`);
    const [status, why] = isVoice ? ([426, 'no upgrade'] as const) : ([404, 'path'] as const);
    options.refused(status, why);
    answer(response, status);
  };
}
