import type { IncidentNews } from '../../../domain/incident/news.ts';
import type { IncidentSummary } from '../../../domain/incident/summary.ts';

/** What people of the team are told of an incident. Amounts are exact decimal strings, instants ISO 8601. */
export interface IncidentView {
  incidentId: string;
  news: IncidentNews;
  severity: 'minor' | 'major' | 'critical';
  title: string;
  /** null for one that spans clients. */
  client: { id: string; name: string } | null;
  businessDate: string | null;
  owner: string;
  openedAt: string;
  /** The number of this alert; the first is 1. */
  alert: number;
  exceptions: {
    id: string;
    client: string;
    businessDate: string;
    message: string;
    difference: string | null;
    withheld: readonly string[];
  }[];
  timeline: { at: string; actor: string; event: string }[];
  /** Once it is over. */
  summary: IncidentSummary | null;
  /** Who reads this mail; instants are printed in this IANA zone. */
  recipient: { name: string; timezone: string };
}
