-- One value that was sealed with the master key of this database. A process with another key does not start.
create table master_key_check (
    id int primary key,
    sealed varchar(512) not null
);

-- The hashes of bodies had no key, so that passwords in them could be guessed. A create of the last 24 hours that is sent
-- again is therefore refused, and makes nothing twice.
update idempotency_key set request = '';
