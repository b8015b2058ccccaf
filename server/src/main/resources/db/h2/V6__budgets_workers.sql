-- One permit a sweep that runs (granted_at is set) or waits for one; execution is its id in scheduled_tasks. recalled: the
-- budget has shrunk, and the sweep is to give it back. age is the scan's: the oldest come first.
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

-- Whoever grants permits, or wakes many executions, holds this one row: so nobody grants what another has just granted.
create table permit_lock (id int primary key);
insert into permit_lock (id) values (1);

-- The service's processes, each by its own word.
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
