-- Pause, cancel and tune of a scan: by whom, why and when. Each such change raises control_version. A pace column that is
-- null means that the pace of the settings applies. (The column rate_ceiling exists since version 1.)
alter table scan add column control_version int default 0 not null;
alter table scan add column paused_by varchar(64);
alter table scan add column paused_why varchar(500);
alter table scan add column paused_at timestamp(3) with time zone;
alter table scan add column cancelled_by varchar(64);
alter table scan add column cancelled_why varchar(500);
alter table scan add column cancelled_at timestamp(3) with time zone;
alter table scan add column profile varchar(16);
alter table scan add column stall_budget_us bigint;
alter table scan add column share double precision;
alter table scan add column tuned_by varchar(64);
alter table scan add column tuned_why varchar(500);
alter table scan add column tuned_at timestamp(3) with time zone;

create index scan_by_time on scan (created_at desc, id desc);

-- scope is the id of a project, or * for all projects.
create table hold (
    scope varchar(32) primary key,
    held_by varchar(64) not null,
    held_why varchar(500),
    held_at timestamp(3) with time zone not null
);

-- A create request that is sent again is answered with the scan that the first request created.
create table idempotency_key (
    project_id varchar(32) not null references project (id) on delete cascade,
    idem_key varchar(128) not null,
    request varchar(64) not null,
    scan_id uuid not null references scan (id) on delete cascade,
    created_at timestamp(3) with time zone not null,
    primary key (project_id, idem_key)
);
create index idempotency_key_by_time on idempotency_key (created_at);
