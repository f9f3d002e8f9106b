// Calls that the host answers later: one door for all kinds. The request crosses as JSON text; the answer comes back
// through `settle`, in the order in which the host completed the calls.
const waiting = { __proto__: null };

function hostCall(kind, request) {
  const index = accept(host('call', kind, stringify(request)));
  return new PromiseOf((resolve, reject) => {
    waiting[index] = { __proto__: null, resolve, reject };
  });
}

function settle(text) {
  const { index, answer } = parse(text);
  const call = waiting[index];
  delete waiting[index];
  // Without a prototype there is no `then` to look up, whatever Object.prototype has become.
  if (answer.ok) call.resolve({ __proto__: null, value: answer.value });
  else call.reject(codedError(answer.code, answer.message));
}

function copyHeaders(headers) {
  const copy = { __proto__: null };
  if (!isObject(headers)) return copy;
  const names = keys(headers);
  for (let index = 0; index < names.length; index += 1) {
    const value = headers[names[index]];
    if (value !== undefined && value !== null) copy[lowerCase(names[index])] = StringOf(value);
  }
  return copy;
}

function toResponse({ status, headers, body }) {
  const response = {
    status,
    ok: status >= 200 && status < 300,
    headers,
    text: async () => body,
    json: async () => parse(body),
  };
  defineHidden(headers, 'get', (name) => orNull(headers[lowerCase(StringOf(name))]));
  return response;
}

async function httpFetch(url, options) {
  const given = isObject(options) ? options : { __proto__: null };
  const { method, headers, body } = given;
  const request = {
    __proto__: null,
    url: StringOf(url),
    method: method === undefined ? 'GET' : upperCase(StringOf(method)),
    headers: copyHeaders(headers),
    body: body === undefined || body === null ? null : typeof body === 'string' ? body : stringify(body),
  };
  if (isObject(body) && request.headers['content-type'] === undefined) {
    request.headers['content-type'] = 'application/json';
  }
  return toResponse((await hostCall('http.fetch', request)).value);
}
