-- The number of SWAPDB calls of the server and, in a cluster, the configuration epoch of the node. The positions and slots of
-- a checkpoint are valid only while both stay the same.
alter table sweep add column swaps bigint default 0 not null;
alter table sweep add column epoch bigint;
