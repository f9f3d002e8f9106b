/**
 * Our contracts on the private network: compiled by the pinned compiler and deployed once. The
 * compiler gives the same bytes for the same sources everywhere, and a contract's hash follows from
 * deployer, NEF and name; so the hash is the same for everybody, and a contract that lies on a kept
 * chain already is recognized. What is compiled is kept in the user's cache under the hash of all
 * that went into it.
 */
import { spawnSync } from 'node:child_process';
import { createHash, randomBytes } from 'node:crypto';
import { existsSync, mkdirSync, readdirSync, readFileSync, renameSync, rmSync } from 'node:fs';
import { dirname, join } from 'node:path';
import { CALL_FLAGS } from '../../worker/core/neo/call-flags.ts';
import { contractHashOf } from '../../worker/core/neo/contract-hash.ts';
import { NATIVE_CONTRACTS } from '../../worker/core/neo/native-contracts.ts';
import { ScriptBuilder } from '../../worker/core/neo/script-builder.ts';
import type { ScriptHash } from '../../worker/core/neo/script-hash.ts';
import { UserError } from '../serve/user-error.ts';
import type { SigningAccount } from './accounts.ts';
import { isObject, type Rpc, RpcRefusal } from './rpc.ts';
import { cacheFolder, ensureNeoGo, goEnvironment } from './toolchain.ts';
import { execute } from './transactions.ts';

const CONTRACTS = join(dirname(dirname(import.meta.dirname)), 'contracts');
const CHECKSUM_BYTES = 4;
const UNKNOWN_CONTRACT = -102;

export interface CompiledContract {
  readonly name: string;
  readonly nef: Buffer;
  readonly manifest: string;
}

/** Every folder of `contracts/` that has a `<folder>.yml` is one. */
export function contractNames(): readonly string[] {
  return readdirSync(CONTRACTS).filter((name) => existsSync(join(CONTRACTS, name, `${name}.yml`)));
}

export async function compileContract(name: string): Promise<CompiledContract> {
  const { program, version } = await ensureNeoGo();
  const folder = cacheFolder('contracts', `${name}-${hashOfSources(name, version)}`);
  if (!existsSync(folder)) compileInto(folder, name, program);
  const nef = readFileSync(join(folder, 'contract.nef'));
  return { name, nef, manifest: readFileSync(join(folder, 'manifest.json'), 'utf8') };
}

function hashOfSources(name: string, version: string): string {
  const hash = createHash('sha256').update(version);
  const own = readdirSync(join(CONTRACTS, name)).sort();
  for (const path of ['go.mod', 'go.sum', ...own.map((file) => join(name, file))]) {
    const bytes = readFileSync(join(CONTRACTS, path));
    hash.update(`\n${path} ${bytes.length}\n`).update(bytes);
  }
  return hash.digest('hex').slice(0, 12);
}

/** Made beside its place and renamed: whoever finds the folder finds it whole. */
function compileInto(folder: string, name: string, program: string): void {
  const draft = `${folder}.${randomBytes(6).toString('hex')}`;
  mkdirSync(draft, { recursive: true });
  try {
    const outputs = ['-o', join(draft, 'contract.nef'), '-m', join(draft, 'manifest.json')];
    const args = ['contract', 'compile', '-i', '.', '-c', `${name}.yml`, ...outputs];
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

/** Nothing happens when it lies there already. */
export async function deployContract(
  rpc: Rpc,
  contract: CompiledContract,
  deployer: SigningAccount,
): Promise<ScriptHash> {
  const hash = hashOfContract(contract, deployer);
  if (await isDeployed(rpc, hash)) return hash;
  const script = new ScriptBuilder().call({
    contract: NATIVE_CONTRACTS.ContractManagement.hash,
    method: 'deploy',
    args: [
      { type: 'ByteArray', value: contract.nef },
      { type: 'String', value: contract.manifest },
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
