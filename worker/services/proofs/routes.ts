/** HTTP for proofs: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import * as service from './service.ts';

const handleListProofs: Handle<typeof contract.listProofs> = ({ query }, context) =>
  service.listProofs(context, query);

const handleGetProof: Handle<typeof contract.getProof> = ({ params }, context) =>
  service.getProof(context, params);

const handleGetInclusion: Handle<typeof contract.getInclusion> = ({ params }, context) =>
  service.getInclusion(context, params);

const handleListCheckpoints: Handle<typeof contract.listCheckpoints> = ({ query }, context) =>
  service.listCheckpoints(context, query);

const handleCreateCheckpoint: Handle<typeof contract.createCheckpoint> = ({ body }, context) =>
  service.createCheckpoint(context, body.network);

export const proofRoutes = [
  route(contract.listProofs, handleListProofs),
  route(contract.getProof, handleGetProof),
  route(contract.getInclusion, handleGetInclusion),
  route(contract.listCheckpoints, handleListCheckpoints),
  route(contract.createCheckpoint, handleCreateCheckpoint),
];
