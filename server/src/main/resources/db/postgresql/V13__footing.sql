-- How often the server had swapped databases, and the configuration epoch of a node of a cluster: a checkpoint's positions and slots stand on them.
alter table sweep add column swaps bigint default 0 not null;
alter table sweep add column epoch bigint;
