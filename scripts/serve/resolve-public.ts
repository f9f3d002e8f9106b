/**
 * Turns a host name into the one address a request may connect to. All addresses of the name are
 * judged, and one that is not public refuses the whole name: a service has no reason to mix them,
 * an attacker who wants a second try has. The answer is an address and not a name, so that the
 * connection cannot resolve again and get another (DNS rebinding).
 */
import { lookup } from 'node:dns/promises';
import { isPublicAddress, literalAddress } from '../../worker/core/egress/addresses.ts';
import { LIMITS } from '../../worker/core/egress/limits.ts';

export interface ResolvedAddress {
  readonly address: string;
  readonly family: number;
}

/** Every A and AAAA record of a name. */
export type Resolver = (hostname: string) => Promise<readonly ResolvedAddress[]>;

export const systemResolver: Resolver = (hostname) =>
  lookup(hostname, { all: true, order: 'ipv4first' });

export type Pinned =
  | { readonly ok: true; readonly pinned: ResolvedAddress }
  | { readonly ok: false; readonly reason: 'address_not_public' | 'name_not_resolved' };

interface PinOptions {
  readonly resolver: Resolver;
  /** Set when the operator allows this origin by name; then any address will do. */
  readonly allowed: boolean;
}

export async function pinAddress(hostname: string, options: PinOptions): Promise<Pinned> {
  const literal = literalAddress(hostname);
  const addresses =
    literal === undefined
      ? await resolveAll(hostname, options.resolver)
      : [{ address: literal, family: literal.includes(':') ? 6 : 4 }];
  const [first] = addresses;
  if (first === undefined || addresses.length > LIMITS.egressAddressesMax.value) {
    return { ok: false, reason: 'name_not_resolved' };
  }
  const isPublic = addresses.every(({ address }) => isPublicAddress(address));
  return isPublic || options.allowed
    ? { ok: true, pinned: first }
    : { ok: false, reason: 'address_not_public' };
}

async function resolveAll(
  hostname: string,
  resolver: Resolver,
): Promise<readonly ResolvedAddress[]> {
  try {
    return await resolver(hostname);
  } catch {
    // NXDOMAIN, no network and a broken server are one thing to the caller: there is no address.
    return [];
  }
}
