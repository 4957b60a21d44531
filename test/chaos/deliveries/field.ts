import { openGround } from '../ground.ts';
import { startReceivers } from './receivers.ts';
import { type Field, openDay, type Round, runRound, SECRET } from './round.ts';

/** A whole installation, three systems that get its reports, and a day to report. */
export async function openField(): Promise<Field & { dispose(): Promise<void> }> {
  const [receivers, shop] = await Promise.all([startReceivers(), openDay()]);
  const putAway = () => Promise.all([receivers.close(), shop.remove()]);
  try {
    const ground = await openGround(SECRET);
    return {
      ...{ ground, receivers, shop },
      async dispose() {
        await ground.dispose();
        await putAway();
      },
    };
  } catch (error) {
    await putAway();
    throw error;
  }
}

/** Kills the worker so many times, one after the other, each on a client of its own. */
export async function runRounds(
  field: Field,
  rounds: number,
  tell: (round: Round) => void = () => undefined,
): Promise<Round[]> {
  const ran: Round[] = [];
  for (let number = 1; number <= rounds; number += 1) {
    const round = await runRound(field, number);
    tell(round);
    ran.push(round);
  }
  return ran;
}
