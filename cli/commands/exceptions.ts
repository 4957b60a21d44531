import { type Command, Option } from 'commander';
import { act, addCommand, addGroup, clientOption, type FinishWith, required } from '../command.ts';
import { decide, type Verb } from '../decide.ts';
import { type Edit, resubmit } from '../resubmit.ts';
import { parseEdit, parseId, parseMadeId, parseOnlyEvent } from '../values.ts';
import { onBehalfOption, reasonOption, versionOption } from './options.ts';

const STATES = [
  'open',
  'healing',
  'awaiting_decision',
  'awaiting_second',
  'overdue',
  'deciding',
  'resolved',
  'rejected',
] as const;

function addList(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'list',
    'Lists exceptions: what was found, who owns it, until when to decide. Those that have ended are listed where their state is asked for, and always with --json.',
    {
      example: 'npx meshline exceptions list --client corner-shop --state awaiting_decision',
    },
  )
    .addOption(clientOption())
    .addOption(
      new Option('--state <state>', 'only those in this state; `open` is each in which it has not ended').choices(
        STATES,
      ),
    );
  act<{ client?: string; state?: (typeof STATES)[number] }>(command, finish, async (session, { client, state }) => {
    const params = { query: { client, state } };
    const list = await session.ask((api) => api.GET('/api/v1/exceptions', { params }));
    return { document: list, people: async () => (await import('../print/exceptions.ts')).listText(list, state) };
  });
}

function addShow(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'show',
    'Shows an exception whole: the difference and what explains it, quarantined records, its history, and what can be done.',
    { example: 'npx meshline exceptions show 4f1c09aa7b2e5d81c3f6' },
  ).argument('<id>', 'id of the exception', parseMadeId);
  act(command, finish, async (session, _options, [id]) => {
    const params = { path: { id: id! } };
    const shown = await session.ask((api) => api.GET('/api/v1/exceptions/{id}', { params }));
    return { document: shown, people: async () => (await import('../print/exceptions.ts')).exceptionText(shown) };
  });
}

const DECIDE_EXITS = [
  '0  the decision is recorded, or the exception had resolved by itself',
  '1  refused: it changed since the version that you saw; its present state is printed',
  '2  wrong usage, such as no reason',
];

type VerbWords = {
  description: string;
  /** What is kept as the reason where none is given; without it a reason must be given. */
  reason?: string;
  more?: string;
  options?: readonly Option[];
  example?: string;
};

function addVerb(group: Command, finish: FinishWith, verb: Verb, words: VerbWords): void {
  const { description, example = ' --reason "checked with the shop"', options = [] } = words;
  const reason = reasonOption('why; kept in the audit trail');
  const name = verb.replace('_', '-');
  const command = addCommand(group, name, description, {
    example: `npx meshline exceptions ${name} 4f1c09aa7b2e5d81c3f6${example}`,
    exits: DECIDE_EXITS,
    more: words.more ?? 'The decision binds to the version of the exception that you name, by default the present one.',
  })
    .argument('<id>', 'id of the exception', parseMadeId)
    .addOption(words.reason === undefined ? required(reason) : reason.default(words.reason, words.reason));
  for (const option of options) command.addOption(option);
  command.addOption(onBehalfOption()).addOption(versionOption('version of the exception that you saw'));
  act<{ reason: string; as?: string; version?: number; to?: string; fix?: string }>(
    command,
    finish,
    (session, given, [id]) => decide(session, verb, id!, given),
  );
}

const TWO_PEOPLE =
  'Where the operating model asks for two people, the first one proposes and another one must decide the same; --as makes nobody another person.';

function addDecisions(group: Command, finish: FinishWith): void {
  addVerb(group, finish, 'approve', {
    description: 'Accepts the difference: the day is published over it, with the certificate qualified for good.',
    more: `Of a revision it accepts the change, which is published as the next version with the certificate that its controls give it; of a hand-off, that it is not delivered; in a locked month, that the difference is posted to the first open one. The decision binds to the version of the exception that you name, by default the present one. ${TWO_PEOPLE}`,
  });
  addVerb(group, finish, 'apply_fix', {
    description: 'Applies a suggested fix and closes the day with it; it does what its preview showed.',
    options: [required(new Option('--fix <fix>', 'id of the fix, as `exceptions show` names it').argParser(parseId))],
    example: ' --fix f1 --reason "the shop delivered the rest"',
    more: `A fix is for its day alone. It binds to the preview that was shown last: where a source has changed since, it is refused. ${TWO_PEOPLE}`,
  });
  addVerb(group, finish, 'reject', {
    description: 'Rejects the day: nothing of it is published until someone runs it anew.',
    more: 'Of a revision it rejects the change: the numbers are kept as they were published, and the day counts as closed until its inputs change again. Of a hand-off it rejects the delivery: it rests, undelivered, and the day stays what its numbers say.',
  });
  addVerb(group, finish, 'rerun', {
    description: 'Captures the sources again and closes the day on what they say then.',
    reason: 'run anew',
  });
}

function addCare(group: Command, finish: FinishWith): void {
  addVerb(group, finish, 'claim', {
    description: 'Says that you are on it: reminders and the deadline stand still for a while.',
    reason: 'on it',
    more: 'It holds for `acknowledgeFor` of the operating model, in your working hours; then everything goes on where it was. Others may still decide.',
    example: '',
  });
  addVerb(group, finish, 'reassign', {
    description: 'Gives the exception to another person, who is asked with a new deadline.',
    reason: 'reassigned',
    options: [
      required(new Option('--to <person>', 'person of the operating model who is to have it').argParser(parseId)),
    ],
    example: ' --to ben --reason "ben knows this shop"',
  });
  addVerb(group, finish, 'comment', {
    description: 'Adds a comment to the history of the exception; nothing else changes.',
    more: 'The reason is the comment. It is kept in any state, also when the exception is over.',
    example: ' --reason "the shop looks into it until noon"',
  });
}

const gather = (text: string, before: readonly Edit[] = []): Edit[] => [...before, parseEdit(text, before)];

function addResubmit(group: Command, finish: FinishWith): void {
  const command = addCommand(
    group,
    'resubmit',
    'Edits a record and tries the day with it: it prints what would change, and the fix to apply. Nothing is changed by it.',
    {
      example: 'npx meshline exceptions resubmit 4f1c09aa7b2e5d81c3f6 --record 268435457 --set Quantity=12',
      more: 'What a source gave is kept for good: an edit is laid over it, for this day, when the fix is applied. `exceptions show` names the records in quarantine.',
    },
  )
    .argument('<id>', 'id of the exception', parseMadeId)
    .addOption(
      required(new Option('--record <event>', 'the record, as `exceptions show` names it').argParser(parseOnlyEvent)),
    )
    .addOption(
      required(
        new Option(
          '--set <field=value>',
          'what a field is to hold; JSON where it is JSON, else text. May be repeated',
        ).argParser(gather),
      ),
    );
  act<{ record: string; set: readonly Edit[] }>(command, finish, (session, options, [id]) =>
    resubmit(session, id!, options),
  );
}

export function addExceptionCommands(program: Command, finish: FinishWith): void {
  const group = addGroup(program, 'exceptions', 'See what waits for a person, and decide.');
  addList(group, finish);
  addShow(group, finish);
  addDecisions(group, finish);
  addResubmit(group, finish);
  addCare(group, finish);
}
