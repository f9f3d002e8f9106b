/** HTTP for the audit log: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';

const handleListEntries: Handle<typeof contract.listEntries> = ({ params, query }, context) =>
  service.listEntries(context, params.accountId, query);

const handleExportLog: Handle<typeof contract.exportLog> = ({ params, query }, context) => {
  const path = `/accounts/${params.accountId}/audit/export`;
  return service.exportLog(context, { journal: params.accountId, path }, query);
};

const handleListOperatorEntries: Handle<typeof contract.listOperatorEntries> = (
  { query },
  context,
) => service.listEntries(context, service.OPERATOR_JOURNAL, query);

const handleExportOperatorLog: Handle<typeof contract.exportOperatorLog> = ({ query }, context) => {
  const { path } = contract.exportOperatorLog;
  return service.exportLog(context, { journal: service.OPERATOR_JOURNAL, path }, query);
};

export const auditRoutes = [
  route(contract.listEntries, handleListEntries),
  route(contract.exportLog, handleExportLog),
  route(contract.listOperatorEntries, handleListOperatorEntries),
  route(contract.exportOperatorLog, handleExportOperatorLog),
];
