-- What a later run must know of the steps that may follow a checkpoint: how many keys they can and probably do reclaim, the
-- time by the server's clock (µs since 1970) after which the server refuses them, the server's id of the connection that
-- sends them, and the traces of expiry by others. The defaults are for sweeps that run during the migration: their steps
-- are counted as an estimate.
alter table sweep add column uncounted_at_most bigint default 750000 not null;
alter table sweep add column uncounted_likely bigint default 0 not null;
alter table sweep add column steps_start_before_us bigint default 0 not null;
alter table sweep add column client_id bigint default 0 not null;
alter table sweep add column expiry_traces varchar(200) default '' not null;
