package io.keysweep.server.policy;

import java.time.Instant;

/**
 * A policy as it stands in the database.
 *
 * @param document JSON, checked when it was set
 * @param ofInstance whether it is the exception of an instance, and not the default of its project
 * @param setBy access key that has set it
 * @param setAt when
 */
public record Policy(String document, boolean ofInstance, String setBy, Instant setAt) {}
