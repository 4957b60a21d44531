import { type Judgement, judgeRelease, type Release, type ReleaseInput } from '../../domain/exception/maker-checker.ts';
import { verbRow } from '../../domain/exception/table.ts';
import { metricCatalog } from '../../domain/metrics/catalog.ts';
import { sourcesOf } from '../../domain/publish/streams.ts';
import type { Tx } from '../../infra/postgres/connect.ts';
import { standingProposal } from '../../infra/postgres/review/decisions.ts';
import { publishedBefore, transformMakers } from '../../infra/postgres/review/makers.ts';
import type { Governed } from './chain.ts';

/** The sources behind a finding: its own, and those that its metric reads. */
function sourcesBehind({ model, row }: Governed): ReadonlySet<string> {
  const read = row.metric === null ? [] : sourcesOf(model, metricCatalog(model), row.metric);
  return new Set([...read, ...(row.source_id === null ? [] : [row.source_id])]);
}

async function releaseOf(tx: Tx, one: Governed): Promise<Release> {
  const behind = sourcesBehind(one);
  return {
    differenceMicros: one.row.difference_micros,
    withheld: one.row.withheld,
    published: await publishedBefore(tx, one.row),
    makers: (await transformMakers(tx, one.row)).filter(({ source }) => behind.has(source)),
  };
}

/** Whether a verb holds as this person says it, needs a second person, or may not be said by this one. */
export async function judge(tx: Tx, one: Governed, input: ReleaseInput): Promise<Judgement> {
  const rule = one.rules.makerChecker;
  if (!rule || !verbRow(input.verb).releases) return { as: 'take' };
  return judgeRelease(rule, await releaseOf(tx, one), input, await standingProposal(tx, one.row));
}
