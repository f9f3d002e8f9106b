/** Gives accounts of the private network GAS and NEO out of genesis, in one transaction. */
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { ScriptBuilder } from '../../worker/core/neo/script-builder.ts';
import { type ScriptHash } from '../../worker/core/neo/script-hash.ts';
import { genesisAccount, type SigningAccount } from './accounts.ts';
import { isObject, type Rpc } from './rpc.ts';
import { type Executed, execute } from './transactions.ts';

const DATOSHI_PER_GAS = 100_000_000n;

export interface Funds {
  readonly gas: bigint;
  /** Indivisible. */
  readonly neo: bigint;
}

const WHOLE_FUNDS: Funds = { gas: 10_000n, neo: 100n };
/** A kept chain gets new money only where little is left. */
const ENOUGH_DATOSHI = 1_000n * DATOSHI_PER_GAS;

/** Fills up the accounts that have little; one that has enough is left alone. */
export async function fillAccounts(rpc: Rpc, accounts: readonly SigningAccount[]): Promise<void> {
  const balances = await Promise.all(accounts.map((account) => gasOf(rpc, account.scriptHash)));
  const poor = accounts.filter((_, index) => (balances[index] ?? 0n) < ENOUGH_DATOSHI);
  if (poor.length > 0) await payFromGenesis(rpc, poor, WHOLE_FUNDS);
}

export async function payFromGenesis(
  rpc: Rpc,
  accounts: readonly Pick<SigningAccount, 'scriptHash'>[],
  { gas, neo }: Funds,
): Promise<Executed> {
  const genesis = genesisAccount();
  const script = new ScriptBuilder();
  const { GasToken, NeoToken } = NATIVE_CONTRACTS;
  for (const { scriptHash } of accounts) {
    for (const [token, amount] of [
      [GasToken, gas * DATOSHI_PER_GAS],
      [NeoToken, neo],
    ] as const) {
      script.call({
        contract: token.hash,
        method: 'transfer',
        args: [
          { type: 'Hash160', value: genesis.scriptHash },
          { type: 'Hash160', value: scriptHash },
          { type: 'Integer', value: amount },
          { type: 'Any', value: null },
        ],
        flags: CALL_FLAGS.All,
        result: 'asserted',
      });
    }
  }
  return execute(rpc, genesis, script.toBytes());
}

/** In datoshi. */
export async function gasOf(rpc: Rpc, account: ScriptHash): Promise<bigint> {
  const { GasToken } = NATIVE_CONTRACTS;
  const argument = { type: 'Hash160', value: account };
  const answer = await rpc.call('invokefunction', [GasToken.hash, 'balanceOf', [argument]]);
  const stack: unknown = isObject(answer) ? answer.stack : undefined;
  const top: unknown = Array.isArray(stack) ? stack[0] : undefined;
  if (!isObject(top)) throw new Error('balanceOf: no answer');
  return BigInt(String(top.value));
}
