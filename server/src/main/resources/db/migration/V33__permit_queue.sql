-- When the sweep last entered the queue for a permit; null if its permit was granted at once. The scan of the sweep can be much
-- older (age): it may have waited for a window before, or was paused.
alter table permit add column queued_at timestamp(3) with time zone;
