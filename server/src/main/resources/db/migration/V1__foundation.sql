-- A project owns instances. An access key acts for one project.
create table project (
    id varchar(32) primary key,
    name varchar(64) not null unique,
    created_at timestamp(3) with time zone not null
);

create table access_key (
    id varchar(20) primary key,
    project_id varchar(32) not null references project (id),
    secret varchar(512) not null,
    actions varchar(2000) not null,
    created_at timestamp(3) with time zone not null
);

create table instance (
    id uuid primary key,
    project_id varchar(32) not null references project (id),
    name varchar(64) not null,
    uri varchar(512) not null,
    username varchar(256),
    secret varchar(1024),
    flavour varchar(16),
    version varchar(32),
    used_memory bigint,
    max_memory bigint,
    problem varchar(1000),
    checked_at timestamp(3) with time zone,
    created_at timestamp(3) with time zone not null,
    unique (project_id, name)
);

-- active_instance_id equals instance_id while the scan waits or runs, and is null afterwards. The unique constraint on it
-- prevents a second active scan of an instance.
create table scan (
    id uuid primary key,
    instance_id uuid not null references instance (id) on delete cascade,
    active_instance_id uuid unique,
    scan_type varchar(8) not null,
    state varchar(8) not null,
    timeout_seconds bigint not null,
    rate_ceiling bigint,
    failure varchar(1000),
    created_at timestamp(3) with time zone not null,
    started_at timestamp(3) with time zone,
    finished_at timestamp(3) with time zone
);
create index scan_of_instance on scan (instance_id, created_at desc, id);

-- One sweep per primary. Every execution raises attempt, which is the fence: writes of an earlier attempt change nothing.
create table sweep (
    scan_id uuid not null references scan (id) on delete cascade,
    node_id varchar(300) not null,
    attempt int not null,
    finished boolean not null,
    failure varchar(1000),
    run_id varchar(64),
    visited bigint not null,
    reclaimed bigint not null,
    expired_keys bigint not null,
    exact boolean not null,
    alone boolean not null,
    steps_may_follow boolean not null,
    fraction double precision not null,
    longest_stall_us bigint not null,
    hold varchar(1000),
    method varchar(1000),
    used_memory_before bigint,
    used_memory_after bigint,
    primary key (scan_id, node_id)
);

-- The position of a sweep in one database. The order of the segments follows from the seed.
create table sweep_position (
    scan_id uuid not null,
    node_id varchar(300) not null,
    db int not null,
    segment_bits int not null,
    seed bigint not null,
    segments_done int not null,
    scan_cursor bigint,
    primary key (scan_id, node_id, db),
    foreign key (scan_id, node_id) references sweep (scan_id, node_id) on delete cascade
);

-- version is part of the id of the execution that starts the scans of this configuration. An execution of an older version
-- does nothing.
create table autoscan (
    instance_id uuid primary key references instance (id) on delete cascade,
    enabled boolean not null,
    first_scan_at timestamp(3) with time zone,
    interval_seconds bigint,
    timeout_seconds bigint,
    scan_keys_count int,
    version int not null,
    last_due timestamp(3) with time zone,
    updated_at timestamp(3) with time zone not null
);

-- The table of db-scheduler 16, as its documentation defines it. The type of binary data differs between the databases.
create table scheduled_tasks (
    task_name varchar(100) not null,
    task_instance varchar(400) not null,
    task_data ${binary_type},
    execution_time timestamp with time zone not null,
    picked boolean not null,
    picked_by varchar(100),
    last_success timestamp with time zone,
    last_failure timestamp with time zone,
    consecutive_failures int,
    last_heartbeat timestamp with time zone,
    version bigint not null,
    priority smallint,
    primary key (task_name, task_instance)
);
create index execution_time_idx on scheduled_tasks (execution_time);
create index last_heartbeat_idx on scheduled_tasks (last_heartbeat);
