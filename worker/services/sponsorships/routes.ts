/** HTTP for sponsorships: valid input, service, declared output. */
import { type Handle, route } from '../../http/serve-operation.ts';
import * as contract from './contract.ts';
import { createSponsorship } from './create.ts';
import * as policies from './policies.ts';
import * as policyContract from './policy-operations.ts';
import * as reading from './reading.ts';
import { signSponsorship } from './sign.ts';
import * as sessions from './user-sessions.ts';

const handleCreateSponsorship: Handle<typeof contract.createSponsorship> = (
  { params, body },
  context,
) => createSponsorship(context, params.accountId, body);

const handleListSponsorships: Handle<typeof contract.listSponsorships> = (
  { params, query },
  context,
) => reading.listSponsorships(context, params.accountId, query);

const handleGetSponsorship: Handle<typeof contract.getSponsorship> = ({ params }, context) =>
  reading.getSponsorship(context, params);

const handleSignSponsorship: Handle<typeof contract.signSponsorship> = (
  { params, body },
  context,
) => signSponsorship(context, params, body);

const handleCreatePolicy: Handle<typeof policyContract.createPolicy> = (
  { params, body },
  context,
) => policies.createPolicy(context, params.accountId, body);

const handleListPolicies: Handle<typeof policyContract.listPolicies> = (
  { params, query },
  context,
) => policies.listPolicies(context, params.accountId, query);

const handleGetPolicy: Handle<typeof policyContract.getPolicy> = ({ params }, context) =>
  policies.getPolicy(context, params);

const handleSetPolicy: Handle<typeof policyContract.setPolicy> = ({ params, body }, context) =>
  policies.setPolicy(context, params, body);

const handleResumePolicy: Handle<typeof policyContract.resumePolicy> = ({ params }, context) =>
  policies.resumePolicy(context, params);

const handleDeletePolicy: Handle<typeof policyContract.deletePolicy> = ({ params }, context) =>
  policies.deletePolicy(context, params);

const handleCreateUserChallenge: Handle<typeof policyContract.createUserChallenge> = (
  { params, body },
  context,
) => sessions.createUserChallenge(context, params, body);

const handleCreateUserSession: Handle<typeof policyContract.createUserSession> = (
  { params, body },
  context,
) => sessions.createUserSession(context, params, body);

export const sponsorshipRoutes = [
  route(contract.createSponsorship, handleCreateSponsorship),
  route(contract.listSponsorships, handleListSponsorships),
  route(contract.getSponsorship, handleGetSponsorship),
  route(contract.signSponsorship, handleSignSponsorship),
  route(policyContract.createPolicy, handleCreatePolicy),
  route(policyContract.listPolicies, handleListPolicies),
  route(policyContract.getPolicy, handleGetPolicy),
  route(policyContract.setPolicy, handleSetPolicy),
  route(policyContract.resumePolicy, handleResumePolicy),
  route(policyContract.deletePolicy, handleDeletePolicy),
  route(policyContract.createUserChallenge, handleCreateUserChallenge),
  route(policyContract.createUserSession, handleCreateUserSession),
];
