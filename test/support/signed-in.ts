/** Wallets that are verified in an account and signed in, through the API alone. */
import { expect } from 'vitest';
import { type Called, call, openTenant, type Tenant } from './harness.ts';
import { createNeoWallet, NETWORK, type NeoWallet } from './neo-wallet.ts';

export const askToSignIn = (
  { address }: { readonly address: string },
  options: object = {},
): Promise<Called> =>
  call('POST /sign-in/challenges', {
    token: null,
    body: { address, network: NETWORK.id, ...options },
  });

export const answerWith = (body: unknown): Promise<Called> =>
  call('POST /sign-in/sessions', { token: null, body });

/** Challenge and answer in one. */
export async function signIn(wallet: NeoWallet, options: object = {}): Promise<Called> {
  const asked = await askToSignIn(wallet);
  expect(asked.status, asked.text).toBe(201);
  return answerWith({ ...wallet.answer(asked.body), ...options });
}

/** Adds the wallet to the account and has it verified; its id. */
export async function addVerified(
  tenant: Tenant,
  wallet: Pick<NeoWallet, 'address' | 'answer'>,
  kind: 'neo' | 'evm' = 'neo',
): Promise<string> {
  const added = await tenant.call('POST /workspace-wallets', {
    body: { kind, address: wallet.address },
  });
  expect(added.status, added.text).toBe(201);
  const path = `/workspace-wallets/${added.body.id}`;
  const asked = await tenant.call(`POST ${path}/challenges`, { body: {} });
  expect(asked.status, asked.text).toBe(201);
  const verified = await tenant.call(`POST ${path}/verify`, { body: wallet.answer(asked.body) });
  expect(verified.status, verified.text).toBe(200);
  return added.body.id;
}

export interface Signed {
  readonly tenant: Tenant;
  readonly wallet: NeoWallet;
  readonly walletId: string;
  readonly sessionId: string;
  readonly accessToken: string;
  readonly refreshToken: string;
}

/** A tenant whose one wallet is signed in. */
export async function openSignedIn(name = 'payer'): Promise<Signed> {
  const tenant = await openTenant(name);
  const wallet = createNeoWallet();
  const walletId = await addVerified(tenant, wallet);
  return { tenant, wallet, walletId, ...(await signedIn(wallet)) };
}

export async function signedIn(wallet: NeoWallet, options: object = {}) {
  const { status, text, body } = await signIn(wallet, options);
  expect(status, text).toBe(201);
  const { accessToken, refreshToken, session } = body;
  return { sessionId: String(session.id), accessToken, refreshToken };
}
