import { describe, expect, test } from 'vitest';
import { parseDevnetOptions } from '../../../scripts/devnet/options.ts';

const parse = (...args: readonly string[]) => parseDevnetOptions(args, '/project');

describe('the options of the private network', () => {
  test('are 1 s blocks, fixed ports and the platform when nothing is said', () => {
    expect(parse()).toEqual({
      fresh: false,
      follower: false,
      services: false,
      platform: true,
      blockMs: 1000,
      port: 8787,
      rpcPort: 20_331,
      stateFolder: '/project/.state/devnet',
    });
  });

  test('take free ports for the nodes with --rpc-port 0', () => {
    expect(parse('--rpc-port', '0')?.rpcPort).toBeUndefined();
  });

  test('are only the usage with --help', () => {
    expect(parse('--help')).toBeUndefined();
  });

  test.each([
    [['--block-ms', '0']],
    [['--block-ms', '1s']],
    [['--port', '65536']],
    [['--rpc-port', '65530']],
    [['--folower']],
    [['--state', '']],
    [['extra']],
  ])('are refused with a reason: %s', (args) => {
    expect(() => parse(...args)).toThrow(expect.objectContaining({ name: 'UserError' }));
  });
});
