-- A database may be cut into 2^slot_run_bits runs of slots; then segment_bits is null. Both are null if the form of the
-- cursors is not known, so that the database is one segment.
alter table sweep_position alter column segment_bits drop not null;
alter table sweep_position add column slot_run_bits int;
