import Type, { type Static } from 'typebox';
import { closed } from '../operating-model/parts.ts';
import { answer, clientId, instant, nullable, onBehalfOf } from './common.ts';

const role = Type.Enum(['viewer', 'operator', 'owner', 'admin'], {
  description: 'A viewer reads, an operator runs and decides, an owner applies models, an admin manages tokens.',
});
const clients = nullable(Type.Array(Type.String(), { description: 'Clients that it reaches; null is every one.' }));

export const tokenBody = closed(
  {
    person: Type.String({
      pattern: '^[^\\s@:][^:]{0,99}$',
      description: 'Whom the token belongs to: a person, or a named service.',
      expected: 'the name of a person or service, without a colon',
    }),
    role,
    clients: Type.Optional(
      Type.Array(clientId, {
        minItems: 1,
        uniqueItems: true,
        description: 'Clients that it reaches; every one unless named.',
      }),
    ),
    service: Type.Optional(
      Type.Boolean({ description: 'It belongs to a service: where two people are asked for, it counts for neither.' }),
    ),
    onBehalfOf,
  },
  { description: 'A token to make.' },
);

const described = {
  tokenId: Type.String(),
  person: Type.String(),
  role,
  clients,
  service: Type.Boolean({ description: 'Whether it belongs to a service.' }),
};
export const createdToken = answer({
  ...described,
  token: Type.String({ description: 'The secret. It is shown once.' }),
});
export const tokenList = answer({
  tokens: Type.Array(
    answer({ ...described, createdBy: Type.String(), createdAt: instant, revokedAt: nullable(instant) }),
  ),
});
export type TokenList = Static<typeof tokenList>;
export const tokenParams = closed(
  {
    id: Type.String({
      pattern: '^[A-Za-z0-9_-]{1,64}$',
      description: 'Id of the token.',
      expected: 'the id of a token',
    }),
  },
  { description: 'A token.' },
);
export const revokedToken = answer({ tokenId: Type.String(), revokedAt: instant });
