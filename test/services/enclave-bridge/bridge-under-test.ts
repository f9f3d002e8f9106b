/**
 * The built bridge over RPC, and bridges with other settings in this isolate, for what one
 * deployment cannot show.
 */
import { env } from 'cloudflare:workers';
import type { EnclaveBridgeContract } from '../../../enclave-bridge/contract.ts';
import type { BridgeEnv } from '../../../enclave-bridge/env.ts';
import { SoftwareBridge } from '../../../enclave-bridge/software-bridge.ts';
import type { Result } from '../../../worker/core/result.ts';

/** The binding of wrangler.toml; the type of `env` knows nothing of it. */
export const bridge = (env as unknown as { BRIDGE: EnclaveBridgeContract }).BRIDGE;

export const masterKey = `hex:${'5e'.repeat(32)}`;
export const nextMasterKey = `hex:${'5f'.repeat(32)}`;
export const signingKey = `hex:${'17'.repeat(32)}`;

export const bridgeWith = (settings: BridgeEnv): EnclaveBridgeContract =>
  new SoftwareBridge({
    ENVIRONMENT: 'development',
    LOG_LEVEL: 'silent',
    SECRET_ENCRYPTION_KEY: masterKey,
    SIGNING_KEY: signingKey,
    ...settings,
  });

export const owner = 'acc_01hf7yat00e9jr000000000000';
export const stranger = 'acc_01hf7yat00e9jr000000000001';

export function valueOf<Value>(result: Result<Value>): Value {
  if (!result.ok) throw new Error(result.failure.code);
  return result.value;
}

export const bytes = (text: string): Uint8Array => new TextEncoder().encode(text);
export const text = (value: Uint8Array | undefined): string => new TextDecoder().decode(value);

/** A data key of `owner` and one secret sealed under it. */
export async function sealedSecret(at: EnclaveBridgeContract = bridge) {
  const { wrappedKey } = valueOf(await at.createDataKey({ accountId: owner }));
  const context = ['secret', 'api-key', '3'];
  const items = [{ context, plaintext: bytes('the value') }];
  const [sealed] = valueOf(await at.seal({ accountId: owner, wrappedKey, items }));
  if (sealed === undefined) throw new Error('nothing was sealed');
  return { wrappedKey, context, sealed };
}
