-- The server processes at which the memory of a sweep was measured before and after. Only one and the same process can be
-- compared with itself.
alter table sweep add column run_before varchar(64);
alter table sweep add column run_after varchar(64);

-- The counts of a sweep by database. keys_after is null until a run has ended.
create table sweep_database (
    scan_id uuid not null,
    round int not null,
    node_id varchar(300) not null,
    db int not null,
    visited bigint not null,
    reclaimed bigint not null,
    keys_before bigint not null,
    keys_after bigint,
    expires_before bigint not null,
    expires_after bigint,
    primary key (scan_id, round, node_id, db),
    foreign key (scan_id, round, node_id) references sweep (scan_id, round, node_id) on delete cascade
);

-- The state of all primaries of a cluster when its scan began (moment is before) and when it ended (after). document is
-- JSON. Sums over sweeps would count keys twice that have moved to another primary in the meantime.
create table scan_reading (
    scan_id uuid not null references scan (id) on delete cascade,
    moment varchar(8) not null,
    document varchar(1000000) not null,
    primary key (scan_id, moment)
);
