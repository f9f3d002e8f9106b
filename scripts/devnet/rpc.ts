/**
 * A bare JSON-RPC 2.0 client for the set-up of the private network and its tests: one endpoint, one
 * attempt, one deadline. It neither retries nor judges an endpoint; what the platform does about
 * bad endpoints is what is being tested with it.
 */
const TIMEOUT_MS = 10_000;

export interface Rpc {
  readonly url: string;
  readonly call: (method: string, params?: readonly unknown[]) => Promise<unknown>;
}

/** The node's own refusal; everything else that goes wrong is whatever `fetch` throws. */
export class RpcRefusal extends Error {
  override readonly name = 'RpcRefusal';
  readonly code: number;
  constructor(code: number, message: string) {
    super(message);
    this.code = code;
  }
}

export function openRpc(url: string, { timeoutMs = TIMEOUT_MS } = {}): Rpc {
  return {
    url,
    call: async (method, params = []) => {
      const response = await fetch(url, {
        method: 'POST',
        headers: { 'content-type': 'application/json' },
        body: JSON.stringify({ jsonrpc: '2.0', id: 1, method, params }),
        signal: AbortSignal.timeout(timeoutMs),
      });
      if (!response.ok) throw new Error(`${method}: HTTP ${response.status}`);
      return resultOf(method, await response.json());
    },
  };
}

function resultOf(method: string, answer: unknown): unknown {
  if (!isObject(answer)) throw new Error(`${method}: not an object`);
  if (isObject(answer.error)) {
    const { code, message, data } = answer.error;
    const reason = typeof data === 'string' ? `: ${data}` : '';
    throw new RpcRefusal(Number(code), `${method}: ${String(message)}${reason}`);
  }
  return answer.result;
}

export function isObject(value: unknown): value is Readonly<Record<string, unknown>> {
  return typeof value === 'object' && value !== null && !Array.isArray(value);
}
