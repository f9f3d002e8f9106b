/** Operations of every form the transport distinguishes; the real table has more rows but no other forms. */
import type { OperationRow, Place } from '../../sdk/src/request.ts';

const row: OperationRow = {
  method: 'GET',
  path: '/things/{name}',
  params: ['name'],
  query: ['limit'],
  body: 'none',
  answer: 'json',
  idempotent: false,
  ifMatch: false,
};

export const read: Place = { id: 'things.getThing', row };
export const keyed: Place = {
  id: 'things.createThing',
  row: {
    ...row,
    method: 'POST',
    path: '/things',
    params: [],
    query: [],
    body: 'fields',
    idempotent: true,
  },
};
export const unkeyed: Place = {
  id: 'things.testThing',
  row: { ...keyed.row, idempotent: false },
};
export const signed: Place = {
  id: 'things.payThing',
  row: { ...keyed.row, path: '/things/pay', signed: true },
};
export const signedRemoval: Place = {
  id: 'things.endThing',
  row: { ...row, method: 'DELETE', answer: 'none', query: ['limit'], signed: true },
};
export const whole: Place = {
  id: 'things.putThing',
  row: { ...row, method: 'PUT', body: 'whole', ifMatch: true },
};
export const removal: Place = {
  id: 'things.deleteThing',
  row: { ...row, method: 'DELETE', answer: 'none' },
};
export const text: Place = { id: 'things.getText', row: { ...row, answer: 'text' } };
export const bytes: Place = { id: 'things.getBytes', row: { ...row, answer: 'bytes' } };
