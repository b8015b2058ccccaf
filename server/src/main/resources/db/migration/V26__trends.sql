-- What scans and estimates have measured, as a history of each instance. A row describes a moment (minutes is 0) or sums up
-- an hour (60) or a day (1440), which begins at measured_at. Values that nothing has measured are null.
create table instance_trend (
    id uuid primary key,
    instance_id uuid not null references instance (id) on delete cascade,
    measured_at timestamp(3) with time zone not null,
    minutes int not null,
    scans int not null,
    reclaimed bigint not null,
    visited bigint not null,
    dead_keys bigint,
    dead_bytes bigint,
    used_memory_before bigint,
    used_memory_after bigint,
    inflow bigint
);
create index instance_trend_of_instance on instance_trend (instance_id, measured_at);
create index instance_trend_by_age on instance_trend (minutes, measured_at);

-- The course of a sweep, for the charts of its scan: counts so far, the share that it might use, the mean time of the steps
-- since the sample before, and why it was slower than its pace allows.
create table sweep_sample (
    scan_id uuid not null,
    round int not null,
    node_id varchar(300) not null,
    sampled_at timestamp(3) with time zone not null,
    visited bigint not null,
    reclaimed bigint not null,
    share double precision not null,
    step_us bigint,
    slowed_by varchar(300),
    primary key (scan_id, round, node_id, sampled_at),
    foreign key (scan_id, round, node_id) references sweep (scan_id, round, node_id) on delete cascade
);
