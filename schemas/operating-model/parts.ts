import Type, { type TObjectOptions, type TProperties, type TSchema, type TUnsafe } from 'typebox';

/** An object that knows all its keys: an unknown one is a mistake in the document, never ignored. */
export function closed<T extends TProperties>(properties: T, options: TObjectOptions & { description: string }) {
  return Type.Object(properties, { additionalProperties: false, ...options });
}

/** A map from names that the author chooses to values of one shape. */
export function named<T extends TSchema>(value: T, description: string) {
  return Type.Record(Type.String({ pattern: '^.+$' }), value, { description });
}

/** One of several objects, told apart by the value of one key, so that an error speaks of the right one only. */
export function oneOfTagged<T extends TSchema[]>(key: string, variants: [...T], description: string) {
  const schema = {
    type: 'object',
    discriminator: { propertyName: key },
    required: [key],
    oneOf: variants,
    description,
  };
  return Type.Unsafe<{ [I in keyof T]: Type.Static<T[I]> }[number]>(schema) as TUnsafe<Type.Static<T[number]>>;
}

export const id = (description: string) =>
  Type.String({
    pattern: '^[a-z0-9][a-z0-9_-]{0,62}$',
    description,
    expected: 'an id: lower-case letters, digits, - and _, at most 63 characters, starting with a letter or a digit',
  });

/** A person, or a role of the team such as `incidentOwner`. */
export const personOrRole = (description: string) =>
  Type.String({
    pattern: '^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$',
    description,
    expected: 'the id of a person, or a role of the team such as incidentOwner',
  });

export const text = (description: string) => Type.String({ minLength: 1, maxLength: 500, description });

/** A column of a CSV record or a path into an object (`customer.id`). */
export const field = (description: string) =>
  Type.String({ minLength: 1, maxLength: 200, description, expected: 'the name of a field, such as customer.id' });

export const decimal = (description: string) =>
  Type.String({ format: 'decimal', maxLength: 40, description, expected: 'a decimal in quotes, such as "0.01"' });

export const date = (description: string) =>
  Type.String({ format: 'date', description, expected: 'a date, such as 2026-03-31' });

export const dateRange = (description: string) =>
  Type.String({
    pattern: '^[0-9]{4}-[0-9]{2}-[0-9]{2}(/[0-9]{4}-[0-9]{2}-[0-9]{2})?$',
    description,
    expected: 'a date or a range with both ends included, such as 2026-12-24/2027-01-03',
  });

export const localTime = (description: string, silence?: string) =>
  Type.String({
    pattern: '^([01][0-9]|2[0-3]):[0-5][0-9]$',
    description,
    expected: 'a time of day in quotes, such as "04:30"',
    ...(silence === undefined ? {} : { default: silence }),
  });

/** Hours in which nobody is to be disturbed. */
export const quietHours = (description: string) =>
  closed(
    {
      from: localTime('From this time of day on.'),
      to: localTime('Until this time of day, of the next day where it is not later.'),
    },
    { description },
  );

/** @param silence what it is where nothing is said */
export const duration = (description: string, silence?: string) =>
  Type.String({
    minLength: 2,
    maxLength: 60,
    description,
    ...(silence === undefined ? {} : { default: silence }),
    expected: 'a duration, such as 4h or 2 working hours',
  });

export const timeZone = (description: string) =>
  Type.String({ minLength: 1, maxLength: 64, description, expected: 'an IANA time zone, such as Europe/London' });

export const currency = (description: string) =>
  Type.String({ pattern: '^[A-Z]{3}$', description, expected: 'an ISO 4217 code, such as GBP' });

/** A condition in CEL; its length is bounded because every record of a day may meet it. */
export const condition = (description: string) =>
  Type.String({ minLength: 1, maxLength: 2000, description, expected: 'a CEL expression' });

export const sign = (description: string) => Type.Enum([1, -1], { description });

export const weekday = Type.Enum(['monday', 'tuesday', 'wednesday', 'thursday', 'friday', 'saturday', 'sunday']);
export type Weekday = Type.Static<typeof weekday>;
