-- The history of a server's data at the checkpoint; null for checkpoints from before.
alter table sweep add column replication_id varchar(64);
