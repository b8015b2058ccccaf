-- For a pass of an instance with a backlog target whose servers it assists: the number of dead keys up to which assist
-- continues although the backlog no longer falls. Null for all other scans.
alter table scan add column backlog_limit bigint;
