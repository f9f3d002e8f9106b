/**
 * The properties again, each with its raised count: the test files register their tests here too.
 * One file of all of them, since they are nothing but work for one core.
 */
import '../core/neo/rpc/health.test.ts';
import '../core/neo/rpc/quorum.test.ts';
import '../core/run-slots/slots-model.test.ts';
import '../sdk/keys.test.ts';
import './contract-parse.test.ts';
import './neo-header.test.ts';
import './neo-keys.test.ts';
import './neo-message.test.ts';
import './neo-nef.test.ts';
import './neo-neon.test.ts';
import './neo-script.test.ts';
import './neo-stack.test.ts';
import './neo-transaction.test.ts';
import './queue-model.test.ts';
