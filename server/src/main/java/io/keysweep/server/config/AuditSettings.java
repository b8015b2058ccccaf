package io.keysweep.server.config;

import java.time.Duration;
import org.jspecify.annotations.Nullable;

/**
 * Says how long the audit log is kept, and where copies of its entries go.
 *
 * @param retention how long entries are kept; default 365 days
 * @param file absolute path of a file to which each process appends the entries that it makes, one JSON object on each
 *     line; null for none (default)
 * @param syslog server that receives these entries by UDP, {@code HOST} or {@code HOST:PORT}; null for none (default)
 */
public record AuditSettings(
        Duration retention, @Nullable String file, @Nullable String syslog) {}
