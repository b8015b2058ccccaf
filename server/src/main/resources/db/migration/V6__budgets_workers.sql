-- One permit per sweep that runs (granted_at is set) or waits for a permit (granted_at is null). execution is the id of the
-- sweep's db-scheduler execution. recalled means that the budget has shrunk and the sweep must return the permit. age is the
-- creation time of the scan: the oldest scan gets a permit first.
create table permit (
    execution varchar(400) primary key,
    scan_id uuid not null references scan (id) on delete cascade,
    project_id varchar(32) not null,
    host varchar(300) not null,
    age timestamp(3) with time zone not null,
    granted_at timestamp(3) with time zone,
    recalled boolean default false not null,
    worker_id varchar(100),
    begun_at timestamp(3) with time zone
);
create index permit_by_age on permit (granted_at, age, execution);
create index permit_of_scan on permit (scan_id);

-- A transaction that grants permits, or wakes many executions, locks this one row, so that two transactions never grant the
-- same permit.
create table permit_lock (id int primary key);
insert into permit_lock (id) values (1);

-- The processes of the service. Each process writes its own row.
create table worker (
    id varchar(100) primary key,
    host varchar(255) not null,
    pid bigint not null,
    roles varchar(100) not null,
    version varchar(64) not null,
    heartbeat_ms bigint not null,
    started_at timestamp(3) with time zone not null,
    heartbeat_at timestamp(3) with time zone not null
);
