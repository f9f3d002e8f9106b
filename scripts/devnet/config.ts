/**
 * The configuration files of the private network's nodes: one validator with the first key of
 * neo-go's own private network, and nodes that follow it. The keys are printed in neo-go's
 * repository, so whatever lies on this network is anybody's: no address of it may ever be used on
 * another. A follower's protocol section equals the validator's but for the seeds. Files are
 * written as JSON, which is YAML; neo-go refuses a key it does not know.
 */

/** neo-go's `privnet`; wallets and tools know it as a network without value. */
export const DEVNET_MAGIC = 56_753;

/** The first of neo-go's private-network wallets; genesis money lies on its 1-of-1 multisig. */
export const VALIDATOR = {
  publicKey: '02b3622bf4017bdfe317c58aed5f4c753f206b7db896046fa7d774bbc4bf7f8dc2',
  wif: 'KxyjQ8eUa4FHt3Gvioyt1Wz29cTUrE4eTqX3yFSk1YFCsPL8uNsY',
  address: 'Nhfg3TbpwogLvDGVvAvqyThbsHgoSUKwtn',
  encryptedKey: '6PYM8VdX2BSm7BSXKzV4Fz6S3R9cDLLWNrD9nMjxW352jEv3fsC8N3wNLY',
  password: 'one',
  /** Base64: PUSHDATA1 key, SYSCALL System.Crypto.CheckSig. */
  verificationScript: 'DCECs2Ir9AF73+MXxYrtX0x1PyBrfbiWBG+n13S7xL9/jcJBVuezJw==',
} as const;

export interface NetworkSettings {
  readonly blockMs: number;
  /** The built-in Oracle and Notary, on the validator; their designation is part of genesis. */
  readonly services: boolean;
}

export interface NodeSettings extends NetworkSettings {
  readonly rpcPort: number;
  readonly p2pPort: number;
  /** Absent: the chain lives in memory and ends with the node. */
  readonly chainFolder: string | undefined;
  /** No sessions for iterators and no old state, as many public nodes are run. */
  readonly frugal?: boolean;
  readonly role: ValidatorRole | FollowerRole;
}

export interface ValidatorRole {
  readonly kind: 'validator';
  readonly walletFile: string;
}

export interface FollowerRole {
  readonly kind: 'follower';
  /** The P2P port of the node it follows. */
  readonly seedPort: number;
}

const LOOPBACK = '127.0.0.1';

/** A fresh follower takes 500 blocks each tick; with the default of 2 s it is behind for long. */
const TICK = '200ms';

export function nodeConfiguration(settings: NodeSettings): string {
  const { role, frugal = false } = settings;
  return JSON.stringify(
    {
      ProtocolConfiguration: protocolSection(settings),
      ApplicationConfiguration: {
        LogLevel: 'info',
        LogTimestamp: true,
        SkipBlockVerification: false,
        KeepOnlyLatestState: frugal,
        DBConfiguration: storageSection(settings),
        P2P: {
          Addresses: [`${LOOPBACK}:${settings.p2pPort}`],
          DialTimeout: '3s',
          ProtoTickInterval: TICK,
          PingInterval: '30s',
          PingTimeout: '90s',
          MaxPeers: 10,
          AttemptConnPeers: 5,
          // With 0 a follower never dials its seed; with 1 a lone validator never is in sync.
          MinPeers: role.kind === 'validator' ? 0 : 1,
        },
        Relay: true,
        RPC: {
          Enabled: true,
          Addresses: [`${LOOPBACK}:${settings.rpcPort}`],
          MaxGasInvoke: 15,
          EnableCORSWorkaround: false,
          SessionEnabled: !frugal,
          MempoolSubscriptionsEnabled: true,
        },
        Consensus: { Enabled: false },
        ...(role.kind === 'validator' ? validatorSections(role, settings) : {}),
      },
    },
    null,
    2,
  );
}

function protocolSection({ blockMs, services, role }: NodeSettings): object {
  const designated = [VALIDATOR.publicKey];
  return {
    Magic: DEVNET_MAGIC,
    MaxTraceableBlocks: 200_000,
    MaxValidUntilBlockIncrement: 5760,
    TimePerBlock: `${blockMs}ms`,
    Genesis: {
      // The one that counts: it goes into the policy contract. The other must equal it.
      TimePerBlock: `${blockMs}ms`,
      ...(services ? { Roles: { Oracle: designated, P2PNotary: designated } } : {}),
    },
    MemPoolSize: 50_000,
    StandbyCommittee: [VALIDATOR.publicKey],
    ValidatorsCount: 1,
    SeedList: role.kind === 'follower' ? [`${LOOPBACK}:${role.seedPort}`] : [],
    VerifyTransactions: true,
    P2PSigExtensions: services,
  };
}

function storageSection({ chainFolder }: NodeSettings): object {
  if (chainFolder === undefined) return { Type: 'inmemory' };
  return { Type: 'leveldb', LevelDBOptions: { DataDirectoryPath: chainFolder } };
}

function validatorSections({ walletFile }: ValidatorRole, { services }: NodeSettings): object {
  const UnlockWallet = { Path: walletFile, Password: VALIDATOR.password };
  const Consensus = { Enabled: true, UnlockWallet };
  if (!services) return { Consensus };
  return {
    Consensus,
    P2PNotary: { Enabled: true, UnlockWallet },
    Oracle: {
      Enabled: true,
      // The servers of tests stand on loopback.
      AllowPrivateHost: true,
      AllowedContentTypes: ['application/json'],
      RequestTimeout: '5s',
      // A response that the node failed to pool waits for this; the default is three minutes.
      RefreshInterval: '5s',
      MaxConcurrentRequests: 10,
      UnlockWallet,
    },
  };
}

/** The NEP-6 wallet the validator signs blocks with. */
export function validatorWallet(): string {
  const account = {
    address: VALIDATOR.address,
    key: VALIDATOR.encryptedKey,
    label: 'validator',
    contract: {
      script: VALIDATOR.verificationScript,
      parameters: [{ name: 'parameter0', type: 'Signature' }],
      deployed: false,
    },
    lock: false,
    isDefault: true,
  };
  const scrypt = { n: 16_384, r: 8, p: 8 };
  return JSON.stringify({ version: '1.0', accounts: [account], scrypt, extra: { Tokens: null } });
}
