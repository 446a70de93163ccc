import type { IncomingMessage, RequestListener, ServerResponse } from 'node:http';
import { describeError } from '../../shared/errors.ts';
import type { Log } from '../../shared/log-event.ts';
import { VOICE_PATH } from '../../shared/protocol.ts';
import { matchesSecret } from '../guard/compare-secret.ts';
import { headerValues } from '../guard/headers.ts';
import { createRefusalLog, type LogRefusal } from '../guard/refusal-log.ts';
import { respondAndClose } from '../guard/refuse.ts';
import { checkRequest, pathOf, type RequestOrigin, requestInfo } from '../guard/request-checks.ts';

const METRICS_PATH = '/metrics';
/** The Prometheus text exposition format. */
const METRICS_TYPE = 'text/plain; version=0.0.4; charset=utf-8';

export interface HttpPolicy {
  /** Permitted `Host` values: `127.0.0.1:<port>` and the server's own name. */
  hosts: readonly string[];
  /** The only permitted `Origin`. A request that no page sends has none. */
  origin: string;
  /** The metrics token (`LaunchProofs`). It is not the launch secret, which is never transmitted. */
  token: string;
}

/**
 * Checks a request for the metrics, cheapest check first. Pure. Requires what every request requires (`checkRequest`)
 * and the metrics token as a bearer token (RFC 6750 section 2.1).
 */
export function guardMetrics(
  request: RequestOrigin & { method?: string | undefined },
  policy: HttpPolicy,
): { status: 200 | 401 | 403 | 405; why: string } {
  if (request.method !== 'GET') return { status: 405, why: 'method' };
  const violation = checkRequest(request, { ...policy, page: 'optional' });
  if (violation !== null) return { status: 403, why: violation };
  const { authorization } = headerValues(request.rawHeaders, ['authorization']);
  // The scheme is case-insensitive (RFC 9110 section 11.1), the token is not.
  const bearer = /^bearer ([A-Za-z0-9_-]{1,128})$/i.exec(authorization[0] ?? '')?.[1];
  if (authorization.length !== 1 || bearer === undefined || !matchesSecret(bearer, policy.token)) {
    return { status: 401, why: 'token' };
  }
  return { status: 200, why: '' };
}

/**
 * Handles plain HTTP on the voice server's port: `GET /metrics` (with the metrics token), 426 on the voice path, 404
 * elsewhere. Responses have no CORS headers, and refusals no details.
 * @param policy returns null while the server is not running
 * @param logRefusal logs requests for any other path
 * @param metricsText the metrics as text; if absent, the path does not exist
 */
export function createHttpHandler(options: {
  policy: () => HttpPolicy | null;
  log: Log;
  logRefusal: LogRefusal;
  metricsText?: () => Promise<string>;
}): RequestListener {
  const { log, metricsText } = options;
  const refusedMetrics = createRefusalLog(log, 'metrics');

  async function respondWithMetrics(
    request: IncomingMessage,
    response: ServerResponse,
    text: () => Promise<string>,
  ): Promise<void> {
    const policy = options.policy();
    const { status, why } =
      policy === null ? { status: 404, why: 'not running' } : guardMetrics(requestInfo(request), policy);
    if (status !== 200) {
      refusedMetrics(status, why);
      return respondAndClose(response, status);
    }
    try {
      respondAndClose(
        response,
        200,
        { 'Content-Type': METRICS_TYPE, 'X-Content-Type-Options': 'nosniff' },
        await text(),
      );
    } catch (error) {
      log('WARNING', { type: 'metrics_failed', detail: describeError(error) });
      respondAndClose(response, 500);
    }
  }

  return (request, response) => {
    if (metricsText && request.url === METRICS_PATH) return void respondWithMetrics(request, response, metricsText);
    const [status, why] =
      pathOf(request.url) === VOICE_PATH ? ([426, 'no upgrade'] as const) : ([404, 'path'] as const);
    options.logRefusal(status, why);
    respondAndClose(response, status);
  };
}
