package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.service.FailoverClient;
import io.keysweep.benchmarks.service.PlantedInstance;
import io.keysweep.benchmarks.service.ScanEndWatcher;
import io.keysweep.testkit.SignedServiceClient.Answer;
import java.time.Duration;
import java.util.Arrays;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/**
 * Plants expired keys on one instance, scans the instance and checks the count of reclaimed keys, again and again.
 *
 * <p>After each scan the server must hold all live keys, and the planted expired keys that no scan has reported as
 * reclaimed (removed). {@link ChaosRun} has a loop for each instance, on a separate thread. Not safe to share between
 * threads.
 */
final class InstanceLoop {

    /** The time after which the loop checks whether it must print the state or resume the scan again. */
    private static final Duration POLL_TIMEOUT = Duration.ofSeconds(10);

    /** The duration after which the loop prints the state of a scan that has not ended. */
    private static final Duration REPORT_AFTER = Duration.ofMinutes(1);

    /** The time after which a scan is treated as stuck. */
    private static final Duration SCAN_TIMEOUT = Duration.ofMinutes(4);

    /** The longest time that a scan runs before the loop interferes with it. */
    private static final int MAX_RUN_MILLIS = 900;

    private static final int MAX_PAUSE_MILLIS = 1500;

    /** Lists the ways in which the loop interferes with a running scan. */
    private enum Interference {
        /** Pauses the scan and resumes it: 10 % of the scans. */
        PAUSE(0.10),
        /** Cancels the scan: 8 %. */
        CANCEL(0.18),
        /** Changes the pace of the scan: 8 %. */
        TUNE(0.26),
        /** Leaves the scan alone. */
        NONE(1);

        /** The upper end of the random numbers from 0 to 1 that choose this constant. */
        private final double upperEnd;

        Interference(double upperEnd) {
            this.upperEnd = upperEnd;
        }

        /** Returns the interference that a random number from 0 to 1 chooses. */
        static Interference of(double number) {
            return Arrays.stream(values())
                    .filter(interference -> number < interference.upperEnd)
                    .findFirst()
                    .orElse(NONE);
        }
    }

    private final PlantedInstance planted;
    private final FailoverClient caller;
    private final ScanEndWatcher watcher;
    private final Findings findings;
    private final Random random;

    /** The name of the loop in findings, and the first part of its idempotency keys. */
    private final String name;

    /** The number of requests that created a scan or should have done so. */
    private int scans;

    private long totalPlanted;
    private long totalReclaimed;

    /**
     * Creates a loop.
     *
     * @param planted the instance to scan
     * @param number the number of the loop, which is different for each loop of a run
     * @param seed the seed of the run; with the number it determines all random choices of the loop
     * @param caller creates, changes and reads scans
     * @param watcher waits for the end of scans
     * @param findings receives a finding for each failed check
     */
    InstanceLoop(
            PlantedInstance planted,
            int number,
            long seed,
            FailoverClient caller,
            ScanEndWatcher watcher,
            Findings findings) {
        this.planted = planted;
        this.caller = caller;
        this.watcher = watcher;
        this.findings = findings;
        // The factor exceeds every number, so that no two seeds share random choices.
        this.random = new Random(seed * 1_000_003 + number);
        this.name = "chaos-" + seed + "-" + number;
    }

    /**
     * Runs scans while {@code more} returns true. Then it runs a last scan without interference, after which no expired
     * key may remain. Failed checks become findings, not exceptions.
     */
    void run(BooleanSupplier more) throws InterruptedException {
        while (more.getAsBoolean()) {
            scan(Interference.of(random.nextDouble()));
        }
        scan(Interference.NONE);
        findings.check(
                planted.size() == planted.living(),
                name + ": " + planted.size() + " keys at the end, must be " + planted.living());
    }

    /** Plants up to 80 expired keys, runs one scan to its end, and checks the scan. */
    private void scan(Interference interference) throws InterruptedException {
        int dead = random.nextInt(ChaosSpec.MAX_DEAD + 1);
        planted.plant(dead);
        totalPlanted += dead;
        // A fifth of the scans get a rate ceiling with which they take 0.4 to 1.4 s, so that faults hit running sweeps.
        long keys = planted.living() + planted.dead();
        String pace =
                random.nextDouble() < 0.2 ? ",\"rateCeiling\":" + (long) (keys * (0.7 + 2 * random.nextDouble())) : "";
        Answer answer = caller.call(
                "scan: create",
                "POST",
                "/api/v1/scans",
                "{\"instanceId\":\"" + planted.instanceId() + "\"" + pace + "}",
                Map.of("Idempotency-Key", name + "-" + scans++));
        if (answer.status() != 201) {
            findings.add(name + ": create " + scans + " was answered with " + answer.status() + " " + answer.body());
            return;
        }
        String id = answer.body().get("id").asString();
        boolean paused = interfere(interference, id);
        check(id, awaitEnd(id, paused));
    }

    /** Interferes with a running scan. Returns whether the scan was paused. */
    private boolean interfere(Interference interference, String id) throws InterruptedException {
        if (interference == Interference.NONE) {
            return false;
        }
        sleepUpTo(MAX_RUN_MILLIS);
        switch (interference) {
            case PAUSE -> {
                post("pause", id);
                sleepUpTo(MAX_PAUSE_MILLIS);
                post("resume", id);
            }
            case CANCEL -> post("cancel", id);
            case TUNE -> caller.call("scan: tune", "PATCH", "/api/v1/scans/" + id, "{\"rateCeiling\":5000}");
            case NONE -> {}
        }
        return interference == Interference.PAUSE;
    }

    /** Sends a pause, resume or cancel of a scan. Ignores the answer, because the scan may have ended already. */
    private void post(String verb, String id) throws InterruptedException {
        caller.call("scan: " + verb, "POST", "/api/v1/scans/" + id + "/" + verb, "{\"reason\":\"chaos\"}");
    }

    /**
     * Waits for the end of the scan and returns its state ({@code success} or {@code failed}), or {@code stuck} after
     * four minutes.
     */
    private String awaitEnd(String id, boolean paused) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < SCAN_TIMEOUT.toNanos()) {
            String state = watcher.await(id, POLL_TIMEOUT);
            if (state != null) {
                return state;
            }
            if (System.nanoTime() - start > REPORT_AFTER.toNanos()) {
                System.err.println("chaos: " + name + " waits for "
                        + caller.get("scan: get", "/api/v1/scans/" + id).body());
            }
            if (paused) {
                // A process that was frozen may have handled the pause after the resume.
                post("resume", id);
            }
        }
        return "stuck";
    }

    /**
     * Compares a scan with the keys on the server.
     *
     * @param state the state of the scan by the database, or {@code stuck}
     */
    private void check(String id, String state) throws InterruptedException {
        JsonNode scan = caller.get("scan: get", "/api/v1/scans/" + id).body();
        String label = name + ", scan " + scans + " " + id;
        if (!scan.path("status").asString("").equals(state)) {
            findings.add(label + " is " + state + " in the database, but the API returns " + scan);
        }
        long reclaimedKeys = scan.path("reclaimed").asLong(0);
        totalReclaimed += reclaimedKeys;
        planted.subtractReported(reclaimedKeys);
        long size = planted.size();
        findings.check(
                size == planted.living() + planted.dead() && planted.dead() >= 0,
                label + ": " + size + " keys, must be " + planted.living() + " living and " + planted.dead()
                        + " expired ones; " + scan);
        findings.check(
                !state.equals("success") || planted.dead() == 0,
                label + " is a success, but left " + planted.dead() + " expired keys; " + scan);
        // Corrects the expectation, so that one wrong count is not reported again for each later scan.
        planted.subtractReported(planted.dead() - (size - planted.living()));
    }

    private void sleepUpTo(int maxMillis) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(maxMillis)).toNanos());
    }

    /** Returns the number of scans that the loop has requested. */
    int scans() {
        return scans;
    }

    /** Returns the number of expired keys that the loop has planted. */
    long planted() {
        return totalPlanted;
    }

    /** Returns the number of keys that the API has reported as reclaimed, over all scans. */
    long reclaimed() {
        return totalReclaimed;
    }
}
