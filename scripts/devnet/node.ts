/**
 * One neo-go node: written configuration, start, readiness, stop. Ready means that it answers and,
 * for a validator, has made its first block; for a follower, that it stands where its seed stood
 * when asked. A node that ends before that is reported with the last of its log. Stopping is clean
 * (the store is flushed) and waits for the end of the process.
 */
import { type ChildProcess, fork } from 'node:child_process';
import { closeSync, mkdirSync, openSync, readFileSync, writeFileSync } from 'node:fs';
import { join } from 'node:path';
import { setTimeout as delay } from 'node:timers/promises';
import { fileURLToPath } from 'node:url';
import { type NodeSettings, nodeConfiguration, validatorWallet } from './config.ts';
import { isObject, openRpc, type Rpc } from './rpc.ts';
import { ensureNeoGo } from './toolchain.ts';

export interface NeoNode {
  readonly rpcUrl: string;
  readonly p2pPort: number;
  /** The node's own; the tests freeze a node by it. */
  readonly processId: number;
  readonly logFile: string;
  /** Ends it cleanly; a second call waits for the same end. */
  readonly stop: () => Promise<void>;
}

export interface NodeOptions {
  /** Configuration, wallet and log; made when absent. */
  readonly folder: string;
  readonly rpcPort: number;
  readonly p2pPort: number;
  readonly blockMs: number;
  readonly services: boolean;
  /** `disk`: under `folder`, and found again by the next start. */
  readonly storage: 'disk' | 'memory';
  /** See NodeSettings. */
  readonly frugal?: boolean;
  /** Absent: this is the validator. */
  readonly follows?: Pick<NeoNode, 'rpcUrl' | 'p2pPort'>;
}

const KEEPER = fileURLToPath(new URL('./keeper.ts', import.meta.url).href);
const READY_WITHIN_MS = 30_000;
const POLL_MS = 50;
const LOG_LINES_SHOWN = 15;

export async function startNode(options: NodeOptions): Promise<NeoNode> {
  const { program } = await ensureNeoGo();
  const configFile = writeFiles(options);
  const logFile = join(options.folder, 'node.log');
  // Of this run alone.
  const log = openSync(logFile, 'w');
  const keeper = fork(KEEPER, [program, 'node', '--config-file', configFile], {
    execArgv: [],
    stdio: ['ignore', log, log, 'ipc'],
  });
  closeSync(log);
  const ended = new Promise<void>((resolve) => keeper.once('exit', () => resolve()));
  const stop = (): Promise<void> => {
    keeper.kill('SIGTERM');
    return ended;
  };
  const node: Omit<NeoNode, 'processId'> = {
    rpcUrl: `http://127.0.0.1:${options.rpcPort}`,
    p2pPort: options.p2pPort,
    logFile,
    stop,
  };
  try {
    const processId = await processIdOf(keeper);
    await waitUntilReady(node.rpcUrl, { keeper, logFile, blocks: await blocksWanted(options) });
    await assertOwn(options, node);
    return { ...node, processId };
  } catch (error) {
    await stop();
    throw error;
  }
}

function writeFiles({ folder, follows, storage, ...rest }: NodeOptions): string {
  mkdirSync(folder, { recursive: true });
  const walletFile = join(folder, 'wallet.json');
  const settings: NodeSettings = {
    ...rest,
    chainFolder: storage === 'disk' ? join(folder, 'chain') : undefined,
    role:
      follows === undefined
        ? { kind: 'validator', walletFile }
        : { kind: 'follower', seedPort: follows.p2pPort },
  };
  if (follows === undefined) writeFileSync(walletFile, validatorWallet());
  const configFile = join(folder, 'config.yml');
  writeFileSync(configFile, nodeConfiguration(settings));
  return configFile;
}

function processIdOf(keeper: ChildProcess): Promise<number> {
  return new Promise((resolve, reject) => {
    keeper.once('message', (message) => {
      if (isObject(message)) resolve(Number(message.processId));
    });
    keeper.once('exit', (code) => reject(new Error(`neo-go did not start (${code})`)));
  });
}

/** Genesis and the first block, which a validator makes at once; or all that the seed has. */
async function blocksWanted({ follows }: NodeOptions): Promise<number> {
  return follows === undefined ? 2 : blockCount(openRpc(follows.rpcUrl));
}

interface Waiting {
  readonly keeper: ChildProcess;
  readonly logFile: string;
  readonly blocks: number;
}

async function waitUntilReady(rpcUrl: string, { keeper, logFile, blocks }: Waiting): Promise<void> {
  const rpc = openRpc(rpcUrl);
  const deadline = Date.now() + READY_WITHIN_MS;
  while ((await blockCount(rpc).catch(() => 0)) < blocks) {
    if (keeper.exitCode !== null) throw new Error(`the node ended early:\n${endOf(logFile)}`);
    if (Date.now() > deadline) throw new Error(`the node is not ready:\n${endOf(logFile)}`);
    await delay(POLL_MS);
  }
}

/** Whoever took the port in between may well be another node, and ready. */
async function assertOwn(
  { p2pPort }: NodeOptions,
  node: Omit<NeoNode, 'processId'>,
): Promise<void> {
  const version = await openRpc(node.rpcUrl).call('getversion');
  if (isObject(version) && version.tcpport === p2pPort) return;
  throw new Error(`another node answers at ${node.rpcUrl}:\n${endOf(node.logFile)}`);
}

/** The height and one. */
export async function blockCount(rpc: Rpc): Promise<number> {
  return Number(await rpc.call('getblockcount'));
}

function endOf(logFile: string): string {
  return readFileSync(logFile, 'utf8').trimEnd().split('\n').slice(-LOG_LINES_SHOWN).join('\n');
}
