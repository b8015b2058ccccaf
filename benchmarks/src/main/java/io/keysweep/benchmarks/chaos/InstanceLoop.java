package io.keysweep.benchmarks.chaos;

import io.keysweep.benchmarks.service.FailoverClient;
import io.keysweep.benchmarks.service.PlantedInstance;
import io.keysweep.benchmarks.service.ScanWatch;
import io.keysweep.testkit.SignedServiceClient.Answer;
import java.time.Duration;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.locks.LockSupport;
import java.util.function.BooleanSupplier;
import tools.jackson.databind.JsonNode;

/**
 * Plants, scans and counts on one instance, over and over. After each scan the server must hold its living keys and what
 * was planted less what was reported. Used by one thread.
 */
final class InstanceLoop {

    private static final Duration IMPATIENT = Duration.ofSeconds(10);
    private static final Duration UNUSUAL = Duration.ofMinutes(1);
    private static final Duration STUCK = Duration.ofMinutes(4);

    private final PlantedInstance planted;
    private final FailoverClient caller;
    private final ScanWatch watch;
    private final Findings findings;
    private final Random random;
    private final String name;
    private int scans;
    private long plantedInAll;
    private long reclaimedInAll;

    InstanceLoop(
            PlantedInstance planted, int number, long seed, FailoverClient caller, ScanWatch watch, Findings findings) {
        this.planted = planted;
        this.caller = caller;
        this.watch = watch;
        this.findings = findings;
        this.random = new Random(seed * 1_000_003 + number);
        this.name = "chaos-" + seed + "-" + number;
    }

    /** Goes on while there are tickets; the last scan is left alone, so that nothing dead remains. */
    void run(BooleanSupplier tickets) throws InterruptedException {
        while (tickets.getAsBoolean()) {
            scan(random.nextDouble());
        }
        scan(1);
        findings.check(
                planted.size() == planted.living(),
                name + ": " + planted.size() + " keys at the end, must be " + planted.living());
    }

    /** @param trouble what is done to the scan, by how large it is */
    private void scan(double trouble) throws InterruptedException {
        int dead = random.nextInt(ChaosSpec.MOST_DEAD + 1);
        planted.plant(dead);
        plantedInAll += dead;
        // Some take seconds, so that what is done to the service meets a sweep that is under way.
        long keys = planted.living() + planted.dead();
        String pace =
                random.nextDouble() < 0.2 ? ",\"rateCeiling\":" + (long) (keys * (0.7 + 2 * random.nextDouble())) : "";
        Answer created = caller.call(
                "scan: create",
                "POST",
                "/api/v1/scans",
                "{\"instanceId\":\"" + planted.instanceId() + "\"" + pace + "}",
                Map.of("Idempotency-Key", name + "-" + scans++));
        if (created.status() != 201) {
            findings.add(name + ": create " + scans + " was answered " + created.status() + " " + created.body());
            return;
        }
        String id = created.body().get("id").asString();
        boolean paused = interfere(trouble, id);
        check(id, end(id, paused));
    }

    private boolean interfere(double trouble, String id) throws InterruptedException {
        if (trouble < 0.1) {
            pause(900);
            order("pause", id);
            pause(1500);
            order("resume", id);
            return true;
        }
        if (trouble < 0.18) {
            pause(900);
            order("cancel", id);
        } else if (trouble < 0.26) {
            pause(900);
            caller.call("scan: tune", "PATCH", "/api/v1/scans/" + id, "{\"rateCeiling\":5000}", Map.of());
        }
        return false;
    }

    private void order(String verb, String id) throws InterruptedException {
        caller.call("scan: " + verb, "POST", "/api/v1/scans/" + id + "/" + verb, "{\"reason\":\"chaos\"}", Map.of());
    }

    private String end(String id, boolean paused) throws InterruptedException {
        long start = System.nanoTime();
        while (System.nanoTime() - start < STUCK.toNanos()) {
            String state = watch.await(id, IMPATIENT);
            if (state != null) {
                return state;
            }
            if (System.nanoTime() - start > UNUSUAL.toNanos()) {
                System.err.println("chaos: " + name + " waits for "
                        + caller.call("scan: get", "GET", "/api/v1/scans/" + id, "", Map.of())
                                .body());
            }
            if (paused) {
                // A process that was frozen may have heard of the pause only after the resume.
                order("resume", id);
            }
        }
        return "stuck";
    }

    private void check(String id, String state) throws InterruptedException {
        JsonNode scan = caller.call("scan: get", "GET", "/api/v1/scans/" + id, "", Map.of())
                .body();
        String which = name + ", scan " + scans + " " + id;
        if (!scan.path("status").asString("").equals(state)) {
            findings.add(which + " is " + state + ", but " + scan);
        }
        long reclaimed = scan.path("reclaimed").asLong(0);
        reclaimedInAll += reclaimed;
        planted.reported(reclaimed);
        long size = planted.size();
        findings.check(
                size == planted.living() + planted.dead() && planted.dead() >= 0,
                which + ": " + size + " keys, must be " + planted.living() + " and " + planted.dead() + " dead ones; "
                        + scan);
        findings.check(
                !state.equals("success") || planted.dead() == 0,
                which + " is a success and left " + planted.dead() + " dead keys; " + scan);
        // What one scan has miscounted is not to be found again by all that follow.
        planted.reported(planted.dead() - (size - planted.living()));
    }

    private void pause(int mostMillis) {
        LockSupport.parkNanos(Duration.ofMillis(random.nextInt(mostMillis)).toNanos());
    }

    int scans() {
        return scans;
    }

    long planted() {
        return plantedInAll;
    }

    long reclaimed() {
        return reclaimedInAll;
    }
}
