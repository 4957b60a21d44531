import { fieldText, type Row } from '../fields.ts';

const TEST_FIELD = /^(?:is_?)?test(?:_?(?:mode|order))?$/i;
const YES = new Set(['true', 'yes', 'y', '1']);
const MAIL_FIELD = /^(?:customer_?)?e_?mail$/i;
const TEST_MAIL = ['@example.com', '@example.org', '@example.net'];
const GATEWAY_FIELD = /^(?:payment_?)?gateway$/i;
const TEST_GATEWAYS = new Set(['bogus', 'test']);
const ORDER_FIELD = /^(?:order|name|order_?(?:no|number|name))$/i;
const IDENTIFIER = /^[A-Za-z_][A-Za-z0-9_]*$/;

/** `has(row.x) && …`: a record that lacks the field is not meant. */
const given = (field: string, condition: string): string => `has(row.${field}) && ${condition}`;

function markOf(field: string, value: unknown): string | null {
  const text = fieldText(value);
  if (text === null) return null;
  const lower = text.toLowerCase();
  if (TEST_FIELD.test(field) && YES.has(lower))
    return given(field, `row.${field} == ${typeof value === 'string' ? JSON.stringify(text) : text}`);
  const domain = MAIL_FIELD.test(field) ? TEST_MAIL.find((one) => lower.endsWith(one)) : undefined;
  if (domain) return given(field, `row.${field}.lowerAscii().endsWith("${domain}")`);
  if (GATEWAY_FIELD.test(field) && TEST_GATEWAYS.has(lower))
    return given(field, `row.${field} == ${JSON.stringify(text)}`);
  return ORDER_FIELD.test(field) && lower.startsWith('test')
    ? given(field, `row.${field}.lowerAscii().startsWith("test")`)
    : null;
}

/** The ways in which shops mark an order that is none, as conditions over `row` that hold for this record. */
export function testMarks(row: Row): string[] {
  return Object.entries(row).flatMap(([field, value]) => (IDENTIFIER.test(field) ? (markOf(field, value) ?? []) : []));
}
