package io.keysweep.server.cliff;

import java.time.Instant;
import java.util.UUID;

/**
 * Announces a cliff, so that webhooks are notified.
 *
 * <p>A cliff is a time in which far more keys of an instance die (reach the end of their TTL) than around it. {@link
 * CliffWarnings} publishes the event once for each cliff, in the transaction that stores the cliff.
 *
 * @param instanceId the instance
 * @param at when the forecast was stored, in whole milliseconds
 * @param cliff the cliff, as the first forecast that contains it shows it
 */
public record CliffAhead(UUID instanceId, Instant at, Cliff cliff) {}
