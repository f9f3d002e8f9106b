/**
 * The client: `client.<service>.<verbNoun>(input, options?)` for every operation of the contract,
 * made from the generated table. The methods hold no state and need no `this`, so they may be
 * passed around (`paginate(client.secrets.listSecrets, ...)`). The token lives in a closure, not in
 * a field that an inspector or a log of the client would print.
 */
import type { CallOptions, ClientOptions } from './call-options.ts';
import { clientError } from './errors.ts';
import { OPERATIONS } from './generated/operations.ts';
import type { OperationId, Operations, Services } from './generated/types.ts';
import type { Input } from './request.ts';
import type { Answer } from './response.ts';
import { createTransport } from './transport.ts';

export interface Client extends Services {
  /**
   * Any operation by its id, with status, `ETag`, request id and headers of the answer beside its
   * body.
   */
  call<Id extends OperationId>(
    id: Id,
    input: Operations[Id]['input'],
    options?: CallOptions,
  ): Promise<Answer<Operations[Id]['output']>>;
}

export function createClient(options: ClientOptions): Client {
  const send = createTransport(options);
  const call = async (id: string, input: Input = {}, callOptions?: CallOptions) => {
    const row = Object.hasOwn(OPERATIONS, id) ? OPERATIONS[id as OperationId] : undefined;
    if (!row) throw clientError('client.input_invalid', `There is no operation ${id}.`);
    return send({ id, row }, input, callOptions);
  };
  const services: Record<string, Record<string, unknown>> = {};
  for (const id of Object.keys(OPERATIONS)) {
    const [service = '', verbNoun = ''] = id.split('.');
    (services[service] ??= {})[verbNoun] = async (input?: Input, callOptions?: CallOptions) =>
      (await call(id, input, callOptions)).body;
  }
  // The table and the types are generated from one document; nothing else could say that they
  // agree.
  return { ...services, call } as unknown as Client;
}
