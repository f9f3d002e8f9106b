/**
 * Bindings of the tests: development values of no worth, the same for the API Worker and the
 * bridge.
 */
import { NETWORKS } from './small-chain.ts';

const OPERATOR_TOKEN = 'operator-token-for-tests-0123456789abcdef';

export const testOperator = { name: 'test-operator', token: OPERATOR_TOKEN } as const;

export const testBindings = {
  ENVIRONMENT: 'development',
  LOG_LEVEL: process.env.TEST_LOG_LEVEL ?? 'silent',
  KEY_REQUESTS_PER_SECOND: '10000',
  ADDRESS_REQUESTS_PER_SECOND: '10000',
  SIGN_IN_ORIGINS: 'https://console.test',
  API_TOKENS: `${testOperator.name}:${OPERATOR_TOKEN}`,
  NEO_NETWORKS: JSON.stringify([NETWORKS.up]),
};

const testKeys = {
  SECRET_ENCRYPTION_KEY: `hex:${'5e'.repeat(32)}`,
  SIGNING_KEY: `hex:${'17'.repeat(32)}`,
};

/** Where the bridge is built for this run of the tests; two runs at once must not share it. */
export const BRIDGE_FOLDER = process.env.TEST_BRIDGE_FOLDER ?? 'build/bridge';

export const testBridge = {
  name: 'neo-service-layer-enclave-bridge',
  modules: true,
  scriptPath: `./${BRIDGE_FOLDER}/index.js`,
  compatibilityDate: '2026-11-01',
  bindings: { ENVIRONMENT: 'development', LOG_LEVEL: 'silent', ...testKeys },
};
