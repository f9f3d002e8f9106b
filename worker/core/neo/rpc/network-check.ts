/**
 * Whether a configured network and the nodes behind it are one and the same, before anything is
 * signed. Two mistakes cost money: endpoints of another network, and keys that are printed in
 * public for private networks on a network where GAS is worth something. Either is refused.
 */
import { parseAddress } from '../address.ts';
import type { ScriptHash } from '../script-hash.ts';

/** neo-go's private network, the only one the public keys below may meet. */
const PRIVATE_NETWORK_MAGIC = 56_753;
/** Of every address of Neo N3; with another the same hash reads as another address. */
const ADDRESS_VERSION = 0x35;

/** Accounts of the keys that neo-go publishes for its private networks. */
const PUBLISHED_ACCOUNTS: ReadonlySet<ScriptHash> = new Set(
  [
    'Nhfg3TbpwogLvDGVvAvqyThbsHgoSUKwtn',
    'NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP',
    'NMUedC8TSV2rE17wGguSvPk9XcmHSaT275',
    'NdypBhqkz2CMMnwxBgvoC9X2XjKF5axgKo',
    'NPrB7BmTMYxf9UVroJp4RQExM9tqKmsHTz',
    'NVTiAjNgagDkTr5HTzDmQP9kPwPHN5BgVq',
  ].flatMap((address) => parseAddress(address) ?? []),
);

export const isPublishedAccount = (account: ScriptHash): boolean => PUBLISHED_ACCOUNTS.has(account);

export interface NetworkFacts {
  /** Of the configuration. */
  readonly magic: number;
  /** Of the accounts that sign here. */
  readonly accounts: readonly ScriptHash[];
  readonly nodes: readonly {
    readonly endpoint: string;
    /** Null while it has not answered, which is no mistake of the configuration. */
    readonly magic: number | null;
    readonly addressVersion: number | null;
  }[];
}

export type NetworkFault =
  | { readonly kind: 'other network'; readonly endpoint: string; readonly magic: number }
  | { readonly kind: 'other addresses'; readonly endpoint: string; readonly version: number }
  | { readonly kind: 'published key'; readonly account: ScriptHash };

/** Empty when nothing speaks against it. */
export function faultsOfNetwork(facts: NetworkFacts): readonly NetworkFault[] {
  const published =
    facts.magic === PRIVATE_NETWORK_MAGIC ? [] : facts.accounts.filter(isPublishedAccount);
  return [
    ...facts.nodes.flatMap((node) => faultOfNode(node, facts.magic)),
    ...published.map((account) => ({ kind: 'published key', account }) as const),
  ];
}

function faultOfNode(
  { endpoint, magic, addressVersion }: NetworkFacts['nodes'][number],
  configured: number,
): readonly NetworkFault[] {
  if (magic !== null && magic !== configured) return [{ kind: 'other network', endpoint, magic }];
  if (addressVersion === null || addressVersion === ADDRESS_VERSION) return [];
  return [{ kind: 'other addresses', endpoint, version: addressVersion }];
}

/** For the operator who has to mend it. */
export function describeNetworkFault(fault: NetworkFault): string {
  switch (fault.kind) {
    case 'other network':
      return `${fault.endpoint} is on the network of magic ${String(fault.magic)}, not the configured one`;
    case 'other addresses':
      return `${fault.endpoint} writes addresses of version ${String(fault.version)}, not 53`;
    default:
      return `${fault.account} belongs to a key that is published for private networks`;
  }
}
