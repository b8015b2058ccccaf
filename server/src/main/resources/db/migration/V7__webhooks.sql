-- The URLs that receive the notices of a project. events is a list separated by blanks. Secrets are encrypted. Until
-- old_until, notices are signed with old_secret as well.
create table webhook (
    id uuid primary key,
    project_id varchar(32) not null references project (id) on delete cascade,
    url varchar(2000) not null,
    events varchar(200) not null,
    held_seconds bigint not null,
    enabled boolean not null,
    disabled_why varchar(500),
    secret varchar(512) not null,
    old_secret varchar(512),
    old_until timestamp(3) with time zone,
    version int not null,
    created_by varchar(20) not null,
    created_at timestamp(3) with time zone not null
);
create index webhook_of_project on webhook (project_id, created_at, id);

-- The outbox: a notice is written in the transaction of the event that it reports. Each redelivery raises round, which is
-- part of the id of its execution.
create table webhook_delivery (
    id uuid primary key,
    webhook_id uuid not null references webhook (id) on delete cascade,
    type varchar(32) not null,
    body varchar(30000) not null,
    state varchar(16) not null,
    round int not null,
    attempts int not null,
    created_at timestamp(3) with time zone not null,
    next_at timestamp(3) with time zone,
    attempted_at timestamp(3) with time zone,
    status int,
    error varchar(500),
    finished_at timestamp(3) with time zone
);
create index webhook_delivery_of_webhook on webhook_delivery (webhook_id, created_at desc, id);
create index webhook_delivery_finished on webhook_delivery (finished_at);

-- Scans on hold, since the check that found them so, and the webhooks that were notified of that hold.
create table scan_held (
    scan_id uuid primary key references scan (id) on delete cascade,
    held_since timestamp(3) with time zone not null
);

create table webhook_held (
    webhook_id uuid not null references webhook (id) on delete cascade,
    scan_id uuid not null references scan_held (scan_id) on delete cascade,
    primary key (webhook_id, scan_id)
);

-- The last estimate of the backlog of each instance. document is JSON.
create table instance_estimate (
    instance_id uuid primary key references instance (id) on delete cascade,
    document varchar(1000000) not null,
    made_by varchar(20) not null,
    made_at timestamp(3) with time zone not null
);
