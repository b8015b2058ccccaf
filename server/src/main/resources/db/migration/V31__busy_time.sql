-- For how long the steps since the sample before kept the server busy, in microseconds; null in older samples.
alter table sweep_sample add column busy_us bigint;
