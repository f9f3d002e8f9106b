/** HTTP for events: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';

const handleListEvents: Handle<typeof contract.listEvents> = ({ params, query }, context) =>
  service.listEvents(context, params.accountId, query);

export const eventRoutes = [route(contract.listEvents, handleListEvents)];
