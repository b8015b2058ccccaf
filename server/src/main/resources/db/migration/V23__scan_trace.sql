-- Where the scan is in a trace of OpenTelemetry, so that workers in other processes continue it. Null if the trace is not
-- recorded.
alter table scan add column trace varchar(100);
