-- What people have asked of a scan. control_version is raised by each such change; the pace is the scan's own where it is
-- not null, else that of the settings (rate_ceiling was there before).
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

-- scope is a project's id, or * for all projects.
create table hold (
    scope varchar(32) primary key,
    held_by varchar(64) not null,
    held_why varchar(500),
    held_at timestamp(3) with time zone not null
);

-- A create that is sent again is answered with the scan that it made the first time.
create table idempotency_key (
    project_id varchar(32) not null references project (id) on delete cascade,
    idem_key varchar(128) not null,
    request varchar(64) not null,
    scan_id uuid not null references scan (id) on delete cascade,
    created_at timestamp(3) with time zone not null,
    primary key (project_id, idem_key)
);
create index idempotency_key_by_time on idempotency_key (created_at);
