import { readFileSync } from 'node:fs';
import { describe, expect, test } from 'vitest';
import { accountNamed, councilAccount, genesisAccount } from '../../../scripts/devnet/accounts.ts';
import {
  type NodeSettings,
  nodeConfiguration,
  VALIDATOR,
  validatorWallet,
} from '../../../scripts/devnet/config.ts';
import { parseVersions } from '../../../scripts/devnet/toolchain.ts';
import { encodeAddress } from '../../../worker/core/neo/address.ts';
import { publicKeyOf } from '../../../worker/core/neo/private-key.ts';
import { scriptHashOf } from '../../../worker/core/neo/script-hash.ts';
import { parseWif } from '../../../worker/core/neo/wif.ts';

const validator: NodeSettings = {
  rpcPort: 1,
  p2pPort: 2,
  blockMs: 1000,
  services: false,
  chainFolder: undefined,
  role: { kind: 'validator', walletFile: 'wallet.json' },
};
const follower: NodeSettings = { ...validator, role: { kind: 'follower', seedPort: 2 } };

const read = (settings: NodeSettings) => JSON.parse(nodeConfiguration(settings));

describe('the configuration of a node', () => {
  test('differs in the protocol between validator and follower by the seeds alone', () => {
    const [own, other] = [validator, follower].map((one) => read(one).ProtocolConfiguration);
    expect({ ...other, SeedList: [] }).toEqual(own);
    expect(other.SeedList).toEqual(['127.0.0.1:2']);
  });

  test('lets a follower dial and a lone validator be in sync', () => {
    const [own, other] = [validator, follower].map((one) => read(one).ApplicationConfiguration);
    expect([own.P2P.MinPeers, other.P2P.MinPeers]).toEqual([0, 1]);
    expect([own.Consensus.Enabled, other.Consensus.Enabled]).toEqual([true, false]);
  });

  test('says the block time twice, since genesis is what counts', () => {
    const { TimePerBlock, Genesis } = read({ ...validator, blockMs: 50 }).ProtocolConfiguration;
    expect([TimePerBlock, Genesis.TimePerBlock]).toEqual(['50ms', '50ms']);
  });

  test('listens on loopback only', () => {
    const { P2P, RPC } = read(validator).ApplicationConfiguration;
    expect([P2P.Addresses, RPC.Addresses]).toEqual([['127.0.0.1:2'], ['127.0.0.1:1']]);
  });

  test('keeps sessions and old state unless it is frugal', () => {
    const [own, frugal] = [validator, { ...validator, frugal: true }].map(
      (one) => read(one).ApplicationConfiguration,
    );
    expect([own.RPC.SessionEnabled, own.KeepOnlyLatestState]).toEqual([true, false]);
    expect([frugal.RPC.SessionEnabled, frugal.KeepOnlyLatestState]).toEqual([false, true]);
  });

  test('designates the services in genesis on every node and runs them on the validator', () => {
    const [own, other] = [validator, follower].map((one) => read({ ...one, services: true }));
    expect(other.ProtocolConfiguration.Genesis).toEqual(own.ProtocolConfiguration.Genesis);
    expect(own.ApplicationConfiguration).toMatchObject({
      Oracle: { Enabled: true },
      P2PNotary: { Enabled: true },
    });
    expect(other.ApplicationConfiguration).not.toHaveProperty('Oracle');
  });
});

describe('the keys of the private network', () => {
  test('are neo-go’s own: key, script and address of the validator belong together', () => {
    const key = parseWif(VALIDATOR.wif);
    const script = Buffer.from(VALIDATOR.verificationScript, 'base64');
    expect(key && publicKeyOf(key)).toBe(VALIDATOR.publicKey);
    expect(encodeAddress(scriptHashOf(script))).toBe(VALIDATOR.address);
    expect(JSON.parse(validatorWallet()).accounts).toMatchObject([{ address: VALIDATOR.address }]);
  });

  test('put the money of genesis where neo-go puts it', () => {
    expect(genesisAccount().address).toBe('NfgHwwTi3wHAS8aFAN243C5vGbkYDpqLHP');
  });

  test('follow from names, so that addresses stay the same', () => {
    expect(accountNamed('payer').address).toBe('NMgLhNqHKZGqQSYnx9E7Mn6yunE7aHwQuf');
    expect(accountNamed('payer').address).not.toBe(accountNamed('payee').address);
    expect(councilAccount().privateKeys).toHaveLength(2);
  });
});

describe('the pinned versions', () => {
  test('stand in go.mod', () => {
    const versions = parseVersions(readFileSync('scripts/devnet/go/go.mod', 'utf8'));
    expect(versions.neoGo).toMatch(/^\d+\.\d+\.\d+$/);
    expect(versions.go).toMatch(/^1\.\d+/);
  });

  test('are missed when go.mod names none', () => {
    expect(() => parseVersions('module x\n\ngo 1.25\n')).toThrow('pins no version');
  });
});
