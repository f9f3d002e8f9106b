/** What keeps published keys and foreign endpoints away from networks where GAS has a value. */
import { describe, expect, it } from 'vitest';
import { publicKeyOf } from '../../../../worker/core/neo/private-key.ts';
import { comparePublicKeys } from '../../../../worker/core/neo/public-key.ts';
import {
  describeNetworkFault,
  faultsOfNetwork,
  isPublishedAccount,
} from '../../../../worker/core/neo/rpc/network-check.ts';
import { type ScriptHash, scriptHashOf } from '../../../../worker/core/neo/script-hash.ts';
import {
  encodeMultisigScript,
  encodeSignatureScript,
} from '../../../../worker/core/neo/verification-script.ts';
import { parseWif } from '../../../../worker/core/neo/wif.ts';

/** In neo-go's repository (.docker/wallets): anybody has them. */
const PUBLISHED_WIFS = [
  'KxyjQ8eUa4FHt3Gvioyt1Wz29cTUrE4eTqX3yFSk1YFCsPL8uNsY',
  'KzfPUYDC9n2yf4fK5ro4C8KMcdeXtFuEnStycbZgX3GomiUsvX6W',
  'L2oEXKRAAMiPEZukwR5ho2S6SMeQLhcK9mF71ZnF7GvT8dU4Kkgz',
  'KzgWE3u3EDp13XPXXuTKZxeJ3Gi8Bsm8f9ijY3ZsCKKRvZUo1Cdn',
];
const MAINNET = 860_833_102;
const PRIVATE = 56_753;

const publicKeys = PUBLISHED_WIFS.map((wif) => {
  const key = parseWif(wif);
  if (key === null) throw new Error('a WIF');
  return publicKeyOf(key);
});

function multisig(threshold: number, count: number): ScriptHash {
  const script = encodeMultisigScript({
    threshold,
    publicKeys: publicKeys.slice(0, count).toSorted(comparePublicKeys),
  });
  if (!script.ok) throw new Error('a script');
  return scriptHashOf(script.value);
}

const published = [
  ...publicKeys.map((key) => scriptHashOf(encodeSignatureScript(key))),
  multisig(1, 1),
  multisig(3, 4),
];
const [anyPublished] = published;
if (!anyPublished) throw new Error('an account');

describe('published keys', () => {
  it('are known by every account they make', () => {
    expect(published.map(isPublishedAccount)).toEqual(published.map(() => true));
    expect(isPublishedAccount(multisig(2, 4))).toBe(false);
  });

  it('may stand on their own network, and on no other', () => {
    const at = (magic: number) => faultsOfNetwork({ magic, accounts: published, nodes: [] });
    expect(at(PRIVATE)).toEqual([]);
    expect(at(MAINNET)).toHaveLength(published.length);
    expect(at(0)).toHaveLength(published.length);
  });
});

describe('nodes', () => {
  const node = (magic: number | null, addressVersion: number | null = 53) =>
    faultsOfNetwork({
      magic: MAINNET,
      accounts: [],
      nodes: [{ endpoint: 'a.example', magic, addressVersion }],
    });

  it('of another magic or of other addresses are refused, with a text that names them', () => {
    for (const fault of [...node(PRIVATE), ...node(MAINNET, 23)])
      expect(describeNetworkFault(fault)).toMatch(/^a\.example .*(56753|23)/);
    const [fault] = faultsOfNetwork({ magic: MAINNET, accounts: [anyPublished], nodes: [] });
    expect(fault && describeNetworkFault(fault)).toContain(anyPublished);
  });

  it('that do not answer are no fault of the configuration', () => {
    expect(node(null, null)).toEqual([]);
    expect(node(MAINNET)).toEqual([]);
  });
});
