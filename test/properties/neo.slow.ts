/** The properties of Neo's codecs again, each with its raised count; see raised-runs.slow.ts. */
import './neo-header.test.ts';
import './neo-keys.test.ts';
import './neo-message.test.ts';
import './neo-nef.test.ts';
import './neo-neon.test.ts';
import './neo-script.test.ts';
import './neo-stack.test.ts';
import './neo-transaction.test.ts';
