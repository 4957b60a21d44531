import type { IncidentNews } from '../../../domain/incident/news.ts';
import type { IncidentOutcome } from '../../../domain/incident/outcome.ts';

/** What a reader outside the team is told of an incident: of their own day alone, and nothing of how the team works. */
export interface OutsideView {
  incidentId: string;
  news: IncidentNews;
  /** The client's name. */
  client: string;
  businessDate: string;
  openedAt: string;
  /** Titles of the metrics that are withheld. */
  withheld: readonly string[];
  /** Of one that is over. */
  outcome: IncidentOutcome;
  /** Who reads this mail; instants are printed in this IANA zone. */
  recipient: { name: string; timezone: string };
}
