-- Whether the service may raise settings of an instance's servers for a while (assist): null follows the ceilings of the
-- project. What a scan does of it: none, before its sweeps, or only.
alter table instance add column assist boolean;
alter table scan add column assist varchar(8) default 'none' not null;

-- Servers whose settings an attempt at a sweep may have raised, with the former values. It is written before the first
-- setting changes, and removed once the former values are back. It outlives the scan: a server can be lost for longer.
-- changes is null while a server is only claimed. in_use is false once the attempt has given the server up.
create table raised_settings (
    address varchar(300) primary key,
    instance_id uuid not null references instance (id) on delete cascade,
    scan_id uuid not null,
    round int not null,
    node_id varchar(300) not null,
    attempt int not null,
    in_use boolean not null,
    deployment varchar(10000),
    run_id varchar(64),
    since timestamp(3) with time zone,
    changes varchar(500)
);
create index raised_settings_of_instance on raised_settings (instance_id);

-- What assist did for a sweep, over all its runs. ending is null while it goes on. reclaimed is the server's own count, of
-- the INFO field named in counter.
create table sweep_assist (
    scan_id uuid not null,
    round int not null,
    node_id varchar(300) not null,
    began_at timestamp(3) with time zone not null,
    ended_at timestamp(3) with time zone,
    ending varchar(24),
    reason varchar(500),
    reclaimed bigint default 0 not null,
    counter varchar(40),
    raised_ms bigint default 0 not null,
    server_ms bigint default 0 not null,
    volatile_before bigint,
    volatile_after bigint,
    estimated_left bigint,
    settings varchar(1000),
    primary key (scan_id, round, node_id),
    foreign key (scan_id, round, node_id) references sweep (scan_id, round, node_id) on delete cascade
);
