import type { Api } from '../api.ts';
import type { CloseDocument, StartedClose } from '../documents.ts';
import type { Said, Session } from '../session.ts';
import { shellWord, words } from '../text.ts';
import { type Before, beforeOf, exitOf, isSettled } from './day-state.ts';
import { readDay, until } from './poll.ts';
import { showProgress } from './progress.ts';

type Options = { client: string; date: string; wait?: boolean };

/** How long the API may hold back its answer: short, so that the stage that is shown is the present one. */
const HELD_SECONDS = 2;

const showCommand = ({ client, date }: Options) =>
  `npx meshline close show --client ${shellWord(client)} --date ${shellWord(date)}`;

/** Between two attempts a day that heals itself is at no stage. */
const stageOf = ({ stage, status }: CloseDocument): string => {
  if (stage !== undefined) return words(stage);
  return status === 'running' ? 'will be run anew by itself' : words(status);
};

function stageLine({ client, date }: Options, day: CloseDocument | undefined, before: Before): string {
  const isNew = day && (day.attempt > before.attempt || day.stage !== undefined);
  if (!isNew) return `${client} ${date}: waiting for a worker to open the attempt`;
  return `${client} ${date}, attempt ${day.attempt}: ${stageOf(day)}`;
}

async function waitForDay(api: Api, options: Options, before: Before): Promise<CloseDocument> {
  const progress = showProgress();
  const path = { client: options.client, date: options.date };
  progress.say(`${options.client} ${options.date}: started`);
  try {
    const read = async () => {
      const day = await readDay(api, path, HELD_SECONDS);
      progress.say(stageLine(options, day, before));
      return day;
    };
    return (await until(read, (day) => isSettled(day, before))) as CloseDocument;
  } finally {
    progress.end();
  }
}

const startedText = (started: StartedClose, options: Options) =>
  `The close of ${started.client} ${started.businessDate} is started (${started.workflowId}).\n\nNext: see what becomes of it with \`${showCommand(options)}\`.`;

async function waitFor(session: Session, options: Options, before: Before): Promise<Said> {
  const day = await waitForDay(session, options, before);
  return {
    document: day,
    people: async () => (await import('../print/close.ts')).closeText(day),
    exit: exitOf([day]),
  };
}

/** Starts an attempt at a day, or joins the one that runs; with `wait` returns what became of it. */
export async function runClose(session: Session, options: Options): Promise<Said> {
  const path = { client: options.client, date: options.date };
  const before = beforeOf(options.wait ? await readDay(session, path) : undefined);
  const started = await session.ask((api) =>
    api.POST('/api/v1/clients/{client}/closes/{date}', { params: { path }, body: {} }),
  );
  if (!options.wait) return { document: started, people: () => startedText(started, options) };
  return waitFor(session, options, before);
}

/** Revises a published day, and returns what became of it. */
export async function reviseClose(
  session: Session,
  { reason, ...options }: Options & { reason: string },
): Promise<Said> {
  const path = { client: options.client, date: options.date };
  const before = beforeOf(await readDay(session, path));
  const sent = { params: { path }, body: { reason } };
  await session.ask((api) => api.POST('/api/v1/clients/{client}/closes/{date}/revise', sent));
  return waitFor(session, options, before);
}
