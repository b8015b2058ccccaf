-- The settings that Sentinel deployments and clusters need so that their primaries can be found.
alter table instance alter column uri set data type varchar(4000);
alter table instance add column sentinel_username varchar(256);
alter table instance add column sentinel_secret varchar(1024);
alter table instance add column node_map varchar(8000);
alter table instance add column shards int;

-- A cluster is swept in rounds: slots that moved during a round are swept in the next one. slots holds the slots that a
-- sweep must cover, held those that its primary has served without a break so far, covered those that were covered when it
-- ended. Outside a cluster each of them holds all slots.
create table sweep_by_round (
    scan_id uuid not null references scan (id) on delete cascade,
    round int not null,
    node_id varchar(300) not null,
    slots varchar(60000) not null,
    held varchar(60000),
    covered varchar(60000),
    orphans bigint not null,
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
    primary key (scan_id, round, node_id)
);
insert into sweep_by_round (scan_id, round, node_id, slots, held, covered, orphans, attempt, finished, failure, run_id,
    visited, reclaimed, expired_keys, exact, alone, steps_may_follow, fraction, longest_stall_us, hold, method,
    used_memory_before, used_memory_after)
select scan_id, 1, node_id, '0-16383', '0-16383', case when finished and failure is null then '0-16383' end, 0, attempt,
    finished, failure, run_id, visited, reclaimed, expired_keys, exact, alone, steps_may_follow, fraction,
    longest_stall_us, hold, method, used_memory_before, used_memory_after
from sweep;

create table sweep_position_by_round (
    scan_id uuid not null,
    round int not null,
    node_id varchar(300) not null,
    db int not null,
    segment_bits int not null,
    seed bigint not null,
    segments_done int not null,
    scan_cursor bigint,
    primary key (scan_id, round, node_id, db),
    foreign key (scan_id, round, node_id) references sweep_by_round (scan_id, round, node_id) on delete cascade
);
insert into sweep_position_by_round (scan_id, round, node_id, db, segment_bits, seed, segments_done, scan_cursor)
select scan_id, 1, node_id, db, segment_bits, seed, segments_done, scan_cursor from sweep_position;

drop table sweep_position;
drop table sweep;
alter table sweep_by_round rename to sweep;
alter table sweep_position_by_round rename to sweep_position;

-- The id of an execution is scan/round/node. The id of a scan has 36 characters.
update scheduled_tasks
set task_instance = substring(task_instance from 1 for 37) || '1/' || substring(task_instance from 38)
where task_name = 'sweep';
