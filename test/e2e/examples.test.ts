/**
 * The examples as a reader meets them, against one platform that `npm start` serves: each program started literally,
 * each function deployed and executed over HTTP, with a real server where it asks the outside. Every execution is
 * replayed.
 */
import { type ChildProcess, execFile, spawn } from 'node:child_process';
import { mkdtempSync, readdirSync, rmSync } from 'node:fs';
import { createServer, type IncomingMessage, type Server } from 'node:http';
import { tmpdir } from 'node:os';
import { join } from 'node:path';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import {
  deployExample,
  type Example,
  type ExampleCase,
  listExamples,
  readExample,
} from '../../examples/functions/deploy-and-try.ts';
import { type Client, createClient } from '../../sdk/src/index.ts';
import { type ServedNode, serveNode } from '../support/serve-node.ts';
import { answerAsNode, NETWORKS } from '../support/small-chain.ts';

let state = '';
let platform: ChildProcess | undefined;
let closed: Promise<unknown> = Promise.resolve();
let address = '';
let token = '';
let outside: Server;
let origin = '';
let node: ServedNode | undefined;
const received: IncomingMessage[] = [];

const examples = await Promise.all((await listExamples()).map(readExample));

beforeAll(async () => {
  state = mkdtempSync(join(tmpdir(), 'examples-'));
  outside = createServer((request, response) => {
    received.push(request);
    const fixture = examples
      .flatMap(({ cases }) => cases.flatMap(({ fixtures }) => fixtures ?? []))
      .find(({ url }) => url === `https:/${request.url}`);
    response.writeHead(fixture?.status ?? (fixture ? 200 : 404), fixture?.headers);
    response.end(fixture?.body);
  });
  await new Promise<void>((resolve) => outside.listen(0, '127.0.0.1', resolve));
  const place = outside.address();
  origin = `http://127.0.0.1:${typeof place === 'object' ? place?.port : ''}`;
  node = await serveNode(answerAsNode);
  await startPlatform();
});

afterAll(async () => {
  platform?.kill('SIGINT');
  await closed;
  await node?.stop();
  await new Promise((resolve) => outside.close(resolve));
  rmSync(state, { recursive: true, force: true });
});

const networksAt = (url: string): string => JSON.stringify([{ ...NETWORKS.up, rpc: [url] }]);

async function startPlatform(): Promise<void> {
  const args = ['scripts/bootstrap.mjs', 'scripts/start.ts', '--port', '0', '--state', state];
  const child = spawn('node', [...args, '--memory'], {
    env: { ...process.env, EGRESS_ALLOW: origin, NEO_NETWORKS: networksAt(node?.url ?? '') },
    stdio: ['ignore', 'pipe', 'inherit'],
  });
  platform = child;
  closed = new Promise((resolve) => child.once('close', resolve));
  let output = '';
  await new Promise<void>((resolve, reject) => {
    child.once('close', (code) => reject(new Error(`the start ended with ${code}`)));
    child.stdout.setEncoding('utf8').on('data', (text: string) => {
      output += text;
      const found = /^ready (\S+)$[^]*^token (\S+)$/m.exec(output);
      [, address = '', token = ''] = found ?? [];
      if (found) resolve();
    });
  });
}

interface Program {
  readonly code: number;
  readonly out: string;
  readonly err: string;
}

function runProgram(file: string, env: Readonly<Record<string, string>> = {}): Promise<Program> {
  const surroundings = { SERVICE_LAYER_ADDR: address, SERVICE_LAYER_TOKEN: token, ...env };
  return new Promise((resolve) => {
    execFile(
      process.execPath,
      [file],
      { env: { ...process.env, ...surroundings } },
      (error, out, err) => resolve({ code: error === null ? 0 : Number(error.code), out, err }),
    );
  });
}

const operator = (): Client => createClient({ baseUrl: address, token });

async function openTenant() {
  const { id: accountId } = await operator().accounts.createAccount({ name: 'Test of functions' });
  const { key } = await operator().keys.createKey({ accountId, name: 'tests', role: 'admin' });
  return { client: createClient({ baseUrl: address, token: key }), accountId, key };
}

const PROGRAMS: Readonly<Record<string, readonly RegExp[]>> = {
  'accounts/open-and-limit.ts': [
    /^opened acc_/m,
    /on the plan team$/m,
    /^functions: 0 of 5$/m,
    /^deleted, purged after 20/m,
  ],
  'keys/narrow-and-rotate.ts': [
    /^refused: it may not read secrets$/m,
    /; the older one is expiring$/m,
    /^the new one is revoked$/m,
  ],
  'keys/sign-requests.ts': [
    /^key_\w{26} signs with \S{43}$/m,
    /^the account requires signatures$/m,
    /^refused without a signature: signature\.required$/m,
    /^signed: the wallet 0x\w{40} is added$/m,
    /^signatures are optional again$/m,
  ],
  'workspace-wallets/add-wallets.ts': [
    /^EVM wallet 0x5aAeb6053F3E94C9b9A09f33669435E7Ef1BeAed$/m,
    /^refused: the wallet is there already$/m,
    /^refused: a policy needs verified wallets$/m,
    /^wallets: evm \(unverified\), Treasury \(unverified\)$/m,
  ],
  'sign-in/open-a-session.ts': [
    /^wallet N\w{33} is verified$/m,
    /^127\.0\.0\.1:\d+ wants you to sign in with your Neo account:$/m,
    /^signed in as a session with \d+ scopes$/m,
    /^used twice: the session is ended, refresh_reused$/m,
  ],
  'functions/create-and-update.ts': [
    /^version 1: \{"text":"Hello, Neo"\}\nrefused: [^]*^version 2: \{"text":"Welcome, Neo"\}\nversion 1: /m,
  ],
  'functions/deploy-and-try.ts': [
    /^price-alert: /m,
    new RegExp(`^${examples.length} functions deployed and tried$`, 'm'),
  ],
  'executions/run-and-replay.ts': [
    /^succeeded: \{"winner":"(Ada|Grace|Edsger)",/m,
    /^replay equal: true$/m,
    /^batch: succeeded, succeeded, failed\n {2}TypeError: .+ \(line 2\)$/m,
  ],
  'audit/read-the-chain.ts': [
    /apiKey secrets\.deleteSecret API_TOKEN\n.+ apiKey secrets\.createSecret API_TOKEN$/m,
    /entries, each after the one before$/m,
  ],
  'events/follow-events.ts': [/^CloudEvents 1\.0: execution\.failed \d+ about exe_/m],
  'proofs/check-a-statement.ts': [/^0 checkpoints on neo3:private$/m, /^nothing is proven yet/m],
  'chain/follow-a-transfer.ts': [
    /^neo3:private: ready, height 7$/m,
    /^block 7 of 2026-\S+: 2 transactions$/m,
    /^0x[0-9a-f]{64} HALT\n {2}Transfer of 0xd2a4cff3\w+\n0x[0-9a-f]{64} FAULT: /m,
    /^N\w+ paid 11206300 datoshi\nand holds nothing$/m,
  ],
  'wallets/under-a-policy.ts': [
    /^N\w{33} on neo3:private, never exportable$/m,
    /^half a GAS: HALT, 9977780 \+ 12\d{5} datoshi$/m,
    /^the account cannot go yet: wallets\.still_active$/m,
    /^N\w{33} is retired$/m,
  ],
  'sponsorships/policy-and-refusals.ts': [
    /^the policy pays 0\.5 GAS for one transaction, 20 GAS a day$/m,
    /^a key for https:\/\/shop\.example\.com may sponsorships:create$/m,
    /^another contract: sponsorships\.call_not_allowed$/m,
    /^a user who signs for all: sponsorships\.user_scope_global$/m,
    /^without a policy: sponsorships\.policy_unknown$/m,
  ],
  'gasbank/bind-and-read.ts': [
    /^main on neo3:private keeps 0\.5 GAS, and lets 25 GAS leave a day$/m,
    /^hot is topped up with 2 GAS, 10 GAS a day at most$/m,
    /^no rule feeds itself: gasbank\.top_up_source$/m,
    /^nothing is put aside: gasbank\.insufficient_funds \(0 of 100000000 datoshi\)$/m,
    /^main had 0 GAS and has 0 GAS, after 0 entries$/m,
    /^sequence,at,kind,command,amount,change,/m,
    /^trading is closed$/m,
  ],
  'withdrawals/policy-and-refusals.ts': [
    /^above 10 GAS members approve; 100 a day$/m,
    /^1 destination was added, and is paid in a day$/m,
    /^too little: withdrawals\.amount_too_small \(10000000 datoshi at least\)$/m,
    /^too early: withdrawals\.destination_refused$/m,
    /^0 withdrawals were made$/m,
  ],
  'vaults/platform-wallets.ts': [
    /^deploy the vault of neo3:private with N\w{33} as its operator$/m,
    /^a sponsor has 20 GAS again when it has less than 5$/m,
    /^not every contract is a vault: vaults\.contract_unfit$/m,
    /^0 deposits wait to be assigned$/m,
    /^N\w{33} is retired\nN\w{33} is retired$/m,
  ],
  'metering/prices-and-credits.ts': [
    /^list 1: 0\.001 GAS a run, 0\.01 GAS for 10\^9 fuel$/m,
    /^nothing started: gasbank\.insufficient_funds \(1100000 datoshi are needed\)$/m,
    /^succeeded: \{"squared":144\} for \d+ fuel$/m,
    /^credits: 0\.001\d+ of 0\.5 are spent, 0\.498\d+ are left$/m,
    /^GAS would be paid by main on neo3:private$/m,
  ],
  'transactions/approve-and-send.ts': [
    /^proposed: it needs 1 of 1$/m,
    /^to be signed: 100000000 datoshi of GAS to NPTmAHDxo6Pkyic8Nvu3kwyXoYJCvcCB6i$/m,
    /^approved: sending$/m,
    /^attempt 1 is live, 0x[0-9a-f]{64}$/m,
    /^cancelled: sending, 2 attempts, one can come$/m,
  ],
  'contracts/typed-client.ts': [
    /^GasToken on neo3:private: NEP-17, NEP-27$/m,
    /^GAS, 8 decimals; N\w{33} holds \d+ of its smallest unit$/m,
    /^refused: \/args\/0\/type must be one of Hash160, Any \(null\)$/m,
    /^not sent: transactions\.approvers_missing$/m,
    /^0 contracts are registered$/m,
  ],
  'system/look-around.ts': [/^ready: .*bridge/m, /^you are operator /m, /^signing key /m],
};

describe('the programs', () => {
  it('are all tested', () => {
    const folder = join(import.meta.dirname, '../../examples');
    const programs = readdirSync(folder, { recursive: true, encoding: 'utf8' }).filter(
      (path) => /^[\w-]+\/[\w-]+\.ts$/.test(path) && !path.startsWith('secrets/'),
    );
    expect(programs.toSorted()).toEqual(Object.keys(PROGRAMS).toSorted());
  });

  it.each(Object.entries(PROGRAMS))('run: %s', async (file, lines) => {
    const { code, out, err } = await runProgram(`examples/${file}`);
    expect([code, err]).toEqual([0, '']);
    for (const line of lines) expect(out).toMatch(line);
  });

  it('run: secrets/rotate-due-secrets.ts', async () => {
    const { client, accountId, key } = await openTenant();
    const value = 'to-be-rotated-0123456789';
    await client.secrets.createSecret({ accountId, name: 'DUE', value, maxAgeDays: 1 });
    await client.secrets.createSecret({ accountId, name: 'FRESH', value, maxAgeDays: 90 });
    const env = { SERVICE_LAYER_TOKEN: key, ACCOUNT_ID: accountId };
    const { code, out } = await runProgram('examples/secrets/rotate-due-secrets.ts', env);
    expect([code, out]).toEqual([0, 'rotated 1: DUE\n']);
  });

  it('leave no account behind', async () => {
    const { items } = await operator().accounts.listAccounts({ name: 'example', status: 'active' });
    expect(items).toEqual([]);
  });

  it.each(Object.keys(PROGRAMS))('end with 1 and say why without a token: %s', async (file) => {
    const { code, out, err } = await runProgram(`examples/${file}`, { SERVICE_LAYER_TOKEN: '' });
    expect([code, out]).toEqual([1, '']);
    expect(err).toContain('SERVICE_LAYER_TOKEN');
  });

  it('end with 1 and the code when they are refused', async () => {
    const env = { SERVICE_LAYER_TOKEN: 'not-a-token-of-this-platform-0123456789' };
    const { code, err } = await runProgram('examples/system/look-around.ts', env);
    expect([code, err]).toEqual([1, expect.stringMatching(/^request\.unauthenticated: /)]);
  });
});

/** The example as it is, with the hosts it asks replaced by the server of this test. */
function pointedAtTheServer(example: Example): Example {
  const asked = (example.permissions.httpHosts ?? []).length > 0;
  return {
    ...example,
    source: example.source.replaceAll(/https:\/\/(?=\w+\.example\.com)/g, `${origin}/`),
    permissions: {
      ...example.permissions,
      httpHosts: asked ? [new URL(origin).host] : [],
    },
  };
}

async function deployed(example: Example) {
  const tenant = await openTenant();
  const functionId = await deployExample(tenant, pointedAtTheServer(example));
  const { client, accountId } = tenant;
  for (const [name, value] of Object.entries(example.secrets ?? {}))
    await client.secrets.createSecret({ accountId, name, value, grants: [functionId] });
  return { client, accountId, functionId };
}

type Deployed = Awaited<ReturnType<typeof deployed>>;

async function executeCase({ client, accountId, functionId }: Deployed, one: ExampleCase) {
  const { params } = one;
  const execution = await client.executions.executeFunction({ accountId, functionId, params });
  const actions = execution.actions.map(({ type, params: given }) => ({ type, params: given }));
  expect(actions).toEqual(one.actions ?? []);
  if (one.error === undefined) expect(execution.output).toEqual(one.output);
  else expect(execution).toMatchObject({ status: 'failed', error: { message: one.error } });
  if (one.error === undefined && actions.length === 0) expect(execution.status).toBe('succeeded');
  const key = { accountId, executionId: execution.id };
  expect(await client.executions.replayExecution(key)).toMatchObject({
    equal: true,
    problem: null,
  });
}

describe('the functions', () => {
  it.each(examples.map((example) => [example.name, example] as const))(
    'execute over HTTP with the outcome they state, and replay: %s',
    async (_, example) => {
      const place = await deployed(example);
      for (const one of example.cases) await executeCase(place, one);
    },
  );

  it('carry a secret to the host it is for', async () => {
    const example = await readExample('price-alert');
    const [one] = example.cases;
    if (one === undefined) throw new Error('there is no case');
    received.length = 0;
    await executeCase(await deployed(example), one);
    expect(received.map(({ headers }) => headers.authorization)).toEqual([
      `Bearer ${example.secrets?.PRICE_API_KEY}`,
    ]);
  });
});
