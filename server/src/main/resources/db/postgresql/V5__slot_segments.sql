-- Segments may be 2^slot_run_bits runs of slots; then segment_bits is null. Both are null where a database is one segment
-- of whose cursors nothing is known.
alter table sweep_position alter column segment_bits drop not null;
alter table sweep_position add column slot_run_bits int;
