-- How many sweeps a process runs at once. Permits are divided among projects by the sum over all living processes. A
-- process of an older version, which does not write the column, counts as one that runs no sweeps.
alter table worker add column threads int default 0 not null;
-- Finds the sweeps of a project that wait for a permit, the oldest scan first.
create index permit_of_project on permit (project_id, granted_at, age);
