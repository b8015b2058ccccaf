-- The number of keys on all primaries of an instance when it was last inspected, and how many of them have a TTL. Expired keys
-- that still hold memory are among them.
alter table instance add column key_count bigint;
alter table instance add column ttl_key_count bigint;
