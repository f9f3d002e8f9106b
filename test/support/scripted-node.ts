/**
 * Neo nodes as a `fetch`, for what a real node cannot be made to do: another network, a clock of
 * one's own, a height that stands still, replies of any form. What it answers when nothing is
 * scripted has the form of neo-go's answers.
 */
export const NETWORK = 56_753;

interface RpcRequest {
  readonly id: number;
  readonly method: string;
  readonly params: readonly unknown[];
}
export type Script = (request: RpcRequest) => {
  readonly result?: unknown;
  readonly error?: unknown;
};

export class ScriptedNode {
  magic = NETWORK;
  height = 100;
  blockTimeMs = 0;
  /** By method; a method without one is answered as a sound node would. */
  readonly scripts = new Map<string, Script>();
  /** The whole response instead, such as a 429. */
  response: ((body: string) => Response | Promise<Response>) | null = null;
  /** How long a batch may be. */
  batchMax = 101;
  readonly asked: string[] = [];

  async serve(body: string): Promise<Response> {
    const parsed = JSON.parse(body) as RpcRequest | readonly RpcRequest[]; // Written by our client.
    const requests = isList(parsed) ? parsed : [parsed];
    this.asked.push(...requests.map(({ method }) => method));
    if (this.response) return this.response(body);
    if (!isList(parsed)) return Response.json(this.#answer(parsed));
    const error = { code: -32_700, message: 'Parse error' };
    return Response.json(
      parsed.length > this.batchMax
        ? { jsonrpc: '2.0', id: null, error }
        : parsed.map((one) => this.#answer(one)),
    );
  }

  #answer(request: RpcRequest): unknown {
    const script = this.scripts.get(request.method);
    return { jsonrpc: '2.0', id: request.id, ...(script ? script(request) : this.#own(request)) };
  }

  #own({ method, params }: RpcRequest): { readonly result?: unknown; readonly error?: unknown } {
    switch (method) {
      case 'getversion':
        return { result: this.#version() };
      case 'getblockcount':
        return { result: this.height + 1 };
      case 'getblockheader':
        return { result: { index: params[0], hash: hashOf(params[0]), time: this.blockTimeMs } };
      case 'getblockhash':
        return { result: hashOf(params[0]) };
      default:
        return { error: { code: -32_601, message: 'Method not found' } };
    }
  }

  #version(): unknown {
    return {
      useragent: '/scripted/',
      protocol: {
        addressversion: 53,
        network: this.magic,
        msperblock: 1_000,
        validatorscount: 1,
        maxtraceableblocks: 200_000,
        maxvaliduntilblockincrement: 5_760,
        maxtransactionsperblock: 512,
      },
    };
  }
}

const isList = (value: RpcRequest | readonly RpcRequest[]): value is readonly RpcRequest[] =>
  Array.isArray(value);

const hashOf = (index: unknown): string => `0x${Number(index).toString(16).padStart(64, '0')}`;
