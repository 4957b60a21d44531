export const ROLES = ['viewer', 'operator', 'owner', 'admin'] as const;
export type Role = (typeof ROLES)[number];

/** What may be done, and the least role that may do it. A higher role may do all that a lower one may. */
export const RIGHTS = {
  read: 'viewer',
  'close.run': 'operator',
  'close.cancel': 'operator',
  // It publishes without a further decision.
  'close.revise': 'owner',
  'source.upload': 'operator',
  'total.send': 'operator',
  // Each verb names its own least role in the table of exceptions; none is below this one.
  'exception.decide': 'operator',
  'incident.handle': 'operator',
  'delivery.release': 'operator',
  'delivery.resend': 'operator',
  // A document names files to read, and messages about them quote them: who tries one may see what who applies one may.
  'model.preview': 'owner',
  'model.apply': 'owner',
  'schedule.set': 'owner',
  'period.close': 'owner',
  'token.manage': 'admin',
} as const satisfies Record<string, Role>;
export type Right = keyof typeof RIGHTS;

export const isRole = (text: string): text is Role => (ROLES as readonly string[]).includes(text);

export const isAtLeast = (role: Role, least: Role): boolean => ROLES.indexOf(role) >= ROLES.indexOf(least);
