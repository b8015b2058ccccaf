-- '*' stands for all events, so that a webhook also receives the events that later versions add. Until now, such a webhook had
-- a list of all names, and those from before the event cliff.ahead still have the four former names.
update webhook set events = '*'
where events in (
    'scan.finished scan.failed scan.held threshold.passed',
    'scan.finished scan.failed scan.held threshold.passed cliff.ahead');
