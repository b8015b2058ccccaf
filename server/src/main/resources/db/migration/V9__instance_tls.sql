-- TLS of an instance, as PEM: trusted certificates, client certificate and its private key (encrypted). Every change of the
-- settings of an instance raises revision.
alter table instance add column tls_ca varchar(60000);
alter table instance add column tls_certificate varchar(60000);
alter table instance add column tls_secret varchar(24000);
alter table instance add column revision int default 1 not null;
alter table instance add column updated_at timestamp(3) with time zone;

-- Every create request may be sent again, not only that of a scan. kind is the kind of thing that it made.
alter table idempotency_key add column kind varchar(16) default 'scan' not null;
alter table idempotency_key add column made uuid;
update idempotency_key set made = scan_id;
alter table idempotency_key alter column made set not null;
alter table idempotency_key drop column scan_id;
