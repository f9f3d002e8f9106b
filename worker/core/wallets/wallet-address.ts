/**
 * The one text a wallet is kept under. A Neo wallet may be given as address or as script hash and
 * an EVM wallet in any case, so two texts of one wallet must become the same before they are
 * compared. `0x` and 40 digits can be either network, and no checksum tells: the kind is never
 * guessed.
 */
import { parseEvmAddress } from '../evm-address.ts';
import { encodeAddress, parseAddress } from '../neo/address.ts';
import { parseScriptHash } from '../neo/script-hash.ts';
import { err, ok, type Result } from '../result.ts';

export const WALLET_KINDS = ['neo', 'evm'] as const;
export type WalletKind = (typeof WALLET_KINDS)[number];

export interface WalletAddress {
  readonly kind: WalletKind;
  /** Neo: Base58Check. EVM: with the checksum of EIP-55. */
  readonly address: string;
  /** Neo only, in display form. */
  readonly scriptHash: string | null;
}

export function parseWalletAddress(
  kind: WalletKind,
  text: string,
): Result<WalletAddress, 'request.malformed'> {
  return kind === 'neo' ? parseNeo(text) : parseEvm(text);
}

function parseNeo(text: string): Result<WalletAddress, 'request.malformed'> {
  const scriptHash = text.startsWith('0x') ? parseScriptHash(text) : parseAddress(text);
  if (scriptHash === null)
    return refuse('is neither a Neo N3 address with a valid checksum nor a script hash');
  return ok({ kind: 'neo', address: encodeAddress(scriptHash), scriptHash });
}

function parseEvm(text: string): Result<WalletAddress, 'request.malformed'> {
  const address = parseEvmAddress(text);
  if (address === null)
    return refuse('is not an EVM address, or its EIP-55 checksum does not hold');
  return ok({ kind: 'evm', address, scriptHash: null });
}

const refuse = (detail: string) =>
  err('request.malformed', { fields: [{ pointer: '/address', detail }] });
