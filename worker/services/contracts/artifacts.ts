/**
 * What a compiler made, as a caller sends it: the NEF file, the manifest, and the data for the
 * contract's `_deploy`. All of it is checked here as the chain checks it, so that a mistake is a
 * named place of the request and costs nothing. The manifest's own bytes are what is deployed.
 */
import { base64 } from '@scure/base';
import { decodeManifest, type Manifest } from '../../core/neo/contract/manifest.ts';
import { checksumOfNef, decodeNef } from '../../core/neo/contract/nef.ts';
import { parseContractParameters } from '../../core/neo/contract-parameter.ts';
import type { ContractParameter } from '../../core/neo/stack-argument.ts';
import { err, ok, type Result } from '../../core/result.ts';

export interface NefFile {
  readonly bytes: Uint8Array;
  readonly checksum: number;
}

export function parseNef(text: string): Result<NefFile, 'request.malformed'> {
  let bytes: Uint8Array;
  try {
    bytes = base64.decode(text);
  } catch {
    // The library throws for what is no base64: the caller's mistake.
    return malformed('/nef', 'is not base64');
  }
  const decoded = decodeNef(bytes);
  if (decoded.ok) return ok({ bytes, checksum: checksumOfNef(decoded.value) });
  const { at, reason } = decoded.malformed;
  return malformed('/nef', `is no NEF file: ${reason}, at byte ${String(at)}`);
}

export function parseManifestText(text: string): Result<Manifest, 'request.malformed'> {
  const decoded = decodeManifest(new TextEncoder().encode(text));
  if (decoded.ok) return ok(decoded.value);
  const { pointer, reason } = decoded.misshapen;
  return malformed('/manifest', `${pointer === '' ? '' : `${pointer}: `}${reason}`);
}

export function parseDeployData(json: unknown): Result<ContractParameter, 'request.malformed'> {
  const parsed = parseContractParameters([json], '/data');
  if (parsed.ok) return ok(parsed.value[0] ?? NOTHING);
  // The list was ours: the caller's value is the whole field.
  const fields = parsed.failure.fields?.map(({ pointer, detail }) => ({
    pointer: pointer.replace(/^\/data\/0/, '/data'),
    detail,
  }));
  return err('request.malformed', fields === undefined ? {} : { fields });
}

const NOTHING: ContractParameter = { type: 'Any', value: null };

export const malformed = (pointer: string, detail: string) =>
  err('request.malformed', { fields: [{ pointer, detail }] });
