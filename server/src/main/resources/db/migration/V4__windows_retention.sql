-- A policy is a JSON document that is validated when it is set. A project sets the default, an instance the exception.
create table project_policy (
    project_id varchar(32) not null references project (id) on delete cascade,
    kind varchar(16) not null,
    document varchar(60000) not null,
    set_by varchar(20) not null,
    set_at timestamp(3) with time zone not null,
    primary key (project_id, kind)
);

create table instance_policy (
    instance_id uuid not null references instance (id) on delete cascade,
    kind varchar(16) not null,
    document varchar(60000) not null,
    set_by varchar(20) not null,
    set_at timestamp(3) with time zone not null,
    primary key (instance_id, kind)
);

-- The outcome of each start of an automatic scan. scan_id stays after the scan has been deleted.
create table autoscan_start (
    id uuid primary key,
    instance_id uuid not null references instance (id) on delete cascade,
    due_at timestamp(3) with time zone not null,
    decided_at timestamp(3) with time zone not null,
    cause varchar(16) not null,
    outcome varchar(16) not null,
    reason varchar(1000) not null,
    scan_id uuid
);
create index autoscan_start_of_instance on autoscan_start (instance_id, decided_at desc, id);
create index autoscan_start_decided on autoscan_start (decided_at);

-- The number of evicted keys of each primary at the last check of its memory. Evictions are counted from there, within one
-- server process (run_id).
create table memory_watch (
    instance_id uuid not null references instance (id) on delete cascade,
    node_id varchar(300) not null,
    run_id varchar(64) not null,
    evicted_keys bigint not null,
    seen_at timestamp(3) with time zone not null,
    primary key (instance_id, node_id)
);

-- How long a sweep was on hold, by reason, over all its attempts. held_since is set while the hold lasts.
create table sweep_hold (
    scan_id uuid not null,
    round int not null,
    node_id varchar(300) not null,
    reason varchar(200) not null,
    times int not null,
    held_ms bigint not null,
    held_since timestamp(3) with time zone,
    primary key (scan_id, round, node_id, reason),
    foreign key (scan_id, round, node_id) references sweep (scan_id, round, node_id) on delete cascade
);

-- Retention deletes by age.
create index scan_finished on scan (finished_at);
