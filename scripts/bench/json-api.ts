/** Requests with JSON bodies and answers; an answer that is not 2xx fails the bench. */
import { UserError } from '../serve/user-error.ts';

export type Answer = Readonly<Record<string, unknown>>;
/** `undefined` for a request without a body. */
export type JsonApi = (
  method: 'GET' | 'POST' | 'PUT',
  path: string,
  body?: object,
) => Promise<Answer>;

export const openApi =
  ({ origin, token }: { readonly origin: string; readonly token: string }): JsonApi =>
  async (method, path, body) => {
    const answer = await fetch(`${origin}${path}`, {
      method,
      headers: { authorization: `Bearer ${token}`, 'content-type': 'application/json' },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await answer.text();
    if (!answer.ok) throw new UserError(`${method} ${path} answered ${answer.status}: ${text}`);
    // Every 2xx answer of the contract with a body is a JSON object.
    return JSON.parse(text) as Answer;
  };
