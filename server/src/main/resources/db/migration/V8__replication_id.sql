-- The master_replid of the server at the checkpoint; null for checkpoints of earlier versions.
alter table sweep add column replication_id varchar(64);
