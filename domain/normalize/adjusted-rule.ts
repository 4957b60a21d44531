import type { EntryKind } from '../../schemas/operating-model/kinds.ts';
import type { Mapping, MappingCase } from '../../schemas/operating-model/mapping.ts';
import type { Adjustment } from './adjustment.ts';
import type { TransformRule } from './rule.ts';

type Part = Pick<MappingCase, 'is' | 'sign' | 'occurredAt'>;

/** Changes every case and every entry of a mapping. */
function mapParts(mapping: Mapping, change: <P extends Part>(part: P) => P): Mapping {
  const { cases, entries, ...whole } = mapping;
  return { ...whole, ...(cases && { cases: cases.map(change) }), ...(entries && { entries: entries.map(change) }) };
}

const timedIn = <T extends Partial<Part>>(part: T, zone: string): T =>
  part.occurredAt ? { ...part, occurredAt: { ...part.occurredAt, zone } } : part;

function inZone(rule: TransformRule, { zone, offsets }: Extract<Adjustment, { kind: 'read_in_zone' }>): TransformRule {
  const { offsets: _, ...others } = rule;
  const mapping = mapParts(timedIn(rule.mapping, zone), (part) => timedIn(part, zone));
  return { ...others, mapping, ...(offsets && { offsets }) };
}

function withSignTurned(rule: TransformRule, of: EntryKind): TransformRule {
  const turned = ({ sign }: Partial<Part>) => ((sign ?? rule.mapping.sign ?? 1) === 1 ? -1 : 1);
  return {
    ...rule,
    mapping: mapParts(rule.mapping, (part) => (part.is === of ? { ...part, sign: turned(part) } : part)),
  };
}

/** The rule with what its adjustments say of the mapping: the zone of its times, the sign of a kind of entry. */
export const adjustedRule = (rule: TransformRule): TransformRule =>
  (rule.adjustments ?? []).reduce((read, one) => {
    if (one.kind === 'read_in_zone') return inZone(read, one);
    return one.kind === 'turn_sign' ? withSignTurned(read, one.of) : read;
  }, rule);
