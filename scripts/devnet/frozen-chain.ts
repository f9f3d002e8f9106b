/**
 * The chain as a node shows it that has been cut off at some height: later blocks, and the
 * transactions in them, are unknown to it, with the codes neo-go gives for them. The mempool, and
 * what contracts answer, are not held back.
 */
import { isObject } from './rpc.ts';
import type { AskNode, Outcome, RpcError, RpcRequest } from './rpc-outcome.ts';

const UNKNOWN_HEIGHT: RpcError = { code: -109, message: 'Unknown height' };
const UNKNOWN_BLOCK: RpcError = { code: -101, message: 'Unknown block' };
const UNKNOWN_TRANSACTION: RpcError = { code: -103, message: 'Unknown transaction' };
const UNKNOWN_LOG: RpcError = { code: -105, message: 'Unknown script container' };

interface Frozen {
  readonly height: number;
  readonly request: RpcRequest;
  readonly ask: AskNode;
}

export function answerFrozen(frozen: Frozen): Promise<Outcome> | Outcome {
  const { height, request, ask } = frozen;
  switch (request.method) {
    case 'getblockcount':
    case 'getblockheadercount':
      return { result: height + 1 };
    case 'getbestblockhash':
      return ask('getblockhash', [height]);
    case 'getblock':
    case 'getblockhash':
    case 'getblockheader':
    case 'getblocknotifications':
      return answerBlock(frozen);
    case 'getrawtransaction':
    case 'gettransactionheight':
      return answerTransaction(frozen, UNKNOWN_TRANSACTION);
    case 'getapplicationlog':
      return answerTransaction(frozen, UNKNOWN_LOG);
    default:
      return ask(request.method, request.params);
  }
}

async function answerBlock({ height, request, ask }: Frozen): Promise<Outcome> {
  const [asked] = request.params;
  if (typeof asked === 'number') {
    if (asked > height) return { error: UNKNOWN_HEIGHT };
  } else if ((await heightOfBlock(asked, ask)) > height) {
    return { error: UNKNOWN_BLOCK };
  }
  const outcome = await ask(request.method, request.params);
  return 'result' in outcome ? { result: withoutLater(outcome.result, height) } : outcome;
}

/** A verbose block also tells how many blocks follow it, and the next one. */
function withoutLater(result: unknown, height: number): unknown {
  if (!isObject(result) || typeof result.index !== 'number') return result;
  const { nextblockhash, ...block } = result;
  const next = result.index < height && nextblockhash !== undefined ? { nextblockhash } : {};
  return { ...block, confirmations: height + 1 - result.index, ...next };
}

/** The log may also be one of a block. */
async function answerTransaction(
  { height, request, ask }: Frozen,
  unknown: RpcError,
): Promise<Outcome> {
  const [hash] = request.params;
  const found = await ask('gettransactionheight', [hash]);
  const at = 'result' in found ? Number(found.result) : await heightOfBlock(hash, ask);
  if (at > height) return { error: unknown };
  const outcome = await ask(request.method, request.params);
  if (!('result' in outcome) || !isObject(outcome.result)) return outcome;
  const { result } = outcome;
  if (result.confirmations === undefined) return outcome;
  return { result: { ...result, confirmations: height + 1 - at } };
}

/** -1 for an unknown one, which the node itself refuses. */
async function heightOfBlock(hash: unknown, ask: AskNode): Promise<number> {
  const outcome = await ask('getblockheader', [hash, 1]);
  if (!('result' in outcome) || !isObject(outcome.result)) return -1;
  return Number(outcome.result.index);
}
