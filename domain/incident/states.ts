/** `open`: nobody has it yet; `resolved`: over, its summary is being written; `closed`: over, and told. */
export type IncidentState = 'open' | 'acknowledged' | 'resolved' | 'closed';

export const INCIDENT_VERBS = ['ack', 'update', 'resolve'] as const;
/** What people do: take it over, say how it stands, end it with a cause. */
export type IncidentVerb = (typeof INCIDENT_VERBS)[number];

/**
 * Everything that moves an incident. `alert`: nobody has acknowledged it, so it is told again; `raise`: it got worse;
 * `end`: what it is about has ended; `close`: the summary is stored and everyone is told.
 */
export type IncidentStep = IncidentVerb | 'alert' | 'raise' | 'end' | 'close';

/** The least role that may take a step; `meshline` is the system itself. */
type Doer = 'operator' | 'meshline';
type Moves = Readonly<Partial<Record<IncidentStep, IncidentState>>>;

/** Who may do what. */
export const DOERS: Readonly<Record<IncidentStep, Doer>> = {
  ack: 'operator',
  update: 'operator',
  resolve: 'operator',
  alert: 'meshline',
  raise: 'meshline',
  end: 'meshline',
  close: 'meshline',
};

/**
 * Which step leads where; what is not here cannot be done. An acknowledged incident that is acknowledged again changes
 * hands, and one that gets worse has to be acknowledged anew.
 */
export const MOVES: Readonly<Record<IncidentState, Moves>> = {
  open: { ack: 'acknowledged', update: 'open', resolve: 'resolved', alert: 'open', raise: 'open', end: 'resolved' },
  acknowledged: { ack: 'acknowledged', update: 'acknowledged', resolve: 'resolved', raise: 'open', end: 'resolved' },
  resolved: { close: 'closed' },
  closed: {},
};

/** Where a step leads from a state; undefined where it cannot be taken. */
export const after = (state: IncidentState, step: IncidentStep): IncidentState | undefined => MOVES[state][step];

/** Nothing more can be done about it by people. */
export const isOver = (state: IncidentState): boolean => state === 'resolved' || state === 'closed';

/** Why a person cannot do this in the present state, or null. Rights are not looked at here: the API has checked them. */
export const refusalOf = (state: IncidentState, verb: IncidentVerb): string | null =>
  after(state, verb) === undefined ? `The incident is ${state}; there is nothing to ${verb}.` : null;
