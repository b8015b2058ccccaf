package io.keysweep.engine.sweep;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Describes the progress of a running sweep; {@link SweepEvent.Progressed} contains it, up to ten times per second.
 *
 * @param visited the number of keys visited, over all runs of this sweep; a sweep has several runs if it was
 *     interrupted and resumed
 * @param reclaimed the number of expired keys that were removed, over all runs of this sweep
 * @param fraction how much of the sweep is done, 0 to 1. It never decreases, not even when a later run resumes the
 *     sweep
 * @param count the COUNT of the next step: about how many keys it visits
 * @param longestStall the longest time that a step of this run has kept the server busy so far, see {@link
 *     SweepReport#longestStall()}
 * @param elapsed the time since this run began, holds (times without steps) included
 * @param remaining an estimate of the time until the sweep ends, at the latest speed and without further holds; null
 *     while no estimate is possible
 * @param share the largest part of the server's main-thread time that the sweep may take now, above 0 up to 1; at most
 *     the share ceiling of the pace policy
 * @param slowedBy why {@code share} is less than the policy allows, for the user; null if it is not less
 * @param stepTimes how long the steps of this run have taken so far
 * @param callersWait how long callers wait for the server now, without the round trip of the network; updated about
 *     every 250 ms from the latest probes (DBSIZE calls, which cost the server very little). Null if there were too
 *     few probes since the sweep connected
 */
public record SweepProgress(
        long visited,
        long reclaimed,
        double fraction,
        int count,
        Duration longestStall,
        Duration elapsed,
        @Nullable Duration remaining,
        double share,
        @Nullable String slowedBy,
        StepTimes stepTimes,
        @Nullable Duration callersWait) {}
