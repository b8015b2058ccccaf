-- The point of the primary's replication stream (master_replid and master_repl_offset) that follows all deletions of the sweep up to
-- the checkpoint; null if unknown. A failover to a server that has not reached it may bring back keys that were reclaimed.
alter table sweep add column deletion_history varchar(64);
alter table sweep add column deletion_offset bigint;
-- Since when the sweep waits for a server that could not be reached; null if the last run has reached it.
alter table sweep add column server_away_since timestamp(3) with time zone;
