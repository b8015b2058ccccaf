-- One value that was sealed with the master key of this database. A process with another key does not start.
create table master_key_check (
    id int primary key,
    sealed varchar(512) not null
);

-- The hashes of bodies had no key, so that passwords in them could be guessed. They would have been kept for 24 hours.
delete from idempotency_key;
