/**
 * The properties again, each with its raised count: the test files register their tests here too.
 * Those of Neo's codecs are in neo.slow.ts, so that two cores share the work.
 */
import '../core/neo/rpc/health.test.ts';
import '../core/neo/rpc/quorum.test.ts';
import '../core/run-slots/slots-model.test.ts';
import '../sdk/keys.test.ts';
import './queue-model.test.ts';
import './signature-fields.test.ts';
