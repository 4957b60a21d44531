import { parseDuration } from '../../domain/duration.ts';
import { didWords } from '../../domain/exception/decision.ts';
import { personName } from '../../domain/people.ts';
import { rerunTermsOf } from '../../domain/publish/governance.ts';
import type { ExceptionView, HealingView, QuestionKind } from '../../infra/mail/report/exception-view.ts';
import { renderDigest, renderHealingDigest } from '../../infra/mail/report/render-digest.ts';
import {
  renderDeadlinePassed,
  renderExceptionEnded,
  renderExceptionOpened,
  renderHealing,
} from '../../infra/mail/report/render-exception.ts';
import type { RenderedMail } from '../../infra/mail/report/view.ts';
import type { Db } from '../../infra/postgres/connect.ts';
import { resolutionOf } from '../../infra/postgres/read/exceptions.ts';
import { lastDecision, standingProposal } from '../../infra/postgres/review/decisions.ts';
import { ownerOf } from './chain.ts';
import { exceptionView, personOf } from './exception-view.ts';
import type { Told } from './notices.ts';

/** Why it comes to this person, where that is not plain. */
async function noteOf(db: Db, told: Told): Promise<string | undefined> {
  const owner = personName(told.model, ownerOf(told));
  switch (told.notice.kind) {
    case 'handed_over':
      return `${owner} is away now; it is with you.`;
    case 'deputy':
      return `${owner} has not decided yet; as the deputy you have it now.`;
    case 'second': {
      const proposal = await standingProposal(db, told.row);
      return proposal && `${didWords(proposal)} It takes effect when another person agrees: decide the same.`;
    }
    case 'asked':
      return told.notice.person === ownerOf(told) ? undefined : `${owner} is away; it is with you.`;
    default:
      return undefined;
  }
}

async function viewOf(db: Db, told: Told): Promise<ExceptionView> {
  const { model, row, notice } = told;
  const view = await exceptionView(db, model, row, personOf(model, notice.person), row.deadline ?? notice.due_at);
  const note = await noteOf(db, told);
  return { ...view, owner: personName(told.model, ownerOf(told)), ...(note !== undefined && { note }) };
}

/** What the system does by itself: as often as was granted when it was found, counted from then. */
async function healingViewOf(db: Db, told: Told): Promise<HealingView> {
  const { row, rules } = told;
  const attempts = row.maximum_reruns;
  const lastAt = new Date(row.healing_since.getTime() + attempts * parseDuration(rules.rerun.delay).ms).toISOString();
  return { ...(await viewOf(db, told)), rerun: { attempts, from: rerunTermsOf(rules.rerun).from, lastAt } };
}

/** How it ended: by whose word, or because its cause was found no more. */
async function outcomeOf(db: Db, { row }: Told): Promise<string> {
  const last = await lastDecision(db, row.exception_id);
  const resolution = await resolutionOf(db, row.exception_id);
  if (last && resolution !== 'no longer found') return didWords(last);
  return `Attempt ${row.last_attempt} no longer finds it.`;
}

async function renderOne(db: Db, told: Told): Promise<RenderedMail> {
  if (told.notice.kind === 'healing') return renderHealing(await healingViewOf(db, told));
  const view = await viewOf(db, told);
  switch (told.notice.kind) {
    case 'overdue':
      return renderDeadlinePassed({ ...view, incident: null });
    case 'ended':
      return renderExceptionEnded({
        ...view,
        state: told.row.state === 'rejected' ? 'rejected' : 'resolved',
        outcome: await outcomeOf(db, told),
      });
    default:
      return renderExceptionOpened(view, told.notice.kind satisfies QuestionKind);
  }
}

async function viewsOf<V>(told: readonly Told[], view: (one: Told) => Promise<V>): Promise<V[]> {
  const views: V[] = [];
  for (const one of told) views.push(await view(one));
  return views;
}

/** The mail that carries these notices to one person; several of them are all questions, or ask nothing yet. */
export async function renderNotices(db: Db, told: readonly Told[]): Promise<RenderedMail> {
  if (told.length === 1) return renderOne(db, told[0]!);
  return told[0]!.notice.kind === 'healing'
    ? renderHealingDigest(await viewsOf(told, (one) => healingViewOf(db, one)))
    : renderDigest(await viewsOf(told, (one) => viewOf(db, one)));
}
