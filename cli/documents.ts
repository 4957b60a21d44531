import type { Answered } from '../console/client/index.ts';

export type ClientList = Answered<'/api/v1/clients', 'get'>;
export type AppliedModel = Answered<'/api/v1/clients', 'post'>;
export type ClientDocument = Answered<'/api/v1/clients/{client}', 'get'>;

export type CloseDocument = Answered<'/api/v1/clients/{client}/closes/{date}', 'get'>;
export type QuarantinedRecord = CloseDocument['quarantined'][number];
export type CloseMetric = CloseDocument['metrics'][number];
export type CloseControl = CloseDocument['controls'][number];
export type CloseException = CloseDocument['exceptions'][number];
export type CloseHandoff = CloseDocument['handoffs'][number];
export type StartedClose = Answered<'/api/v1/clients/{client}/closes/{date}', 'post'>;
export type RevisionPreview = Answered<'/api/v1/clients/{client}/closes/{date}/revision-preview', 'post'>;
export type ScheduleList = Answered<'/api/v1/schedules', 'post'>;

export type SourceCheck = Answered<'/api/v1/clients/{client}/sources/check', 'get'>;
export type UploadedFile = Answered<'/api/v1/clients/{client}/sources/{source}/uploads', 'post'>;
export type PeriodDocument = Answered<'/api/v1/clients/{client}/periods/{month}', 'get'>;
export type NumberList = Answered<'/api/v1/clients/{client}/numbers', 'get'>;

export type Explanation = Answered<'/api/v1/clients/{client}/explanation', 'get'>;

export type ExceptionList = Answered<'/api/v1/exceptions', 'get'>;
export type ExceptionDocument = Answered<'/api/v1/exceptions/{id}', 'get'>;
export type TimelineEntry = ExceptionDocument['timeline'][number];

export type IncidentList = Answered<'/api/v1/incidents', 'get'>;
export type IncidentDocument = Answered<'/api/v1/incidents/{id}', 'get'>;

export type DeliveryList = Answered<'/api/v1/deliveries', 'get'>;
export type DeliveryDocument = Answered<'/api/v1/deliveries/{id}', 'get'>;

export type AuditDocument = Answered<'/api/v1/clients/{client}/audit', 'get'>;
export type Verification = Answered<'/api/v1/audit/verify', 'get'>;
export type CreatedToken = Answered<'/api/v1/tokens', 'post'>;
export type TokenList = Answered<'/api/v1/tokens', 'get'>;

export type PreviewDocument = Answered<'/api/v1/clients/preview', 'post'>;
