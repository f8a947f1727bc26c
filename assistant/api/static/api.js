/** Calls to the service. Every failure is thrown as a `Problem`, whatever caused it. */

/** What went wrong, as the service or the connection says it. */
export class Problem extends Error {
  /**
   * @param {string} title
   * @param {string} detail
   * @param {number} status
   */
  constructor(title, detail, status) {
    super(detail);
    this.title = title;
    this.detail = detail;
    this.status = status;
  }

  /**
   * @param {{title?: string, detail?: string, status?: number}} given
   * @returns {Problem}
   */
  static of(given) {
    return new Problem(
      given.title ?? 'Error',
      given.detail ?? 'The service did not say what went wrong.',
      given.status ?? 0,
    );
  }
}

/**
 * Call the service and hand back its response where it succeeded.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<Response>}
 */
export async function call(path, options) {
  let response;
  try {
    response = await fetch(path, options);
  } catch (error) {
    if (error instanceof DOMException && error.name === 'AbortError') throw error;
    throw new Problem('No connection', 'The service cannot be reached: see whether it still runs, then try again.', 0);
  }
  if (!response.ok) throw await problemOf(response);
  return response;
}

/**
 * Call the service and read the JSON that it answers with.
 * @param {string} path
 * @param {RequestInit} [options]
 * @returns {Promise<any>}
 */
export async function json(path, options) {
  const response = await call(path, options);
  return response.status === 204 ? null : response.json();
}

/**
 * Send a JSON object and read the answer.
 * @param {string} method
 * @param {string} path
 * @param {unknown} [body]
 * @returns {Promise<any>}
 */
export function send(method, path, body) {
  return json(path, { method, ...jsonBody(body) });
}

/**
 * A slice of a document's text, exactly as it stands there.
 * @param {string} documentId
 * @param {number} start
 * @param {number} end
 * @returns {Promise<string>}
 */
export async function textOf(documentId, start, end) {
  const response = await call(`${documentPath(documentId)}/text?start=${start}&end=${end}`);
  // Response.text() would drop a byte order mark, and with it shift every offset.
  return new TextDecoder('utf-8', { ignoreBOM: true }).decode(await response.arrayBuffer());
}

/**
 * Send a JSON object and follow the events that come back.
 * @param {string} path
 * @param {unknown} body
 * @param {AbortSignal} signal
 * @yields {{name: string, data: any}}
 */
export async function* events(path, body, signal) {
  const response = await call(path, { method: 'POST', signal, ...jsonBody(body) });
  if (!response.body) return;
  const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
  let waiting = '';
  for (;;) {
    const { done, value } = await reader.read();
    if (done) return;
    waiting += value;
    const complete = waiting.split('\n\n');
    waiting = complete.pop() ?? '';
    for (const event of complete.map(parsed)) if (event) yield event;
  }
}

/**
 * The path of a document.
 * @param {string} documentId
 * @returns {string}
 */
export function documentPath(documentId) {
  return `/documents/${encodeURIComponent(documentId)}`;
}

function jsonBody(body) {
  return body === undefined ? {} : { headers: { 'Content-Type': 'application/json' }, body: JSON.stringify(body) };
}

function parsed(event) {
  let name = 'message';
  const data = [];
  for (const line of event.split('\n')) {
    if (line.startsWith('event: ')) name = line.slice(7);
    if (line.startsWith('data: ')) data.push(line.slice(6));
  }
  return data.length ? { name, data: JSON.parse(data.join('\n')) } : null;
}

async function problemOf(response) {
  try {
    return Problem.of(await response.json());
  } catch {
    return new Problem('Error', `The service answered with the status ${response.status}.`, response.status);
  }
}
