/**
 * Our contracts: compiled by the pinned compiler and deployed on the private network once. The
 * compiler gives the same bytes for the same sources everywhere, and a contract's hash follows from
 * deployer, NEF and name; so the hash is the same for everybody, and a contract that lies on a kept
 * chain already is recognized. What is compiled is kept in the user's cache under the hash of all
 * that went into it. A contract that holds GAS keeps in the tree the bytes that are deployed
 * everywhere, its artifacts, and those are what runs here.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import {
  existsSync,
  mkdirSync,
  readdirSync,
  readFileSync,
  renameSync,
  rmSync,
  writeFileSync,
} from 'node:fs';
import { basename, dirname, join } from 'node:path';
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { contractHashOf } from '../../worker/core/neo/contract-hash.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { ScriptBuilder } from '../../worker/core/neo/script-builder.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import type { StackArgument } from '../../worker/core/neo/stack-argument.ts';
import { UserError } from '../serve/user-error.ts';
import type { SigningAccount } from './accounts.ts';
import { isObject, type Rpc, RpcRefusal } from './rpc.ts';
import { cacheFolder, ensureNeoGo, goEnvironment } from './toolchain.ts';
import { execute } from './transactions.ts';

const CONTRACTS = join(dirname(dirname(import.meta.dirname)), 'contracts');
const CHECKSUM_BYTES = 4;
const UNKNOWN_CONTRACT = -102;

export interface CompiledContract {
  /** Its folder in `contracts/`. */
  readonly name: string;
  readonly nef: Buffer;
  readonly manifest: string;
}

/** Every folder of `contracts/` that has a `<folder>.yml` is one. */
export function contractNames(): readonly string[] {
  return readdirSync(CONTRACTS).filter((name) => existsSync(join(CONTRACTS, name, `${name}.yml`)));
}

/** What is deployed: the artifacts of a contract that keeps them, else what its sources give. */
export async function loadContract(name: string): Promise<CompiledContract> {
  return keepsArtifacts(name) ? readArtifacts(name) : compileContract(name);
}

export const keepsArtifacts = (name: string): boolean => existsSync(artifactsOf(name).folder);

export function readArtifacts(name: string): CompiledContract {
  const { nef, manifest } = artifactsOf(name);
  return { name, nef: readFileSync(nef), manifest: readFileSync(manifest, 'utf8') };
}

/** Answers the paths. */
export function writeArtifacts({ name, ...bytes }: CompiledContract): readonly string[] {
  const { nef, manifest } = artifactsOf(name);
  writeFileSync(nef, bytes.nef);
  writeFileSync(manifest, bytes.manifest);
  return [nef, manifest];
}

function artifactsOf(name: string) {
  const folder = join(CONTRACTS, name, 'artifacts');
  return {
    folder,
    nef: join(folder, `${name}.nef`),
    manifest: join(folder, `${name}.manifest.json`),
  };
}

/** Also of a folder further down, such as the contracts that tests meet another one with. */
export async function compileContract(name: string): Promise<CompiledContract> {
  const { program, version } = await ensureNeoGo();
  const cached = `${name.replaceAll('/', '-')}-${hashOfSources(name, version)}`;
  const folder = cacheFolder('contracts', cached);
  if (!existsSync(folder)) compileInto(folder, name, program);
  const nef = readFileSync(join(folder, 'contract.nef'));
  return { name, nef, manifest: readFileSync(join(folder, 'manifest.json'), 'utf8') };
}

function hashOfSources(name: string, version: string): string {
  const hash = createHash('sha256').update(version);
  const own = readdirSync(join(CONTRACTS, name)).filter(isSource).sort();
  for (const path of ['go.mod', 'go.sum', ...own.map((file) => join(name, file))]) {
    const bytes = readFileSync(join(CONTRACTS, path));
    hash.update(`\n${path} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, 12);
}

const isSource = (file: string): boolean => /\.(go|yml)$/.test(file) && !file.endsWith('_test.go');

/** Made beside its place and renamed: whoever finds the folder finds it whole. */
function compileInto(folder: string, name: string, program: string): void {
  const draft = `${folder}.${randomBytes(6).toString('hex')}`;
  mkdirSync(draft, { recursive: true });
  try {
    const outputs = ['-o', join(draft, 'contract.nef'), '-m', join(draft, 'manifest.json')];
    const args = ['contract', 'compile', '-i', '.', '-c', `${basename(name)}.yml`, ...outputs];
    const { status, stderr, error } = spawnSync(program, args, {
      cwd: join(CONTRACTS, name),
      env: goEnvironment(),
      encoding: 'utf8',
    });
    if (status !== 0) {
      throw new UserError(`contracts/${name} does not compile:\n${error?.message ?? stderr}`);
    }
    placeFolder(draft, folder);
  } finally {
    rmSync(draft, { recursive: true, force: true });
  }
}

function placeFolder(draft: string, folder: string): void {
  try {
    renameSync(draft, folder);
  } catch (error) {
    // Another process was faster; its bytes are the same.
    if (!existsSync(folder)) throw error;
  }
}

/** The hash it has, or will have, when `deployer` deploys it. */
export function hashOfContract(contract: CompiledContract, deployer: SigningAccount): ScriptHash {
  const manifest: unknown = JSON.parse(contract.manifest);
  if (!isObject(manifest)) throw new Error(`contracts/${contract.name}: a broken manifest`);
  return contractHashOf({
    sender: deployer.scriptHash,
    nefChecksum: contract.nef.readUInt32LE(contract.nef.length - CHECKSUM_BYTES),
    name: String(manifest.name),
  });
}

export interface Deployment {
  readonly contract: CompiledContract;
  readonly deployer: SigningAccount;
  /** For the contract's `_deploy`. */
  readonly terms?: StackArgument;
}

/** Nothing happens when it lies there already. */
export async function deployContract(
  rpc: Rpc,
  { contract, deployer, terms = { type: 'Any', value: null } }: Deployment,
): Promise<ScriptHash> {
  const hash = hashOfContract(contract, deployer);
  if (await isDeployed(rpc, hash)) return hash;
  const script = new ScriptBuilder().call({
    contract: NATIVE_CONTRACTS.ContractManagement.hash,
    method: 'deploy',
    args: [
      { type: 'ByteArray', value: contract.nef },
      { type: 'String', value: contract.manifest },
      terms,
    ],
    flags: CALL_FLAGS.All,
    result: 'kept',
  });
  await execute(rpc, deployer, script.toBytes());
  return hash;
}

async function isDeployed(rpc: Rpc, hash: ScriptHash): Promise<boolean> {
  try {
    await rpc.call('getcontractstate', [hash]);
    return true;
  } catch (error) {
    if (error instanceof RpcRefusal && error.code === UNKNOWN_CONTRACT) return false;
    throw error;
  }
}
