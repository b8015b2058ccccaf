package io.keysweep.cli.quickstart;

import io.keysweep.api.InstanceRegistration;
import io.keysweep.api.InstanceView;
import io.keysweep.api.ScanView;
import io.keysweep.api.text.Amounts;
import io.keysweep.cli.progress.ProgressDisplay;
import io.keysweep.cli.progress.ProgressSnapshot;
import io.keysweep.cli.service.CreatedScan;
import io.keysweep.cli.service.ScanHistory;
import io.keysweep.cli.service.ServiceAccess;
import io.keysweep.cli.service.ServiceClient;
import io.keysweep.cli.shell.CommandContext;
import io.keysweep.cli.shell.CommandFailure;
import io.keysweep.engine.link.NodeConnector;
import io.keysweep.engine.topology.Credentials;
import io.keysweep.engine.topology.NodeRefusedException;
import java.time.Duration;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Runs the quickstart's demonstration: plants keys, creates a scan through the DCS API, and checks on the server which
 * keys the scan has reclaimed. Writes each step to standard error.
 *
 * <p>The DCS API is the API of Huawei Cloud's Distributed Cache Service. The service offers it beside its native API.
 */
final class Quickstart {

    /** Time between two requests for the progress of the scan. */
    private static final long POLL_MILLIS = 100;

    /** Holds the outcome of a demonstration: the result for the user, and the evidence with which it is checked. */
    record QuickstartOutcome(QuickstartResult result, Evidence evidence) {}

    private final CommandContext context;
    private final DemoRedis redis;
    private final DemoKeys keys;
    private final DemoKeySpace keySpace;
    private final BooleanSupplier interrupted;

    /**
     * Creates a demonstration.
     *
     * @param interrupted returns whether a signal has arrived. The interrupt of the thread is not enough, because the
     *     network library clears it during a call to Redis
     */
    Quickstart(
            CommandContext context,
            NodeConnector connector,
            DemoRedis redis,
            DemoKeys keys,
            BooleanSupplier interrupted) {
        this.interrupted = interrupted;
        this.context = context;
        this.redis = redis;
        this.keys = keys;
        this.keySpace = new DemoKeySpace(connector, redis.server(), keys);
    }

    /**
     * Plants the keys, scans, and gathers the evidence. On a server of the user, it then removes the demo keys and
     * switches the server's own expiry on again, also after a failure. It cleans up nothing on a server that the
     * quickstart has started and will stop.
     *
     * @param service the started service, which need not be ready yet
     * @throws CommandFailure if the service or the server fails
     * @throws NodeRefusedException if the server cannot be reached
     */
    QuickstartOutcome run(DemoService service) throws InterruptedException {
        // Whether the server's own expiry is off, so that only the scan reclaims keys.
        boolean expiryOff = false;
        try {
            expiryOff = keySpace.setActiveExpiry(/* enabled= */ false);
            if (expiryOff) {
                // The keys are kept until the scan, so they can be planted while the service starts.
                plant();
            }
            say("Waiting for the service …");
            ServiceAccess access = service.awaitReady();
            if (!expiryOff) {
                // The server's own expiry removes some keys every second, so they are planted as late as possible.
                say("The server refuses DEBUG SET-ACTIVE-EXPIRE: its own expiry may remove some keys before the scan.");
                plant();
            }
            return scanAndCheck(access, service, expiryOff);
        } finally {
            if (!redis.isOwn()) {
                restore(expiryOff);
            }
        }
    }

    private void plant() throws InterruptedException {
        say("Planting " + Amounts.count(keys.persistent()) + " persistent keys and " + Amounts.count(keys.expiring())
                + " that expire at once, named " + keys.prefix() + "…");
        keySpace.plant();
        endIfInterrupted();
    }

    private void endIfInterrupted() throws InterruptedException {
        if (interrupted.getAsBoolean()) {
            throw new InterruptedException();
        }
    }

    /**
     * Registers the server, creates a scan, waits for its end, and compares the report of the service with the server.
     */
    private QuickstartOutcome scanAndCheck(ServiceAccess access, DemoService service, boolean expiryOff)
            throws InterruptedException {
        try (ServiceClient client = new ServiceClient(access, context.clock())) {
            say("The service listens on " + access.endpoint() + ". Scanning through the DCS API …");
            InstanceView instance = client.register(registration());
            CreatedScan createdScan = client.createScan(instance.id());
            ScanView scan = awaitEnd(client, createdScan.id());
            Evidence evidence = evidence(client, instance.id(), scan, expiryOff);
            return new QuickstartOutcome(QuickstartResult.of(keys, scan, access, redis.uri()), evidence);
        } catch (CommandFailure | NodeRefusedException e) {
            // If the service has ended, this throws the exception that explains the failed call.
            service.requireRunning();
            throw e;
        }
    }

    /** Asks both APIs and the server how many keys the scan has reclaimed. */
    private Evidence evidence(ServiceClient client, String instanceId, ScanView scan, boolean expiryOff)
            throws InterruptedException {
        // Both APIs must report the same number.
        long reclaimedByDcs = client.history(instanceId).records().stream()
                .filter(record -> record.id().equals(scan.id()))
                .mapToLong(ScanHistory.ScanRecord::num)
                .sum();
        // The size is read first, because counting dead keys reclaims them.
        long size = keySpace.size();
        return new Evidence(
                redis.isOwn(),
                expiryOff,
                keys,
                scan.status(),
                scan.failure(),
                scan.reclaimed(),
                reclaimedByDcs,
                size,
                keySpace.countPersistentKeys(),
                keySpace.reclaimDeadKeys());
    }

    private InstanceRegistration registration() {
        Credentials credentials = redis.server().access().credentials();
        return InstanceRegistration.of("quickstart", redis.uri(), credentials.username(), credentials.password());
    }

    /** Shows the progress of a scan until the scan has ended, and returns the ended scan. */
    private ScanView awaitEnd(ServiceClient client, String scanId) throws InterruptedException {
        try (ProgressDisplay progress = ProgressDisplay.of(context)) {
            progress.begin(keySpace.size());
            ScanView scan = client.scan(scanId);
            while (scan.status().equals("waiting") || scan.status().equals("running")) {
                endIfInterrupted();
                progress.update(snapshot(scan));
                TimeUnit.MILLISECONDS.sleep(POLL_MILLIS);
                scan = client.scan(scanId);
            }
            progress.update(snapshot(scan));
            return scan;
        }
    }

    private static ProgressSnapshot snapshot(ScanView scan) {
        Duration longestStall = Duration.ofNanos(Math.round(scan.longestStallMs() * 1e6));
        return new ProgressSnapshot(
                scan.fraction(),
                scan.visited(),
                scan.reclaimed(),
                longestStall,
                /* remaining= */ null,
                /* slowed= */ null,
                scan.hold());
    }

    /**
     * Restores the server of the user. If that fails, reports it and throws no exception, because an exception would
     * hide the failure of the demonstration.
     */
    private void restore(boolean expiryOff) {
        say("Removing the demo keys …");
        try {
            if (expiryOff) {
                keySpace.setActiveExpiry(/* enabled= */ true);
            }
            keySpace.remove();
        } catch (CommandFailure | NodeRefusedException e) {
            say("keysweep: some of the demo keys " + keys.prefix() + "* may still exist"
                    + (expiryOff ? ", and the server's own expiry may still be off (DEBUG SET-ACTIVE-EXPIRE 1)" : "")
                    + ": " + e.getMessage());
        }
    }

    private void say(String line) {
        context.err().println(line);
        context.err().flush();
    }
}
