-- Figures of a sweep over all its runs. run_by is the worker of the present run, and null between two runs: a worker that
-- claims the sweep and finds another one there knows that the other was lost. estimated_runs is the number of runs that
-- reclaimed_bytes covers.
alter table sweep add column remaining_ms bigint;
alter table sweep add column runs int default 0 not null;
alter table sweep add column run_by varchar(100);
alter table sweep add column estimated_runs int default 0 not null;
alter table sweep add column reclaimed_bytes bigint;
alter table sweep add column reclaimed_method varchar(16);
alter table sweep add column reclaimed_explanation varchar(300);
alter table sweep add column rss_before bigint;
alter table sweep add column rss_after bigint;
alter table sweep add column keys_before bigint;
alter table sweep add column keys_after bigint;
alter table sweep add column expires_before bigint;
alter table sweep add column expires_after bigint;
alter table sweep add column inflow bigint;
alter table sweep add column expired_elsewhere bigint;
alter table sweep add column evicted bigint;

-- Runs of a sweep that were interrupted.
create table sweep_interruption (
    scan_id uuid not null,
    round int not null,
    node_id varchar(300) not null,
    run int not null,
    interrupted_at timestamp(3) with time zone not null,
    worker_id varchar(100),
    reason varchar(200) not null,
    primary key (scan_id, round, node_id, run),
    foreign key (scan_id, round, node_id) references sweep (scan_id, round, node_id) on delete cascade
);
