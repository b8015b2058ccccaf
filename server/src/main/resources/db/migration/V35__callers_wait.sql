-- For how long callers waited for the server at the time of the sample, in microseconds and without the round trip of the
-- network; null in older samples, and where the sweep did not know it yet.
alter table sweep_sample add column wait_us bigint;
