/**
 * The template of `slctl functions init`: its functions are the set that users of the earlier platform know, with the
 * counts of actions that platform had for them. Each runs as its file is sent.
 */
import { execFile } from 'node:child_process';
import { mkdtemp, readdir, readFile, rm } from 'node:fs/promises';
import { tmpdir } from 'node:os';
import { basename, extname, join } from 'node:path';
import { promisify } from 'node:util';
import { afterAll, beforeAll, describe, expect, it } from 'vitest';
import { bundleFunction } from '../../../cli/src/functions/bundle.ts';
import { initProject } from '../../../cli/src/functions/project.ts';
import { compile } from '../../../worker/core/functions-runtime/compile.ts';
import type { JsonValue } from '../../../worker/core/functions-runtime/json-text.ts';
import { run, runAndReplay } from '../functions-runtime/harness.ts';
import { runtime } from '../functions-runtime/node-runtime.ts';

const FOLDER = join(import.meta.dirname, '../../../examples/functions/devpack');

const EXPRESSIONS = {
  'js/automation_guardrail.js': ['automation.schedule', 'triggers.register'],
  'js/gasbank_topup.js': ['gasbank.ensureAccount', 'gasbank.withdraw'],
  'js/oracle_followup.js': ['oracle.createRequest', 'automation.schedule'],
  'js/oracle_price_update.js': ['oracle.createRequest'],
  'js/trigger_webhook_forward.js': ['triggers.register'],
  'js/gasbank_workflow.js': [
    'gasbank.ensureAccount',
    'gasbank.balance',
    'gasbank.listTransactions',
    'gasbank.withdraw',
  ],
};
const MODULES = {
  'js/pricefeed_snapshot.js': ['pricefeed.recordSnapshot'],
  'js/random_generate.js': ['random.generate'],
  'js/datafeed_update.js': ['datafeeds.submitUpdate'],
  'js/datastream_publish.js': ['datastreams.publishFrame'],
  'js/datalink_delivery.js': ['datalink.createDelivery'],
  'js/data_pipeline.js': [
    'datafeeds.submitUpdate',
    'datastreams.publishFrame',
    'datalink.createDelivery',
  ],
  'src/function.ts': ['gasbank.ensureAccount', 'oracle.createRequest'],
  'src/pricefeed.ts': ['pricefeed.recordSnapshot'],
  'src/random.ts': ['random.generate'],
};

const SECRETS = [{ name: 'webhookToken', value: 'canary-of-the-webhook', versionId: 's@1' }];

const nameOf = (file: string): string => basename(file, extname(file));

async function paramsOf(file: string): Promise<JsonValue> {
  const text = await readFile(join(FOLDER, `params/${nameOf(file)}.json`), 'utf8');
  // A file of this project.
  return JSON.parse(text) as JsonValue;
}

async function runFile(file: string, sourceOf = (source: string) => source) {
  const { source } = await bundleFunction(join(FOLDER, file));
  const options = { params: await paramsOf(file), secrets: SECRETS };
  return runAndReplay(runtime, sourceOf(source), options);
}

describe('the Devpack functions', () => {
  it('are all of the folder, each with its params', async () => {
    const files = [...Object.keys(EXPRESSIONS), ...Object.keys(MODULES)].toSorted();
    const found = await Promise.all(
      ['js', 'src'].map(async (part) =>
        (await readdir(join(FOLDER, part))).map((name) => `${part}/${name}`),
      ),
    );
    expect(found.flat().toSorted()).toEqual(files);
    const params = await readdir(join(FOLDER, 'params'));
    expect(params.toSorted()).toEqual(files.map((file) => `${nameOf(file)}.json`).toSorted());
  });

  it.each(Object.entries({ ...EXPRESSIONS, ...MODULES }))('run: %s', async (file, types) => {
    const { first, again } = await runFile(file);
    expect(first).toMatchObject({ status: 'succeeded' });
    expect(first.actions.map(({ type }) => type)).toEqual(types);
    expect(again).toMatchObject({ ok: true, value: { fuelUsed: first.fuelUsed } });
    const output = first.status === 'succeeded' ? JSON.stringify(first.output) : '';
    for (const { id } of first.actions) expect(output).toContain(`"id":"${id}"`);
  });

  // A formatter adds the semicolon that the earlier platform refused.
  it.each(Object.keys(EXPRESSIONS))('run without a trailing semicolon: %s', async (file) => {
    const { first } = await runFile(file, (source) => source.replace(/;\s*$/, ''));
    expect(first).toMatchObject({ status: 'succeeded' });
  });

  it.each(Object.keys(MODULES))('are modules: %s', async (file) => {
    const { source } = await bundleFunction(join(FOLDER, file));
    expect(compile(runtime, source)).toMatchObject({
      ok: true,
      value: { entryForm: { kind: 'module' } },
    });
  });

  it.each([
    'js/gasbank_topup.js',
    'js/automation_guardrail.js',
    'js/oracle_followup.js',
    'js/oracle_price_update.js',
    'js/trigger_webhook_forward.js',
    'js/pricefeed_snapshot.js',
    'src/function.ts',
    'src/pricefeed.ts',
  ])('do nothing when a required param is missing: %s', async (file) => {
    const { source } = await bundleFunction(join(FOLDER, file));
    const result = await run(runtime, source, { params: {} });
    expect(result).toMatchObject({ status: 'succeeded', output: { success: false }, actions: [] });
  });

  it('leave out a scheduleAt that is null, and keep one that is given', async () => {
    const { source } = await bundleFunction(join(FOLDER, 'js/gasbank_workflow.js'));
    const scheduleAt = '2030-01-01T00:00:00Z';
    const at = async (params: JsonValue) => (await run(runtime, source, { params })).actions[3];
    expect((await at({ wallet: 'w', amount: 1 }))?.params).toEqual({
      wallet: 'w',
      amount: 1,
      to: 'w',
    });
    expect((await at({ wallet: 'w', scheduleAt }))?.params).toMatchObject({ scheduleAt });
  });

  it('put the webhook token into the action alone', async () => {
    const { first } = await runFile('js/trigger_webhook_forward.js');
    expect(first.actions[0]?.params).toMatchObject({ config: { token: 'canary-of-the-webhook' } });
    const { actions: _, ...rest } = first;
    expect(JSON.stringify(rest)).not.toContain('canary-of-the-webhook');
  });
});

describe('the project of slctl functions init', () => {
  let parent = '';
  beforeAll(async () => {
    parent = await mkdtemp(join(tmpdir(), 'project-'));
  });
  afterAll(() => rm(parent, { recursive: true }));

  it('type-checks with nothing to install, and its files run', async () => {
    const folder = join(parent, 'mine');
    expect(await initProject(folder)).toEqual([
      'README.md',
      'devpack',
      'js',
      'package.json',
      'params',
      'src',
      'tsconfig.json',
    ]);
    const { stdout } = await promisify(execFile)('node_modules/.bin/tsc', ['-p', folder]);
    expect(stdout).toBe('');
    const { source, bundled } = await bundleFunction(join(folder, 'src/function.ts'));
    expect(bundled).toBe(true);
    expect(source).toContain('"@service-layer/devpack"');
    const result = await run(runtime, source, {
      params: { wallet: 'w', oracleSourceId: 'src_1' },
    });
    expect(result).toMatchObject({ status: 'succeeded', output: { success: true } });
  });
});
