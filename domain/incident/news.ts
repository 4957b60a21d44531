/** Why somebody is told: it opened, nobody has acknowledged it, somebody has, or it is over. */
export type IncidentNews = 'opened' | 'alert' | 'acknowledged' | 'resolved';
